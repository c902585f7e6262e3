"""The one shape of a vendor: how its requests are verified, and what they hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from marketing_intake.reading.findings import Finding
from marketing_intake.reading.raw import Raw

Config = Mapping[str, Any]
"""What a source has configured for its vendor beside secrets, such as `allow_v1`."""

NO_CONFIG: Final[Config] = MappingProxyType({})

Secrets = Sequence[str]
"""The active secrets of a source, newest first; two while one is rotated."""


class BadSignature(Exception):
    """The request is not from whom it says, or is too old; the reason is logged, not answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a handshake that is not a delivery: status, content type, headers, body."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str]


Verify = Callable[[Raw, Secrets, Config, datetime], None]
"""Raises `BadSignature`."""
Parse = Callable[[Raw, Config], Sequence[Finding]]
"""The findings in order. Raises `Unreadable`; a bad item among good ones is `Broken`."""
Greet = Callable[[Raw, Secrets, Config], Greeting | None]
"""The answer to a handshake; None when the request is none. Raises `BadSignature`."""
Redact = Callable[[bytes], bytes]
"""The body without the secrets that its vendor puts into it, marked where they stood."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A tool that posts to `/hooks/{source}/{name}`.

    `version` goes up when the same bytes would be read differently. `greet_methods` are the
    methods besides POST by which it shakes hands. `once` gives what a request may be used with only
    once, where a signature covers too little of it (Mailgun's token); `redact` takes out secrets
    that travel in the body before anything is kept. `kept_headers` are those without which a kept
    body can't be read again; one that ends in `-` stands for all that begin so.
    """

    name: str
    title: str
    version: int
    verify: Verify
    parse: Parse
    greet: Greet | None = None
    greet_methods: tuple[str, ...] = ()
    redact: Redact | None = None
    once: Callable[[Raw], str | None] | None = None
    body_bytes_max: int = 4 * 1024 * 1024
    kept_headers: tuple[str, ...] = ()
