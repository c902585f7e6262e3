"""Captured leads: who they may be of, and everything of a batch written by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from baton.database import Reader, columns_of, json_text
from baton.transaction import Transaction
from marketing_intake.domain.identity import Identifier

FIND_SQL: Final = """
select i.kind, i.value, i.person_id
from unnest($1::text[], $2::text[]) as n (kind, value) join identifiers i using (kind, value)
"""
CARDS_SQL: Final = "select id, card, card_version from people where id = any ($1::uuid[])"
ANSWERS_SQL: Final = """
select i.source_id, i.key_hash, i.fingerprint, i.status, i.body
from unnest($1::uuid[], $2::bytea[]) as n (source_id, key_hash)
join idempotency i using (source_id, key_hash)
"""
CAMPAIGNS_SQL: Final = "select id, name from campaigns where name = any ($1::text[])"

WRITE_SQL: Final = """
with new_people as (
  insert into people (id, created_at, card, card_version)
  select id, $1, card::jsonb, 1 from unnest($2::uuid[], $3::text[]) as n (id, card)
), new_cards as (
  update people p set card = n.card::jsonb, card_version = n.version
  from unnest($4::uuid[], $5::text[], $6::integer[]) as n (id, card, version) where p.id = n.id
), new_identifiers as (
  insert into identifiers (kind, value, person_id)
  select * from unnest($7::text[], $8::text[], $9::uuid[])
), new_payloads as (
  insert into payloads (id, source_id, received_at, content_type, body, status, kind, field, detail)
  select id, source_id, $1, content_type, body, status, kind, field, detail
  from unnest($10::uuid[], $11::uuid[], $12::text[], $13::bytea[], $14::text[], $15::text[],
    $16::text[], $17::text[])
    as n (id, source_id, content_type, body, status, kind, field, detail)
), new_leads as (
  insert into leads (id, person_id, source_id, campaign_id, channel, received_at, happened_at,
    correlation_id, own_state, state, details)
  select id, person_id, source_id, campaign_id, channel, $1, happened_at, correlation_id, state,
    state, details::jsonb
  from unnest($18::uuid[], $19::uuid[], $20::uuid[], $21::uuid[], $22::text[], $23::timestamptz[],
    $24::uuid[], $25::text[], $26::text[])
    as n (id, person_id, source_id, campaign_id, channel, happened_at, correlation_id, state,
      details)
), new_answers as (
  insert into idempotency (source_id, key_hash, fingerprint, status, body, created_at)
  select source_id, key_hash, fingerprint, status, body, $1
  from unnest($27::uuid[], $28::bytea[], $29::bytea[], $30::smallint[], $31::bytea[])
    as n (source_id, key_hash, fingerprint, status, body)
)
"""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A person's card as it is now."""

    card: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a key was answered."""

    fingerprint: bytes
    status: int
    body: bytes


@dataclass(slots=True)
class CapturedRows:
    """Everything that a batch of leads writes, as rows for each table."""

    people: list[tuple[str, str]] = field(default_factory=list)
    cards: list[tuple[str, str, int]] = field(default_factory=list)
    identifiers: list[tuple[str, str, str]] = field(default_factory=list)
    payloads: list[tuple[object, ...]] = field(default_factory=list)
    leads: list[tuple[object, ...]] = field(default_factory=list)
    answers: list[tuple[object, ...]] = field(default_factory=list)

    def add_card(self, person_id: str, card: Mapping[str, object], version: int) -> None:
        """The card of somebody new (version 1) or a newer one of somebody known."""
        if version == 1:
            self.people.append((person_id, json_text(card)))
        else:
            self.cards.append((person_id, json_text(card), version))


async def find_people(reader: Reader, identifiers: Iterable[Identifier]) -> dict[Identifier, str]:
    """The person behind each identifier that is known."""
    wanted = list(set(identifiers))
    if not wanted:
        return {}
    rows = await reader.fetch(FIND_SQL, [i.kind for i in wanted], [i.value for i in wanted])
    return {Identifier(row["kind"], row["value"]): row["person_id"] for row in rows}


async def load_cards(reader: Reader, person_ids: Sequence[str]) -> dict[str, KnownCard]:
    """The cards of these people. Lock them first, or a newer version may come between."""
    rows = await reader.fetch(CARDS_SQL, list(person_ids))
    return {row["id"]: KnownCard(row["card"], row["card_version"]) for row in rows}


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


async def find_campaigns(reader: Reader, names: Sequence[str]) -> dict[str, str]:
    """The ids of the campaigns that the catalogue has under these names."""
    if not names:
        return {}
    return {row["name"]: row["id"] for row in await reader.fetch(CAMPAIGNS_SQL, list(names))}


async def save(tx: Transaction, rows: CapturedRows, now: datetime) -> None:
    """Write the batch, its events and its tallies by one statement.

    Raises asyncpg's `UniqueViolationError` when another process has met one of these identifiers
    or keys at the same moment: do the batch again. Identifiers are written in one order, so that
    two batches never wait for each other.
    """
    await tx.execute_and_say(
        WRITE_SQL,
        now,
        *columns_of(rows.people, 2),
        *columns_of(rows.cards, 3),
        *columns_of(sorted(rows.identifiers), 3),
        *columns_of(rows.payloads, 8),
        *columns_of(rows.leads, 9),
        *columns_of(rows.answers, 5),
    )
