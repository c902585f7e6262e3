"""The SQL that only reads: for pages, the feed, metrics and the books.

The rules of this room: nothing here locks, writes or decides.
"""
