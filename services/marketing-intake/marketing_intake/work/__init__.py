"""Work that goes on beside the doors: begun by one of them, done in its own time, batch by batch.

Whatever dies in the middle is taken up by somebody else where the last commit has left it.
"""
