"""How probable a win is, and why: what has been learned from outcomes, as plain numbers.

The rules of this room are those of `domain`: standard library only, pure functions. A model is a
value that `lead_scoring.learning` has made in a process of its own; here it is read, explained and
written, and nothing is learned. Everything adds up in log-odds: ln(p / (1 - p)).
"""
