"""Providers as they are asked: a file that is held in memory, and a service over HTTP."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from baton.errors import Unavailable
from baton.vault import BrokenSeal, Vault
from marketing_intake.domain.enrichment import Provider, Trait, traits_of
from marketing_intake.domain.traits import TraitValue
from marketing_intake.handlers.sealing import open_provider_key
from marketing_intake.reading.company_file import Companies, companies_of
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.vendors.json_parts import parse_object
from marketing_intake.reading.vendors.paths import value_at
from marketing_intake.work.asking import Answered, Asker

FILE_BYTES_MAX: Final = 64 * 1024 * 1024
UNKNOWN: Final = frozenset({204, 404, 410})
"""With these a service says that it knows no such company."""
Version = tuple[int, int, tuple[tuple[Trait, str], ...]]
"""When the file was changed, how large it is, and which columns are read."""


class CompanyFile:
    """The file of an installation, read again when it has changed."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._held: dict[str, tuple[Version, Companies]] = {}
        self._lock = asyncio.Lock()

    async def look_up(self, provider: Provider, domain: str) -> Mapping[str, TraitValue]:
        """What the file says of a company. Raises `Unavailable` when it can't be read."""
        if self._path is None:
            raise Unavailable("no file of companies is set: BATON_ENRICHMENT_FILE")
        async with self._lock:
            try:
                companies = await asyncio.to_thread(self._companies, Path(self._path), provider)
            except (OSError, Unreadable) as error:
                reason = error.detail if isinstance(error, Unreadable) else type(error).__name__
                raise Unavailable(f"the file of companies can't be read: {reason}") from None
        return companies.get(domain, {})

    def _companies(self, path: Path, provider: Provider) -> Companies:
        found = path.stat()
        version = (found.st_mtime_ns, found.st_size, tuple(provider.fields.items()))
        held = self._held.get(provider.name)
        if held is not None and held[0] == version:
            return held[1]
        if found.st_size > FILE_BYTES_MAX:
            raise Unreadable(f"the file may have {FILE_BYTES_MAX} bytes")
        companies = companies_of(path.read_bytes(), provider.fields)
        self._held = {provider.name: (version, companies)}
        return companies


class CompanyService:
    """Asks a provider's service about a domain."""

    def __init__(self, vault: Vault) -> None:
        self._asker = Asker(seconds=10.0)
        self._vault = vault

    async def ask(self, provider: Provider, domain: str) -> Answered:
        """The answer, whatever it says. Raises `Unavailable`."""
        url = provider.url or ""
        is_in_path = "{domain}" in url
        return await self._asker.ask(
            url.replace("{domain}", domain),
            provider.name,
            query={} if is_in_path else {"domain": domain},
            headers=self._headers(provider),
            seconds=provider.seconds,
        )

    def _headers(self, provider: Provider) -> dict[str, str]:
        if provider.sealed is None:
            return {}
        try:
            key = open_provider_key(provider.name, provider.sealed, self._vault)
        except BrokenSeal:
            raise Unavailable(f"the key of {provider.name} can't be opened") from None
        return {"authorization": f"Bearer {key}"}


def traits_in(provider: Provider, answered: Answered) -> dict[str, TraitValue]:
    """What an answer says of a company, nothing when it is unknown there. Raises `Unavailable`."""
    if answered.status in UNKNOWN:
        return {}
    if answered.status != 200:
        raise Unavailable(f"{provider.name} answered {answered.status}")
    try:
        document = parse_object(answered.body)
    except Unreadable as error:
        raise Unavailable(f"{provider.name} answered what can't be read: {error.detail}") from None
    return traits_of({trait: value_at(document, path) for trait, path in provider.fields.items()})
