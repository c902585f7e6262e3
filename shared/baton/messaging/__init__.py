"""The bus: how what was decided is told surely, and what was told is heard once.

The rules of this room: only `kafka` knows aiokafka; only the consumer moves offsets, and only in
the transaction of the effects; whatever can't be handled is parked, never dropped.
"""
