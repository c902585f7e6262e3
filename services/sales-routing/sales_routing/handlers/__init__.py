"""Use cases: load, decide, save, publish.

The rules of this room: no clock, no environment, no commit; whatever has to be decided is decided
in `domain`. A `Desk` is what one transaction has in hand; it is opened under people's locks,
changed through `domain`, and saved once.
"""
