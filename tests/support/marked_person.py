"""Somebody whose name, address and words stand wherever intake may keep them."""

from typing import Any

import orjson

from baton.contracts.vocabulary import ActivityKind
from baton.ids import new_id
from marketing_intake.domain.draft import IgnoredDraft, ReferenceDraft
from support.capturing import an_activity, captured
from support.facts import NOON
from support.intake_door import IntakeDoor, MadeSource

MARKED: dict[str, Any] = {
    "email": "Xq7Mail+Tag@Xq7Host.org",
    "phone": "(202) 555-0173",
    "given_name": "Xq7Given",
    "company": "Xq7Company",
    "message": "Xq7Message",
    "page_url": "https://xq7.example.org/",
    "consent": ["contact"],
    "consent_text": "Xq7Text",
    "consent_text_version": "Xq7Version",
    "external_id": "Xq7External",
}
MARKS = ("xq7", "5550173", "555-0173")


async def holding(intake: IntakeDoor) -> list[str]:
    """The tables that hold a mark, the outbox with them."""
    tables = await intake.opened.fetch(
        "select tablename from pg_tables where schemaname = 'public'"
    )
    found = []
    for table in sorted(row["tablename"] for row in tables):
        rows = await intake.opened.fetch(f"select * from {table}")
        text = " ".join(str(value) for row in rows for value in row.values()).lower()
        if any(mark in text for mark in MARKS):
            found.append(table)
    return found


async def refused(intake: IntakeDoor, shop: MadeSource, body: object, key: str = "key") -> str:
    """Send what is refused; returns the id of its payload."""
    answer = await intake.send(shop, body, **{"idempotency-key": key})
    assert answer.status_code in (400, 422), answer.text
    payload_id: str = answer.json()["instance"].rsplit("/", 1)[1]
    return payload_id


async def fill_every_corner(intake: IntakeDoor, shop: MadeSource) -> str:
    """A lead, and its person's marks wherever intake may keep them; returns the person's id."""
    lead = (await intake.send(shop, MARKED, **{"idempotency-key": "Xq7Key"})).json()
    person_id: str = lead["person_id"]
    await refused(intake, shop, MARKED | {"country": "Xq7"})
    await refused(intake, shop, MARKED | {"traits": {"Xq7Name": ["Xq7"]}}, key="other")
    await captured(
        intake,
        shop,
        an_activity(
            "xq7mail+tag@xq7host.org",
            ActivityKind.EMAIL_CLICKED,
            details={"url": "https://xq7.example.org"},
            message_id="xq7message",
            grants=("marketing",),
        ),
        IgnoredDraft("auto_reply"),
        ReferenceDraft("meta", {"leadgen_id": "1"}),
        body=b"From: xq7mail+tag@xq7host.org",
        circumstances={"ip": "xq7.example.org"},
    )
    async with intake.opened.service.transactions.begin() as tx:
        tx.schedule_work("send-message", {"person_id": person_id, "to": "xq7mail@xq7host.org"})
        tx.schedule_work("enrich", {"lead_id": lead["lead_id"], "name": "Xq7"})
    await intake.opened.execute(STRAY_SQL, new_id(), NOON, b"email=xq7mail%2Btag%40xq7host.org")
    await intake.opened.execute(PARKED_SQL, person_id, orjson.dumps(MARKED), NOON)
    return person_id


STRAY_SQL = """
insert into strays (id, component, reason, received_at, body_bytes, sample)
values ($1, 'typeform', 'signature', $2, 10, $3)
"""
PARKED_SQL = """
insert into parked (consumer_group, topic, partition, position, key, value, headers, status, reason,
  message, attempts, first_failed_at, next_attempt_at)
values ('marketing-intake', 'scoring.prospects.v1', 0, 0, $1, $2, '{}', 'parked', 'unreadable', '',
  1, $3, $3)
"""
