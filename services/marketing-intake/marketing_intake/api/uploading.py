"""A file on its way in: pieces become chunks of one size, and the first shows the layout."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from baton.errors import Refused
from marketing_intake.domain.imports import CHUNK_BYTES, Layout
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.tabular.detecting import Told, layout_of
from marketing_intake.reading.tabular.encoding import Transcoder

Store = Callable[[int, bytes], Awaitable[None]]
"""Keeps a chunk under its number, from 0 on."""


@dataclass(frozen=True, slots=True)
class FileTold:
    """What whoever sends a file says of it."""

    layout: Told
    encoding: str | None = None

    def fingerprint(self) -> bytes:
        """The same for the same words."""
        told = self.layout
        words = (told.format, told.delimiter, told.has_header, self.encoding)
        return repr((words, sorted(told.mapping.items()))).encode()


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is whole: how it is laid out, how large it is as UTF-8, and its fingerprint."""

    layout: Layout
    encoding: str
    size_bytes: int
    fingerprint: bytes


@dataclass(slots=True)
class _Chunks:
    """Gathers UTF-8 until there is a chunk of it."""

    told: Told
    store: Store
    layout: Layout | None = None
    number: int = 0
    size_bytes: int = 0
    held: bytearray = field(default_factory=bytearray)

    async def add(self, text: bytes, *, is_last: bool) -> None:
        """Store every chunk that is full, and the last one whatever its size."""
        self.held += text
        self.size_bytes += len(text)
        while len(self.held) >= CHUNK_BYTES or (is_last and self.held):
            chunk = bytes(self.held[:CHUNK_BYTES])
            del self.held[:CHUNK_BYTES]
            if self.layout is None:
                is_whole = is_last and not self.held
                self.layout = layout_of(chunk, self.told, is_whole=is_whole)
            await self.store(self.number, chunk)
            self.number += 1


async def receive(pieces: AsyncIterator[bytes], told: FileTold, store: Store) -> Received:
    """Take a file in, holding one chunk of it in memory.

    Raises `Refused` when the file can't be read as it is told, or can't be read at all; what comes
    after that is heard out, since a sender that is still sending does not listen.
    """
    digest = hashlib.sha256(told.fingerprint())
    try:
        transcoder = Transcoder(told.encoding)
        chunks = _Chunks(told.layout, store)
        async for piece in pieces:
            digest.update(piece)
            await chunks.add(transcoder.feed(piece), is_last=False)
        await chunks.add(transcoder.finish(), is_last=True)
    except Unreadable as error:
        await hear_out(pieces)
        raise refusal_of(error) from None
    if chunks.layout is None:
        raise refusal_of(Unreadable("the file must not be empty", "body"))
    encoding = transcoder.encoding
    assert encoding is not None
    return Received(chunks.layout, encoding, chunks.size_bytes, digest.digest())


async def fingerprint_of(pieces: AsyncIterator[bytes], told: FileTold) -> bytes:
    """The fingerprint that `receive` would give this file."""
    digest = hashlib.sha256(told.fingerprint())
    async for piece in pieces:
        digest.update(piece)
    return digest.digest()


async def hear_out(pieces: AsyncIterator[bytes]) -> None:
    """Let the rest come, and let it go."""
    async for _ in pieces:
        pass


def refusal_of(error: Unreadable) -> Refused:
    """The refusal of a whole file."""
    return Refused(error.detail, field=error.field, kind="unreadable")
