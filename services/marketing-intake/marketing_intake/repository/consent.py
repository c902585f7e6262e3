"""Consent as it is kept: evidence that is only added to, and what holds of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from baton.contracts.vocabulary import ConsentPurpose
from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.consent import How, Speaker, Word
from marketing_intake.tables import ConsentRow

COLUMNS: Final = (
    "id", "person_id", "happened_at", "recorded_at", "granted", "withdrawn", "how", "speaker",
    "who", "source_id", "component", "contract_version", "text_sha256", "text_version",
    "circumstances", "proof",
)  # fmt: skip
WORDS_MAX: Final = 1000
"""So many of somebody's words are looked at, the newest: more only a machine has said."""
SHOWN_MAX: Final = 1000
HELD_SQL: Final = """
select id, consent from people where id = any ($1::uuid[]) and erased_at is null
"""
SET_SQL: Final = """
update people p set consent = $2, consent_version = p.consent_version + 1
from (select id, consent from people where id = $1) as old
where p.id = old.id and p.erased_at is null
returning p.consent_version, old.consent
"""
WORDS_SQL: Final = """
select w.* from unnest($1::uuid[]) as n (person_id) cross join lateral (
  select c.person_id, c.granted, c.withdrawn, c.speaker, c.happened_at from consents c
  where c.person_id = n.person_id order by c.happened_at desc limit $2) as w
"""
SHOWN_SQL: Final = f"""
select {", ".join(COLUMNS)} from consents where person_id = any ($1::uuid[])
order by happened_at, recorded_at, id limit $2
"""  # noqa: S608 our own columns


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was said about consent, and how that can be shown."""

    id: str
    person_id: str
    happened_at: datetime
    granted: tuple[ConsentPurpose, ...]
    withdrawn: tuple[ConsentPurpose, ...]
    how: How
    speaker: Speaker
    who: str
    source_id: str | None = None
    component: str | None = None
    contract_version: int | None = None
    text_sha256: bytes | None = None
    text_version: str | None = None
    circumstances: Mapping[str, str] | None = None
    proof: Mapping[str, object] | None = None


async def insert(tx: Transaction, words: Sequence[Evidence]) -> None:
    """Add to the evidence."""
    rows = [
        [tx.now if name == "recorded_at" else getattr(word, name) for name in COLUMNS]
        for word in words
    ]
    await tx.insert(ConsentRow, COLUMNS, rows)


async def load_held(reader: Reader, person_ids: Sequence[str]) -> dict[str, list[str] | None]:
    """What holds of these people, None where nothing was settled yet; the forgotten are missing."""
    return {row["id"]: row["consent"] for row in await reader.fetch(HELD_SQL, list(person_ids))}


async def load_words(reader: Reader, person_ids: Sequence[str]) -> dict[str, list[Word]]:
    """What each of these people has said."""
    words: dict[str, list[Word]] = {}
    for row in await reader.fetch(WORDS_SQL, list(person_ids), WORDS_MAX):
        words.setdefault(row["person_id"], []).append(
            Word(
                granted=frozenset(ConsentPurpose(one) for one in row["granted"]),
                withdrawn=frozenset(ConsentPurpose(one) for one in row["withdrawn"]),
                speaker=Speaker(row["speaker"]),
                happened_at=row["happened_at"],
            )
        )
    return words


async def set_held(
    tx: Transaction, person_id: str, granted: Sequence[str]
) -> tuple[int, list[str] | None] | None:
    """Keep what holds now; returns the version and what held before."""
    row = await tx.fetchrow(SET_SQL, person_id, list(granted))
    return None if row is None else (row["consent_version"], row["consent"])


async def shown(reader: Reader, person_ids: Sequence[str]) -> list[dict[str, Any]]:
    """All that these people have said about consent, oldest first."""
    return [dict(row) for row in await reader.fetch(SHOWN_SQL, list(person_ids), SHOWN_MAX)]
