"""Texts that can be stored: without NUL and lone surrogates, with a limit."""

from typing import Annotated, Final

from fastapi import Path
from pydantic import AfterValidator, StringConstraints

UUID_PATTERN: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
LINE_CHARACTERS_MAX: Final = 500


def storable(text: str) -> str:
    """The text, when PostgreSQL can hold it. Raises `ValueError` otherwise."""
    if "\0" in text:
        raise ValueError("must not contain NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode, without lone surrogates") from None
    return text


Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LINE_CHARACTERS_MAX, strip_whitespace=True),
    AfterValidator(storable),
]
"""A short text."""

Uuid = Annotated[str, StringConstraints(pattern=UUID_PATTERN, to_lower=True)]
"""A UUID as text, in a body."""

PathUuid = Annotated[str, Path(pattern=UUID_PATTERN), StringConstraints(to_lower=True)]
"""A UUID as text, in a path."""
