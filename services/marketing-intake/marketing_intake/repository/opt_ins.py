"""Confirmations as they are kept: what a lead will say once its person has confirmed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from pydantic import TypeAdapter

from baton.database import Reader
from baton.transaction import Transaction
from marketing_intake.domain.draft import LeadDraft
from marketing_intake.domain.identity_rules import DEFAULT_RULES
from marketing_intake.domain.opt_in import MessageState
from marketing_intake.tables import OptInRow

DRAFT: Final = TypeAdapter(LeadDraft)
FOUND_AGAIN: Final[dict[str, object]] = {"identifiers": (), "rules": DEFAULT_RULES}
"""Who it is is matched by the rules of the day on which it is confirmed."""
COLUMNS: Final = ("lead_id", "person_id", "source_id", "created_at", "draft", "message")
TOLD: Final = ("campaign_id", "call_to_action", "originator_id", "is_returning")
"""What the catalogue and the past said of the lead on the day it came."""
LOAD_SQL: Final = """
select o.lead_id, o.person_id, o.source_id, o.draft, o.message, o.address_hash, o.sent_at,
  o.confirmed_at,
  l.correlation_id, l.received_at, l.contract_version, l.campaign_id, l.call_to_action,
  l.originator_id, l.is_returning
from opt_ins o join leads l on l.id = o.lead_id where o.lead_id = $1
"""
SENT_LATELY_SQL: Final = "select count(*) from opt_ins where address_hash = $1 and sent_at > $2"
SENT_SQL: Final = """
update opt_ins set message = 'sent', token_hash = $2, address_hash = $3, sent_at = $4
where lead_id = $1
"""
UNSENT_SQL: Final = "update opt_ins set message = $2 where lead_id = $1"
CONFIRMED_SQL: Final = (
    "update opt_ins set draft = null, address_hash = null, confirmed_at = $2, token_hash = $3,"
    " how = $4, person_id = $5 where lead_id = $1",
    "update leads set own_state = 'captured', state = 'captured', person_id = $2"
    " where id = $1 and own_state = 'awaiting_opt_in'",
)
DUE_SQL: Final = """
select lead_id, person_id from opt_ins
where draft is not null and coalesce(sent_at, created_at) < $1 and created_at < $1
order by created_at limit $2
"""
LATE_SQL: Final = """
update opt_ins set draft = null, address_hash = null
where lead_id = any ($1::uuid[]) and draft is not null returning lead_id
"""
BLANK_SQL: Final = (
    "update payloads set body = null where id = any ($1::uuid[])",
    "update leads set state = 'erased', details = null where id = any ($1::uuid[])",
)
STRANGERS_SQL: Final = """
update people p set erased_at = $2 where p.id = any ($1::uuid[]) and p.erased_at is null
  and p.card = '{}'
  and not exists (select from leads l where l.person_id = p.id and l.state <> 'erased')
  and not exists (select from activities a where a.person_id = p.id)
returning p.id
"""
UNKNOWN_SQL: Final = "delete from identifiers where person_id = any ($1::uuid[])"


@dataclass(frozen=True, slots=True)
class OptIn:
    """A confirmation that is asked for; without a draft it is confirmed, late or forgotten."""

    lead_id: str
    person_id: str
    source_id: str
    draft: LeadDraft | None
    message: MessageState
    address_hash: bytes | None
    sent_at: datetime | None
    confirmed_at: datetime | None
    correlation_id: str
    received_at: datetime
    contract_version: int
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A lead that has just come and waits for its person's word."""

    lead_id: str
    person_id: str
    source_id: str
    draft: LeadDraft


async def insert(tx: Transaction, asked: list[Asked]) -> None:
    """Keep what these leads will say."""
    rows = [
        (
            one.lead_id,
            one.person_id,
            one.source_id,
            tx.now,
            DRAFT.dump_python(one.draft, mode="json", exclude=set(FOUND_AGAIN)),
            MessageState.WAITING,
        )
        for one in asked
    ]
    await tx.insert(OptInRow, COLUMNS, rows)


async def load(reader: Reader, lead_id: str) -> OptIn | None:
    """The confirmation that this lead waits for, or has had."""
    row = await reader.fetchrow(LOAD_SQL, lead_id)
    return None if row is None else _opt_in(row)


async def sent_since(reader: Reader, address_hash: bytes, since: datetime) -> int:
    """How many messages an address has been sent since then."""
    count: int = await reader.fetchval(SENT_LATELY_SQL, address_hash, since)
    return count


async def note_sent(
    tx: Transaction, lead_id: str, *, token_hash: bytes, address_hash: bytes
) -> None:
    """Note that the message is on its way."""
    await tx.execute(SENT_SQL, lead_id, token_hash, address_hash, tx.now)


async def note_unsent(tx: Transaction, lead_id: str, message: MessageState) -> None:
    """Note that there will be no message."""
    await tx.execute(UNSENT_SQL, lead_id, message)


async def confirmed(
    tx: Transaction, lead_id: str, person_id: str, *, token_hash: bytes, how: str
) -> None:
    """Keep the proof, and let the lead be captured."""
    first, second = CONFIRMED_SQL
    await tx.execute(first, lead_id, tx.now, token_hash, how, person_id)
    await tx.execute(second, lead_id, person_id)


async def due(tx: Transaction, before: datetime, limit: int) -> list[tuple[str, str]]:
    """Leads that nobody has confirmed for so long, each with its person."""
    rows = await tx.fetch(DUE_SQL, before, limit)
    return [(row["lead_id"], row["person_id"]) for row in rows]


async def forget(tx: Transaction, lead_ids: list[str], person_ids: list[str]) -> int:
    """Blank what these leads said, and whoever is known by nothing else; returns how many leads.

    Lock the people first: somebody may be confirming at this very moment.
    """
    late = [row["lead_id"] for row in await tx.fetch(LATE_SQL, lead_ids)]
    for sql in BLANK_SQL:
        await tx.execute(sql, late)
    strangers = [row["id"] for row in await tx.fetch(STRANGERS_SQL, person_ids, tx.now)]
    await tx.execute(UNKNOWN_SQL, strangers)
    return len(late)


def _opt_in(row: asyncpg.Record) -> OptIn:
    draft = row["draft"]
    return OptIn(
        lead_id=row["lead_id"],
        person_id=row["person_id"],
        source_id=row["source_id"],
        draft=None if draft is None else DRAFT.validate_python(FOUND_AGAIN | draft),
        message=MessageState(row["message"]),
        address_hash=row["address_hash"],
        sent_at=row["sent_at"],
        confirmed_at=row["confirmed_at"],
        correlation_id=row["correlation_id"],
        received_at=row["received_at"],
        contract_version=row["contract_version"],
        told={name: row[name] for name in TOLD},
    )
