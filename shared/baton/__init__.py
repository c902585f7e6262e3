"""Baton's own library: the words the services say to each other, and the frame that carries them.

The rules of this room: no business rule, no table of a service, nothing that has only one user.
"""
