"""Reading files of leads: CSV and JSON lines, piece by piece, in memory that does not grow.

A file passes through here once: bytes of some encoding become UTF-8 (`encoding`), a sample shows
how it is laid out (`detecting`), lines become rows (`csv_rows`, `json_rows`) and rows drafts
(`drafts`). What can't be read is a row too, with its fault: the rows behind it go on.
"""
