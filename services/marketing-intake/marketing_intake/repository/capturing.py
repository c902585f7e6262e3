"""Captured leads: who they may be of, and everything of a batch written by one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg

from baton.database import Reader, columns_of, json_text
from baton.transaction import Transaction
from marketing_intake.domain.identity import Identifier
from marketing_intake.repository.capture_statement import WRITE_SQL

FIND_SQL: Final = """
select i.kind, i.value, i.person_id
from unnest($1::text[], $2::text[]) as n (kind, value) join identifiers i using (kind, value)
union all select 'campaign', name, id from campaigns where name = any ($3::text[])
union all select 'suppressed', encode(mac, 'hex'), null from suppressions
  where mac = any ($4::bytea[])
"""
BEHIND_SQL: Final = """
select l.person_id from idempotency i
join leads l on l.id = (convert_from(i.body, 'UTF8')::jsonb ->> 'lead_id')::uuid
where i.source_id = $1 and i.key_hash = any ($2::bytea[]) limit 1
"""
CAMPAIGN: Final = "campaign"
SUPPRESSED: Final = "suppressed"
"""No identifiers are of these kinds; the three look-ups share a round trip."""
# Whoever of those who are merged with them bought, it was they.
CARDS_SQL: Final = """
select id, card, card_version, card_times, consent is not null as has_spoken, (
  select min(l.closed_at) from leads l where l.sales_state = 'won' and l.person_id in (
    select p.id union all
    select k.person_id from kin k where k.kin_id = (
      select kin_id from kin where person_id = p.id))
) as bought_at
from people p where id = any ($1::uuid[]) and erased_at is null
"""
NAMED_SQL: Final = """
select 'call' as kind, id, campaign_id from calls_to_action where id = any ($1::text[])
union all select 'originator', id::text, null from reps where id::text = any ($2::text[])
union all select 'originator', id::text, null from sources
where id::text = any ($2::text[]) and role <> 'campaign'
"""
ANSWERS_SQL: Final = """
select i.source_id, i.key_hash, i.fingerprint, i.status, i.body
from unnest($1::uuid[], $2::bytea[]) as n (source_id, key_hash)
join idempotency i using (source_id, key_hash)
"""

CONFLICTS: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
"""Another process met the same person or key at the same moment; the next try sees it."""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A person's card as it is now, and when they first bought something.

    `has_spoken`: what they allow was said after they came.
    """

    card: Mapping[str, Any]
    version: int
    bought_at: datetime | None = None
    times: Mapping[str, str] = field(default_factory=dict)
    has_spoken: bool = False


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a key was answered."""

    fingerprint: bytes
    status: int
    body: bytes


Row = dict[str, object]


@dataclass(slots=True)
class CapturedRows:
    """Everything that a batch of leads writes, as rows for each table."""

    people: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    identifiers: list[Row] = field(default_factory=list)
    payloads: list[Row] = field(default_factory=list)
    bodies: list[bytes | None] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    answers: list[tuple[object, ...]] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)

    def add_card(
        self, person_id: str, card: Mapping[str, object], version: int, times: Mapping[str, str]
    ) -> None:
        """The card of somebody new (version 1) or a newer one of somebody known."""
        row: Row = {"id": person_id, "card": card}
        if version == 1:
            self.people.append(row)
        else:
            self.cards.append(row | {"version": version, "times": times})

    def add_identifiers(self, learned: Mapping[Identifier, str]) -> None:
        """In one order, so that two batches never wait for each other."""
        self.identifiers += [
            {"kind": identifier.kind, "value": identifier.value, "person_id": person_id}
            for identifier, person_id in sorted(learned.items())
        ]


@dataclass(slots=True)
class Found:
    """The person behind each identifier that is known, and the ids of campaigns by their names.

    `suppressed` are the keyed hashes of those who were forgotten.
    """

    people: dict[Identifier, str] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)
    suppressed: set[bytes] = field(default_factory=set)


async def find(
    reader: Reader,
    identifiers: Collection[Identifier],
    *,
    campaigns: Collection[str],
    macs: Collection[bytes],
) -> Found:
    """What is known of these identifiers, these names, and these keyed hashes."""
    found = Found()
    kinds, values = [i.kind for i in identifiers], [i.value for i in identifiers]
    rows = await reader.fetch(FIND_SQL, kinds, values, list(campaigns), list(macs))
    for kind, value, id_ in rows:
        if kind == CAMPAIGN:
            found.campaigns[value] = id_
        elif kind == SUPPRESSED:
            found.suppressed.add(bytes.fromhex(value))
        else:
            found.people[Identifier(kind, value)] = id_
    return found


async def load_cards(reader: Reader, person_ids: Sequence[str]) -> dict[str, KnownCard]:
    """The cards of these people. Lock them first, or a newer version may come between.

    Who was erased while we waited for the lock has none: a batch that then makes a first card for
    them meets their old row, is done again, and finds that nobody is known any more.
    """
    rows = await reader.fetch(CARDS_SQL, list(person_ids))
    return {
        row["id"]: KnownCard(
            card=row["card"],
            version=row["card_version"],
            bought_at=row["bought_at"],
            times=row["card_times"],
            has_spoken=row["has_spoken"],
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Named:
    """What of the catalogue a batch names: campaigns by their calls, and who brings leads."""

    calls: Mapping[str, str] = field(default_factory=dict)
    originators: frozenset[str] = frozenset()


async def find_named(
    reader: Reader, *, calls: Collection[str], originators: Collection[str]
) -> Named:
    """Which of these are in the catalogue. Reps, and sources that are no campaign, originate."""
    if not calls and not originators:
        return Named()
    rows = await reader.fetch(NAMED_SQL, list(calls), list(originators))
    return Named(
        {row["id"]: row["campaign_id"] for row in rows if row["kind"] == "call"},
        frozenset(row["id"] for row in rows if row["kind"] == "originator"),
    )


async def load_answers(
    reader: Reader, keys: Sequence[tuple[str, bytes]]
) -> dict[tuple[str, bytes], StoredAnswer]:
    """What these keys were answered before, by source and key."""
    if not keys:
        return {}
    rows = await reader.fetch(ANSWERS_SQL, [s for s, _ in keys], [k for _, k in keys])
    return {
        (row["source_id"], row["key_hash"]): StoredAnswer(
            row["fingerprint"], row["status"], row["body"]
        )
        for row in rows
    }


async def person_behind(reader: Reader, source_id: str, key_hashes: Sequence[bytes]) -> str | None:
    """The person of the lead that this source sent under one of these keys."""
    person_id: str | None = await reader.fetchval(BEHIND_SQL, source_id, list(key_hashes))
    return person_id


async def save(tx: Transaction, rows: CapturedRows, now: datetime) -> None:
    """Write the batch, its events and its tallies by one statement.

    Raises asyncpg's `UniqueViolationError` when another process has met one of these identifiers
    or keys at the same moment: do the batch again.
    """
    await tx.execute_and_say(
        WRITE_SQL,
        now,
        json_text(rows.people),
        json_text(rows.cards),
        json_text(rows.identifiers),
        json_text(rows.payloads),
        rows.bodies,
        json_text(rows.leads),
        json_text(rows.activities),
        *columns_of(rows.answers, 6),
        json_text(rows.consents),
    )
