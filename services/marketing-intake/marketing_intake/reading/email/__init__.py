"""E-mail: a message, however broken, becomes one finding, and never an exception.

Whatever way it comes (raw MIME, or in the fields of a vendor), it first becomes one `Mail`; what
is said about senders, quoted tails, machines and loops is said once, about that value.
"""
