"""The SQL that writes, and the loads that decisions need; translated to and from `domain`.

The rules of this room: no decision; set-based statements only, one per table and call; the callers
hold the locks. Order of locks: people, rulebook, pools, reps, each in the order of ids.
"""
