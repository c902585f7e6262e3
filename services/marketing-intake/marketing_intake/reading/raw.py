"""What came, before anybody has read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Raw:
    """A request as it came: signatures are verified over these very bytes.

    Header names are lower-case; `url` is the public address as its sender called it, with its
    query string.
    """

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    url: str = ""
