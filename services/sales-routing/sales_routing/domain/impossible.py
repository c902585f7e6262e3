"""What is raised when something can't be done, because something else holds."""


class Impossible(Exception):
    """It can't be done. The message says what holds instead; `kind` is for programs."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind


class ForbiddenMove(Impossible):
    """The table of moves does not know this one."""

    def __init__(self, prospect_id: str, before: str, after: str) -> None:
        super().__init__(
            f"prospect {prospect_id} is {before} and can't become {after}", kind="forbidden_move"
        )
