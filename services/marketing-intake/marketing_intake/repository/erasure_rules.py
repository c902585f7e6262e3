"""How each table's personal columns are erased when people are forgotten.

A column that is marked as personal has a rule here, or goes by itself and says how in its mark: a
test compares. Whoever adds such a column adds its rule to `RULES`.
"""
# ruff: noqa: S608 the statements are made of constants of ours

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baton.contracts.marketing import ContactCard
from baton.contracts.topics import EVENT_TYPE_OF


class By(StrEnum):
    """What a rule's statement takes as its one argument, an array of UUIDs."""

    PEOPLE = "people"
    PAYLOADS = "payloads"  # of their leads and activities, and those in which they were found


@dataclass(frozen=True, slots=True)
class Rule:
    """How what is personal in some columns of a table is erased."""

    table: str
    columns: tuple[str, ...]
    by: By
    sql: str


CARD: Final = EVENT_TYPE_OF[ContactCard]
SCRUBBED: Final = """'{"field": null, "detail": "its person was forgotten"}'"""
RULES: Final = (
    Rule(
        "identifiers",
        ("value",),
        By.PEOPLE,
        "delete from identifiers where person_id = any ($1::uuid[])",
    ),
    Rule(
        "likenesses",
        ("likeness",),
        By.PEOPLE,
        "delete from likenesses where person_id = any ($1::uuid[])",
    ),
    Rule(
        "shared_addresses",
        ("address",),
        By.PEOPLE,
        "delete from shared_addresses where person_id = any ($1::uuid[])",
    ),
    Rule(
        "candidates",
        (),
        By.PEOPLE,
        "delete from candidates where first_id = any ($1::uuid[]) or second_id = any ($1::uuid[])",
    ),
    # An answer stays: what its sender repeats, or a vendor plays again, must not be taken anew.
    Rule(
        "idempotency",
        ("fingerprint", "body"),
        By.PAYLOADS,
        f"""
        update idempotency i set fingerprint = '', body = case when j ? 'detail'
          then convert_to((j || {SCRUBBED})::text, 'UTF8') else body end
        from (
          select i.source_id, i.key_hash, convert_from(i.body, 'UTF8')::jsonb as j, p.id
          from payloads p join idempotency i
            on i.source_id = p.source_id and i.created_at = p.received_at
          where p.id = any ($1::uuid[])
        ) as n
        where i.source_id = n.source_id and i.key_hash = n.key_hash
          and coalesce(j ->> 'lead_id', j ->> 'activity_id', j ->> 'payload_id') = n.id::text
        """,
    ),
    Rule(
        "payloads",
        ("body", "content_type", "field", "detail", "headers", "imprints"),
        By.PAYLOADS,
        "update payloads set body = null, content_type = '', field = null, detail = null,"
        " headers = null, imprints = null"
        " where id = any ($1::uuid[])",
    ),
    Rule(
        "leads",
        ("details",),
        By.PEOPLE,
        "update leads set state = 'erased', details = null where person_id = any ($1::uuid[])",
    ),
    Rule(
        "activities",
        ("message_id", "details"),
        By.PEOPLE,
        "update activities set message_id = null, details = null"
        " where person_id = any ($1::uuid[])",
    ),
    Rule(
        "retractions",
        ("reason",),
        By.PEOPLE,
        "update retractions set reason = null where person_id = any ($1::uuid[])",
    ),
    Rule(
        "consents",
        ("text_version", "circumstances", "proof"),
        By.PEOPLE,
        "update consents set text_version = null, circumstances = null, proof = null"
        " where person_id = any ($1::uuid[])",
    ),
    Rule(
        "opt_ins",
        ("draft", "address_hash"),
        By.PAYLOADS,
        "update opt_ins set draft = null, address_hash = null where lead_id = any ($1::uuid[])",
    ),
    # Facts stay, they name nobody; a card that is not sent yet never will be.
    Rule(
        "outbox",
        ("payload",),
        By.PEOPLE,
        "delete from outbox where aggregateid = any ($1::uuid[]::text[])"
        f" and type = '{CARD}' and payload is not null",
    ),
    # Work that may hold something personal says of whom it is, or of which payload or lead.
    Rule(
        "work",
        ("payload",),
        By.PEOPLE,
        "delete from work where payload ->> 'person_id' = any ($1::uuid[]::text[])",
    ),
    Rule(
        "work",
        ("payload",),
        By.PAYLOADS,
        "delete from work where payload ->> 'payload_id' = any ($1::uuid[]::text[])"
        " or payload ->> 'lead_id' = any ($1::uuid[]::text[])",
    ),
    Rule(
        "parked",
        ("value", "headers", "message", "traceback"),
        By.PEOPLE,
        "delete from parked where key = any ($1::uuid[]::text[])",
    ),
)
"""In this order, when the rows of `people` are blanked already."""
