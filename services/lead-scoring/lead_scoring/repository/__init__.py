"""The SQL that deciding needs: loads of what a decision looks at, and set-based saves.

The rules of this room: rows become domain values here and nowhere else; a load or a save is one
statement for a whole batch.
"""
