"""What the API's rooms can do and pages offer too, for whoever is signed in instead of a key."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from baton.errors import NotFound, Refused
from baton.transaction import Origin
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.import_views import ImportOptions
from marketing_intake.api.imports import refused_pages
from marketing_intake.api.previews import preview_of
from marketing_intake.api.replaying import Mended, replay
from marketing_intake.api.uploader import Uploader
from marketing_intake.domain.source import Source
from marketing_intake.handlers.mending import StillRefused
from marketing_intake.handlers.submission import Outcome
from marketing_intake.repository.imports import layout_of


class PageWorks:
    """Files taken in and tried, and payloads replayed, over the same door as the API's."""

    def __init__(self, door: LeadDoor) -> None:
        self._door = door
        self._uploader = Uploader(door.transactions)

    async def take_file(
        self, pieces: AsyncIterator[bytes], source_id: str, *, name: str, who: str, origin: Origin
    ) -> str:
        """Take a file in, to be imported; returns the import's id. Raises `Refused`."""
        source = await self._open_source(source_id)
        import_id, _ = await self._uploader.take_in(
            pieces,
            ImportOptions().told(source),
            source,
            name=name,
            who=who,
            origin=origin,
            key_hash=None,
        )
        return import_id

    async def try_file(self, pieces: AsyncIterator[bytes], source_id: str) -> dict[str, Any]:
        """How a file would be read, without keeping any of it. Raises `Refused`."""
        source, now = await self._open_source(source_id), self._door.transactions.clock.now()
        told = ImportOptions().told(source)
        preview = await preview_of(pieces, told, source, region=self._door.region, now=now)
        return preview.model_dump()

    async def replay(
        self, payload_id: str, mended: Mended | None, *, who: str, origin: Origin
    ) -> list[Outcome] | StillRefused:
        """Read a refused payload again. Raises `NotFound`, `Conflict` and `Unavailable`."""
        return await replay(self._door, payload_id, mended, who=who, origin=origin)

    def refused_rows(self, row: Mapping[str, Any]) -> AsyncIterator[str]:
        """The refused rows of an import as CSV, piece by piece."""
        return refused_pages(self._door.transactions, row["import_id"], layout_of(row["layout"]))

    async def _open_source(self, source_id: str) -> Source:
        source = await self._door.sources.by_id(source_id)
        if source is None:
            raise NotFound("there is no such source", field="source_id")
        if not source.is_active:
            raise Refused("the source is closed: open it first", field="source_id")
        return source
