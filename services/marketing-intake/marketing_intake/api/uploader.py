"""A request's body becomes an import: stored chunk by chunk, once under each key."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from baton.errors import Refused, Unavailable
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.uploading import FileTold, fingerprint_of, receive
from marketing_intake.domain.source import Source
from marketing_intake.handlers import imports as handlers
from marketing_intake.repository import uploads
from marketing_intake.repository.uploads import UnderKey

TOUCHED_EVERY: Final = timedelta(seconds=15)
"""A sender may be slower than a chunk a minute, as long as something comes."""
BROKE_OFF: Final = "the upload did not come to its end"


class Uploader:
    """Takes files in."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def take_in(
        self,
        pieces: AsyncIterator[bytes],
        told: FileTold,
        source: Source,
        *,
        name: str,
        who: str,
        origin: Origin,
        key_hash: bytes | None,
    ) -> tuple[str, bool]:
        """The import's id, and whether it was there before under the same key.

        Raises `Refused` for a file that can't be read and a key that came with another file,
        `Conflict` for one that is coming under the same key or was cancelled, and `Unavailable`.
        """
        async with self._transactions.begin() as tx:
            opened = await handlers.open_import(
                source.id, tx, name=name, who=who, origin=origin, key_hash=key_hash
            )
        if isinstance(opened, UnderKey):
            if await fingerprint_of(pieces, told) != opened.fingerprint:
                raise Refused(
                    "this Idempotency-Key came before with another file",
                    field="Idempotency-Key",
                    kind="key-reused",
                )
            return opened.id, True
        try:
            await self._fill(opened, pieces, told)
        except Refused:
            async with self._transactions.begin() as tx:
                await uploads.discard(tx, opened)
            raise
        except Exception:
            # Whatever broke it off: the sender is gone, or the file too large. Time tidies up what
            # can't be tidied now.
            with suppress(Unavailable):
                async with self._transactions.begin() as tx:
                    await uploads.give_up(tx, opened, BROKE_OFF)
            raise
        return opened, False

    async def _fill(self, import_id: str, pieces: AsyncIterator[bytes], told: FileTold) -> None:
        async def store(number: int, chunk: bytes) -> None:
            async with self._transactions.begin() as tx:
                if not await uploads.insert_chunk(tx, import_id, number, chunk):
                    raise handlers.cancelled_meanwhile()

        received = await receive(self._alive(import_id, pieces), told, store)
        async with self._transactions.begin() as tx:
            await handlers.close_import(
                import_id,
                received.layout,
                tx,
                encoding=received.encoding,
                size_bytes=received.size_bytes,
                fingerprint=received.fingerprint,
            )

    async def _alive(self, import_id: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        clock = self._transactions.clock
        touched = clock.now()
        async for piece in pieces:
            if clock.now() - touched > TOUCHED_EVERY:
                touched = clock.now()
                async with self._transactions.begin() as tx:
                    await uploads.touch(tx, import_id)
            yield piece
