"""The kinds of failure that are expected, the last two only at a door.

Everything else is a bug and rises to the frame.

Exception
├── Refused        the sender's fault: 422, or parked
│   ├── NotFound   404
│   └── Conflict   409
├── NotYet         out of order: the key is held and tried again
├── TooMany        more than was agreed: 429
└── Unavailable    try later: 503, or the partition pauses
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Refused(Exception):
    """The sender's fault. The message says what was expected and never repeats a value."""

    def __init__(self, message: str, *, field: str | None = None, kind: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.kind = kind


class NotFound(Refused):
    """There is nothing under that id."""

    def __init__(self, message: str, *, field: str | None = None, kind: str = "not_found") -> None:
        super().__init__(message, field=field, kind=kind)


class Conflict(Refused):
    """It was true once, but something else holds now."""

    def __init__(self, message: str, *, field: str | None = None, kind: str = "conflict") -> None:
        super().__init__(message, field=field, kind=kind)


class NotYet(Exception):
    """Something that has to come first is not there yet."""


class Unavailable(Exception):
    """What is needed is away for now; nothing is wrong with the request."""

    def __init__(self, message: str, *, retry_after_seconds: int = 5) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class TooMany(Exception):
    """More came than was agreed; `policy` names the limit, `headers` say it as RateLimit fields."""

    def __init__(
        self,
        message: str,
        *,
        policy: str,
        retry_after_seconds: int,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.policy = policy
        self.retry_after_seconds = retry_after_seconds
        self.headers = headers


class Unauthorized(Exception):
    """Nobody we know: no key, a wrong one, or one that is over."""

    def __init__(self, message: str = "a valid API key is needed") -> None:
        super().__init__(message)
        self.message = message


class Forbidden(Exception):
    """Somebody we know, who may not do this."""

    def __init__(self, message: str, scope: str) -> None:
        super().__init__(message)
        self.message = message
        self.scope = scope
