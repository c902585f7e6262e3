"""What the line is and who is beyond it, as values.

The rules of this room: standard library and `baton.contracts.vocabulary` only; no clock, no
randomness, no input or output. A decision is a function of recorded facts and a policy: the order
in which the facts came, and how often, changes nothing.
"""
