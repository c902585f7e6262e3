"""What a person is told when something can't be started."""


class CannotStart(Exception):
    """One sentence that says what is in the way and what to do about it."""
