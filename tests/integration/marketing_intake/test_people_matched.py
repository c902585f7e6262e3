"""By what people are matched: the default, and rules that somebody has put in force."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from baton.transaction import Transaction
from marketing_intake.handlers.people_rules import learn_keys
from support.intake_door import IntakeDoor, MadeSource

DEFAULT = ["email", "phone & family_name", "external_id"]
PHONE = "+12025550123"


async def run(intake: IntakeDoor, timer: Callable[[Transaction], Awaitable[int]]) -> int:
    """Let a timer run once."""
    async with intake.opened.service.transactions.begin() as tx:
        return await timer(tx)


async def person(intake: IntakeDoor, shop: MadeSource, **lead: object) -> str:
    """Somebody whom a lead made known."""
    return (await intake.taken(shop, **lead))["person_id"]


async def put(intake: IntakeDoor, **rules: Any) -> httpx.Response:
    """Put rules in force, and let the doors forget the old ones."""
    made = await intake.client.put("/v1/people/rules", json=rules, headers=intake.admin)
    intake.clock.advance(seconds=11)
    return made


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "a.da+x@gmail.com"}, {"email": "ada@googlemail.com"}),
        ({"email": "Ada@BÜCHER.example.org"}, {"email": "ada@xn--bcher-kva.example.org"}),
        ({"phone": "(202) 555-0123"}, {"phone": PHONE}),
        ({"phone": "030 901820", "country": "DE"}, {"phone": "+49 30 90 18 20"}),
        ({"external_id": "4711"}, {"external_id": "4711"}),
    ],
)
async def test_different_spellings_are_the_same_person(
    intake: IntakeDoor, shop: MadeSource, first: dict[str, str], second: dict[str, str]
) -> None:
    one = await person(intake, shop, **{"email": None, **first})

    assert await person(intake, shop, **{"email": None, **second}) == one


@pytest.mark.parametrize(
    "lead",
    [
        {"email": "info@example.org"},
        {"email": "ada@mailinator.com"},
        {"email": None, "phone": PHONE, "family_name": None},
        {"email": None, "phone": "+12025555555"},
        {"email": None, "external_id": "000-000"},
    ],
)
async def test_what_many_give_is_taken_and_identifies_nobody(
    intake: IntakeDoor, shop: MadeSource, lead: dict[str, object]
) -> None:
    one = await person(intake, shop, **lead)

    assert await person(intake, shop, **lead) != one
    assert await intake.count("identifiers") == 0


async def test_a_sixth_phone_of_one_person_is_not_learned(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    people = {await person(intake, shop, phone=f"+1202555010{number}") for number in range(6)}

    sixth = await person(intake, shop, email=None, phone="+12025550105")

    assert len(people) == 1
    assert sixth not in people


async def test_the_card_keeps_the_address_that_was_given(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, email="a.da+x@gmail.com")

    shown = (await intake.get(f"/v1/people/{one}")).json()

    assert shown["card"]["email"] == "a.da+x@gmail.com"


async def test_without_rules_of_ones_own_the_defaults_hold(intake: IntakeDoor) -> None:
    shown = (await intake.get("/v1/people/rules")).json()

    assert (shown["version"], shown["keys"]) == (0, DEFAULT)
    assert shown["limits"] == {"email": 5, "phone": 5, "external_id": 1, "anonymous_id": 50}


async def test_new_rules_match_from_then_on(intake: IntakeDoor, shop: MadeSource) -> None:
    one = await person(intake, shop, email="one@example.org", phone=PHONE)
    made = await put(intake, keys=["email & family_name", "phone"], limits={"phone": 2})

    other = await person(intake, shop, email="one@example.org", family_name="Other")
    await run(intake, learn_keys)
    known = await person(intake, shop, email=None, phone=PHONE, family_name=None)

    assert (made.status_code, made.json()["version"]) == (200, 1)
    assert other != one
    assert known == one
    audited = await intake.opened.fetch("select what from audit_log order by at desc, id desc")
    assert audited[0]["what"] == "match rules changed"


async def test_who_has_a_key_in_common_by_new_rules_is_a_candidate(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    one = await person(intake, shop, email="one@example.org", family_name="One", phone=PHONE)
    await person(intake, shop, email="two@example.org", family_name="Two", phone=PHONE)
    await put(intake, keys=["email", "phone"])

    learned = await run(intake, learn_keys)
    ended = await run(intake, learn_keys)

    (pair,) = await intake.opened.fetch("select * from candidates")
    assert (learned, ended) == (2, 0)
    assert (pair["state"], pair["reasons"], pair["first_id"]) == ("met", ["phone"], one)


async def test_a_blocked_value_identifies_nobody(intake: IntakeDoor, shop: MadeSource) -> None:
    await put(intake, keys=DEFAULT, blocked=["Shared@Example.org"])

    one = await person(intake, shop, email="shared@example.org")

    assert await person(intake, shop, email="shared@example.org") != one


async def test_every_version_is_kept(intake: IntakeDoor) -> None:
    await put(intake, keys=["email"])
    await put(intake, keys=DEFAULT)

    versions = (await intake.get("/v1/people/rules/versions")).json()

    assert [(one["version"], one["keys"]) for one in versions] == [(2, DEFAULT), (1, ["email"])]


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ({"keys": []}, "#/keys"),
        ({"keys": ["shoes"]}, "#/keys/0"),
        ({"keys": ["family_name"]}, "#/keys/0"),
        ({"keys": ["email"], "limits": {"email": 0}}, "#/limits/email"),
    ],
)
async def test_rules_that_can_not_be_are_refused_with_their_place(
    intake: IntakeDoor, rules: dict[str, Any], pointer: str
) -> None:
    refused = await put(intake, **rules)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_what_a_lead_says_of_its_company_travels_as_ids_and_bands(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    lead: dict[str, object] = {"job_title": "Leiter Einkauf", "employees": "51-200"}
    await person(intake, shop, email="ada@mail.crumpet.org", phone="+4930901820", **lead)
    await person(intake, shop, email="ben@crumpet.org", company="Other")

    first, second = [one["data"] for one in await intake.said("LeadCaptured")]

    assert first["company_id"] == second["company_id"] is not None
    assert (first["seniority"], first["department"]) == ("director", "purchasing")
    assert (first["country"], first["traits"]) == ("DE", {"company_size": "51-200"})
    assert "crumpet" not in str([first, second])


async def test_who_refuses_at_an_address_of_many_refuses_for_all_who_gave_it(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    role = {"email": "info@example.org", "consent": ["contact", "marketing"]}
    people = {await person(intake, shop, **role, family_name=name) for name in ("One", "Two")}

    body = {"kind": "unsubscribed", "email": "info@example.org"}
    answer = await intake.client.post("/v1/activities", json=body, headers=shop.headers)

    refusals = {
        one["key"]
        for one in await intake.said("ConsentChanged")
        if "marketing" not in one["data"]["granted"]
    }
    assert answer.status_code == 202
    assert len(people) == 2
    assert refusals >= people
    assert await intake.unaccounted() == 0
