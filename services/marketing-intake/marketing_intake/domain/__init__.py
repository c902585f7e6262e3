"""What intake decides: who a lead is of, what it is, and which state it is in.

The rules of this room: plain values in, plain values out; no clock, no framework, no database.
"""
