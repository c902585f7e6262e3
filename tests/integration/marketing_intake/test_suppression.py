"""Who was forgotten is not brought back by a list, and comes back when they come."""

import asyncio
from typing import Any

import orjson
import pytest

from baton.contracts.vocabulary import ActivityKind
from baton.transaction import Origin
from marketing_intake.handlers.erasure import erase
from support.capturing import an_activity, captured
from support.eventually import eventually
from support.intake_door import ADA, IntakeDoor, MadeSource, open_intake


async def forgotten(intake: IntakeDoor, shop: MadeSource, **lead: object) -> str:
    """Somebody who came, and was forgotten."""
    taken = await intake.taken(shop, **lead)
    await intake.client.delete(f"/v1/people/{taken['person_id']}", headers=intake.admin)
    return taken["person_id"]


async def brought(intake: IntakeDoor, source: MadeSource, *leads: dict[str, Any]) -> list[Any]:
    """Send a list; the answers to its items."""
    headers = source.headers | {"content-type": "application/json"}
    answer = await intake.client.post(
        "/v1/leads/batch", content=orjson.dumps(leads), headers=headers
    )
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def states(intake: IntakeDoor) -> list[str]:
    """What became of each lead, in order."""
    return [
        row["state"] for row in await intake.opened.fetch("select state from leads order by id")
    ]


@pytest.fixture
def lists() -> dict[str, Any]:
    """A source whose leads are on somebody's list."""
    return {"name": "a list", "kind": "import"}


async def test_a_list_brings_nobody_back_and_nothing_of_them_is_kept(
    intake: IntakeDoor, shop: MadeSource, lists: dict[str, Any]
) -> None:
    await forgotten(intake, shop)
    bought = await intake.source(**lists)
    stranger = ADA | {"email": "stranger@example.org"}

    items = await brought(intake, bought, ADA | {"email": "ADA@example.org"}, stranger)

    assert [(one["status"], one["detail"]) for one in items] == [(202, "ignored"), (202, None)]
    assert await states(intake) == ["erased", "captured"]
    kept = await intake.opened.fetch(
        "select status, kind, body, imprints from payloads where kind = 'suppressed'"
    )
    assert kept == [{"status": "ignored", "kind": "suppressed", "body": b"", "imprints": None}]
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize("changes", [{"email": None}, {"email": "new@example.org"}])
async def test_a_phone_is_recognised_too(
    intake: IntakeDoor, shop: MadeSource, lists: dict[str, Any], changes: dict[str, Any]
) -> None:
    await forgotten(intake, shop, phone="(202) 555-0123")
    bought = await intake.source(**lists)

    await brought(intake, bought, ADA | {"phone": "+1 202 555 0123"} | changes)

    assert await states(intake) == ["erased"]


async def test_somebody_known_who_has_the_same_phone_is_themselves(
    intake: IntakeDoor, shop: MadeSource, lists: dict[str, Any]
) -> None:
    await forgotten(intake, shop, phone="(202) 555-0123")
    await intake.taken(shop, email="spouse@example.org")
    bought = await intake.source(**lists)

    await brought(intake, bought, {"email": "spouse@example.org", "phone": "(202) 555-0123"})

    assert await states(intake) == ["erased", "captured", "captured"]


async def test_their_own_submission_brings_them_back_for_good(
    intake: IntakeDoor, shop: MadeSource, lists: dict[str, Any]
) -> None:
    old = await forgotten(intake, shop)
    bought = await intake.source(**lists)

    own = await intake.taken(shop)
    listed = await brought(intake, bought, ADA)

    assert own["person_id"] != old
    assert listed[0]["person_id"] == own["person_id"]
    assert await intake.count("suppressions") == 0


async def test_a_bot_that_knows_the_address_lifts_nothing(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await forgotten(intake, shop)
    form = await intake.source("form", kind="form")

    await intake.client.post(f"/f/{form.form_key}", data=ADA | {"website": "spam"})

    assert await intake.count("suppressions") == 1


async def test_a_partner_speaks_for_nobody_but_through_a_form(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await forgotten(intake, shop)
    partner = await intake.source("partner")
    await intake.opened.execute("update sources set role = 'partner' where name = 'partner'")

    answer = await intake.send(partner, ADA)

    assert (answer.status_code, answer.json()["status"]) == (202, "ignored")
    assert await states(intake) == ["erased"]


@pytest.mark.parametrize(
    ("kind", "comes_back"),
    [(ActivityKind.EMAIL_OPENED, False), (ActivityKind.SIGNED_UP, True)],
)
async def test_an_old_message_that_is_opened_brings_nobody_back(
    intake: IntakeDoor,
    shop: MadeSource,
    kind: ActivityKind,
    comes_back: bool,
) -> None:
    await forgotten(intake, shop)

    await captured(intake, shop, an_activity(ADA["email"], kind))

    people = await intake.opened.fetch("select id from people where erased_at is null")
    assert bool(people) is comes_back


async def test_who_has_the_database_alone_can_recognise_nobody(url: str) -> None:
    async with open_intake(url) as intake:
        shop = await intake.source()
        await forgotten(intake, shop)
    async with open_intake(url, suppression_secret="another secret of this installation") as other:
        bought = await other.source("a list", kind="import")

        (item,) = await brought(other, bought, ADA)

        assert item["lead_id"] is not None


async def test_a_list_that_waits_for_an_erasure_brings_nobody_back(
    intake: IntakeDoor, shop: MadeSource, lists: dict[str, Any]
) -> None:
    lead = await intake.taken(shop)
    bought = await intake.source(**lists)

    async with intake.opened.service.transactions.begin() as tx:
        await erase(lead["person_id"], tx, who="test", origin=Origin.fresh())
        sending = asyncio.create_task(brought(intake, bought, ADA))
        await eventually(lambda: waiting(intake))
    (item,) = await sending

    assert item["detail"] == "ignored"
    assert await states(intake) == ["erased"]


async def waiting(intake: IntakeDoor) -> int:
    """How many transactions of this database wait for a person's lock."""
    (row,) = await intake.opened.fetch(
        "select count(*) as count from pg_locks where locktype = 'advisory' and not granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    count: int = row["count"]
    return count
