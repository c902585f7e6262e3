"""How a probability is learned from outcomes: offline, in a process of its own.

The rules of this room: only it imports numpy and scikit-learn, and nothing that serves imports it
(import-linter keeps both). It reads no clock, no environment, no database: cases come in, a
document and the evidence for it go out. Time is never shuffled: what is fitted at a moment is
fitted from what had been observed by then, and what is random has a fixed seed.
"""
