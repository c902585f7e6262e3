"""One lead over HTTP: it is durable, answered once, and shown."""

import asyncio

import orjson
import pytest

from support.facts import NOON
from support.intake_door import ADA, IntakeDoor, MadeSource, open_intake


async def test_a_lead_is_durable_with_its_event_before_it_is_answered(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    answer = await intake.send(shop, ADA | {"message": "Do you sell ovens?", "colour": "red"})

    body = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/leads/{body['lead_id']}"
    assert body["status"] == "captured"
    (fact,) = await intake.said("LeadCaptured")
    assert fact["key"] == body["person_id"]
    assert fact["data"]["lead_id"] == body["lead_id"]
    (card,) = await intake.said("ContactCard")
    assert (card["key"], card["data"]["email"]) == (body["person_id"], "ada@example.org")
    (payload,) = await intake.opened.fetch("select body, status from payloads")
    assert orjson.loads(payload["body"])["colour"] == "red"
    assert payload["status"] == "taken"
    assert await intake.unaccounted() == 0


async def test_the_fact_carries_nothing_that_names_the_person(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    # No word of these can stand in an id by chance: ids are hexadecimal.
    lead = ADA | {"given_name": "Zoltán", "message": "mark", "page_url": "https://mark.example/"}

    await intake.send(shop, lead)

    (fact,) = await intake.said("LeadCaptured")
    text = orjson.dumps(fact["data"]).decode().lower()
    marks = ("zolt", "invented", "example.org", "mark")
    assert not [word for word in marks if word in text]


async def test_a_lead_is_shown_where_its_answer_says(intake: IntakeDoor, shop: MadeSource) -> None:
    answer = await intake.send(shop, ADA | {"occurred_at": "2026-05-01T08:00:00Z"})

    shown = await intake.client.get(answer.headers["location"], headers=shop.headers)

    lead = shown.json()
    assert (shown.status_code, lead["state"], lead["steps"]) == (200, "captured", [])
    assert (lead["source"], lead["channel"]) == ("web shop", "organic_search")
    assert lead["happened_at"] == "2026-05-01T08:00:00Z"
    assert lead["received_at"] == NOON.isoformat().replace("+00:00", "Z")
    assert "example.org" not in shown.text.lower()


async def test_the_same_person_comes_back_by_email_phone_or_external_id(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await intake.taken(shop, phone="+12025550123", external_id="4711")

    by_email = await intake.taken(shop, email=" ADA@example.org ")
    by_phone = await intake.taken(shop, email=None, phone="(202) 555-0123")
    by_id = await intake.taken(shop, email=None, external_id="4711")
    other = await intake.taken(await intake.source("fair"), email=None, external_id="4711")

    assert {one["person_id"] for one in (by_email, by_phone, by_id)} == {first["person_id"]}
    assert other["person_id"] != first["person_id"]


async def test_a_card_grows_and_is_said_again_only_when_it_changed(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop)
    await intake.taken(shop)
    await intake.taken(shop, company="Crumpet & Sons")

    cards = [card["data"] for card in await intake.said("ContactCard")]

    assert [card["version"] for card in cards] == [1, 2]
    assert (cards[1]["given_name"], cards[1]["company"]) == ("Ada", "Crumpet & Sons")


async def test_a_key_that_came_before_gets_the_answer_it_got(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await intake.send(shop, ADA, **{"idempotency-key": '"k-1"'})

    again = await intake.send(shop, ADA, **{"idempotency-key": "k-1"})

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_a_key_with_another_body_is_refused_and_changes_nothing(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, ADA, **{"idempotency-key": "k-1"})

    answer = await intake.send(shop, ADA | {"message": "other"}, **{"idempotency-key": "k-1"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert await intake.count("leads") == 1


async def test_a_refused_lead_is_refused_the_same_way_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    first = await intake.send(shop, {"email": "nobody"}, **{"idempotency-key": "k-1"})

    again = await intake.send(shop, {"email": "nobody"}, **{"idempotency-key": "k-1"})

    assert (first.status_code, again.status_code) == (422, 422)
    assert again.json()["instance"] == first.json()["instance"]
    assert await intake.count("payloads") == 1


async def test_a_key_belongs_to_its_source(intake: IntakeDoor, shop: MadeSource) -> None:
    fair = await intake.source("fair")
    first = await intake.send(shop, ADA, **{"idempotency-key": "k-1"})

    other = await intake.send(fair, ADA, **{"idempotency-key": "k-1"})

    assert other.status_code == 202
    assert other.json()["lead_id"] != first.json()["lead_id"]


async def test_a_key_is_forgotten_when_its_time_is_over(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, ADA, **{"idempotency-key": "k-1"})
    forget = next(
        timer for timer in intake.opened.service.parts.timers if timer.name == "forget_answers"
    )

    intake.clock.advance(seconds=24 * 3600 + 1)
    async with intake.opened.service.transactions.begin() as tx:
        forgotten = await forget.handler(tx)
    again = await intake.send(shop, ADA, **{"idempotency-key": "k-1"})

    assert (forgotten, again.status_code) == (1, 202)
    assert await intake.count("leads") == 2


@pytest.mark.parametrize("count", [2, 20])
async def test_the_same_key_at_once_makes_one_lead(
    intake: IntakeDoor, shop: MadeSource, count: int
) -> None:
    answers = await asyncio.gather(
        *(intake.send(shop, ADA, **{"idempotency-key": "k-1"}) for _ in range(count))
    )

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    assert await intake.count("leads") == 1


async def test_one_key_with_two_bodies_at_once_takes_one_of_them(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    answers = await asyncio.gather(
        *(
            intake.send(shop, ADA | {"message": text}, **{"idempotency-key": "k-1"})
            for text in ("one", "other")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [202, 422]
    assert await intake.count("leads") == 1


async def test_two_processes_that_meet_a_new_person_at_once_make_one(
    intake: IntakeDoor, shop: MadeSource, url: str
) -> None:
    async with open_intake(url) as other:
        doors = [intake, other] * 10
        answers = await asyncio.gather(
            *(door.taken(shop, given_name=f"Ada {n}") for n, door in enumerate(doors))
        )

    assert len({answer["person_id"] for answer in answers}) == 1
    assert await intake.count("people") == 1
    assert await intake.count("leads") == 20
    cards = await intake.said("ContactCard")
    assert [card["data"]["version"] for card in cards] == list(range(1, len(cards) + 1))
    assert await intake.unaccounted() == 0


async def test_one_key_at_two_processes_at_once_makes_one_lead(
    intake: IntakeDoor, shop: MadeSource, url: str
) -> None:
    async with open_intake(url) as other:
        answers = await asyncio.gather(
            *(
                door.send(shop, ADA | {"email": None, "phone": "+12025550123"}, **key)
                for door in (intake, other)
                for key in ({"idempotency-key": "k-1"},) * 5
            )
        )

    assert {answer.status_code for answer in answers} == {202}
    assert await intake.count("leads") == 1


async def test_a_full_queue_says_when_to_come_back(url: str) -> None:
    async with open_intake(url, queue_max=1) as door:
        shop = await door.source()
        await door.taken(shop)

        answers = await asyncio.gather(*(door.send(shop, ADA) for _ in range(20)))

    statuses = {answer.status_code for answer in answers}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert statuses == {202, 503}
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["content-type"] == "application/problem+json"
