"""What sales decides, as values: who gets a prospect, what an answer changes, how a pursuit ends.

The rules of this room: standard library and `baton.contracts.vocabulary` only; no clock, no
randomness, no input or output. What can't be done raises `Impossible`.
"""
