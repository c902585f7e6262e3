"""HTML forms: a public key, an answer for browsers, and a trap for robots."""

import httpx
import pytest

from support.intake_door import IntakeDoor, MadeSource

THANKS = "https://shop.example/thanks"
FIELDS = {"email": "ada@example.org", "name[first]": "Ada", "interest[]": "ovens"}


async def a_form(intake: IntakeDoor, *redirects: str, **details: object) -> MadeSource:
    """A form of marketing's."""
    return await intake.source("contact form", kind="form", redirects=list(redirects), **details)


async def submit(
    intake: IntakeDoor, form: MadeSource, fields: dict[str, str], **headers: str
) -> httpx.Response:
    """Press the button."""
    return await intake.client.post(f"/f/{form.form_key}", data=fields, headers=headers)


async def test_a_form_is_thanked_and_its_lead_kept(intake: IntakeDoor) -> None:
    form = await a_form(intake)

    answer = await submit(intake, form, FIELDS)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Thank you" in answer.text
    (card,) = await intake.said("ContactCard")
    assert (card["data"]["email"], card["data"]["given_name"]) == ("ada@example.org", "Ada")
    (payload,) = await intake.opened.fetch("select body, content_type from payloads")
    assert b"interest%5B%5D=ovens" in payload["body"]
    assert payload["content_type"] == "application/x-www-form-urlencoded"


async def test_a_multipart_form_is_read_too(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    parts = {name: (None, value) for name, value in FIELDS.items()}

    answer = await intake.client.post(f"/f/{form.form_key}", files=parts)

    assert answer.status_code == 200
    assert await intake.count("leads") == 1


async def test_a_file_in_a_form_is_refused(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    parts = [("email", (None, b"ada@example.org")), ("cv", ("cv.pdf", b"%PDF"))]

    answer = await intake.client.post(f"/f/{form.form_key}", files=parts)

    assert answer.status_code == 422
    assert "no files" in answer.text
    assert await intake.count("payloads") == 1


@pytest.mark.parametrize("field", ["redirect", "_next"])
async def test_a_listed_page_is_shown_after_the_form(intake: IntakeDoor, field: str) -> None:
    form = await a_form(intake, "https://pages.example", THANKS)

    answer = await submit(intake, form, FIELDS | {field: THANKS})

    assert (answer.status_code, answer.headers["location"]) == (303, THANKS)


async def test_the_first_listed_page_is_shown_when_none_is_asked_for(intake: IntakeDoor) -> None:
    form = await a_form(intake, THANKS)

    answer = await submit(intake, form, FIELDS)

    assert (answer.status_code, answer.headers["location"]) == (303, THANKS)


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "https://shop.example@evil.example/",
        "//evil.example",
        "https://shop.example.evil.example/thanks",
        "javascript:alert(1)",
        "https://shop.example\\@evil.example/",
    ],
)
async def test_nobody_is_sent_to_a_page_that_is_not_listed(intake: IntakeDoor, page: str) -> None:
    form = await a_form(intake, THANKS)

    answer = await submit(intake, form, FIELDS | {"redirect": page})

    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "evil" not in answer.text
    assert await intake.count("leads") == 1


async def test_a_robot_sees_what_everybody_sees_and_is_kept_as_spam(intake: IntakeDoor) -> None:
    form = await a_form(intake, THANKS)
    person = await submit(intake, form, FIELDS)

    robot = await submit(
        intake, form, {"email": "robot@example.org", "website": "https://spam.example/"}
    )

    assert (robot.status_code, robot.headers["location"]) == (303, person.headers["location"])
    states = await intake.opened.fetch("select state from leads order by id")
    assert [row["state"] for row in states] == ["captured", "spam"]
    assert len(await intake.said("LeadCaptured")) == 1
    assert len(await intake.said("ContactCard")) == 1
    assert await intake.unaccounted() == 0


async def test_a_robot_that_reads_json_sees_what_everybody_sees(intake: IntakeDoor) -> None:
    form = await a_form(intake)

    robot = await submit(intake, form, FIELDS | {"website": "x"}, accept="application/json")

    assert (robot.status_code, robot.json()["status"]) == (202, "captured")


async def test_a_form_that_says_too_little_is_told_what_is_missing(intake: IntakeDoor) -> None:
    form = await a_form(intake, THANKS)

    page = await submit(intake, form, {"message": "<script>alert(1)</script>"})
    problem = await submit(intake, form, {"message": "hello"}, accept="application/json")

    assert page.status_code == 422
    assert "email, phone or external_id is needed" in page.text
    assert "<script>" not in page.text
    assert problem.json()["errors"][0]["pointer"] == "#/email"
    assert await intake.count("payloads") == 2


async def test_an_unknown_or_closed_form_is_not_found(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    closed = await intake.client.patch(
        f"/v1/sources/{form.id}", json={"is_active": False}, headers=intake.admin
    )

    answers = [
        await intake.client.post(f"/f/{key}", data=FIELDS)
        for key in ("form_unknown", form.form_key)
    ]

    assert closed.status_code == 200
    assert [answer.status_code for answer in answers] == [404, 404]
    assert await intake.count("payloads") == 0


async def test_a_closed_source_takes_nothing_after_seconds(intake: IntakeDoor) -> None:
    shop = await intake.source()
    await intake.taken(shop)
    await intake.client.patch(
        f"/v1/sources/{shop.id}", json={"is_active": False}, headers=intake.admin
    )

    intake.clock.advance(seconds=6)
    answer = await intake.send(shop, FIELDS)

    assert answer.status_code == 403


async def test_a_form_cannot_say_when_it_happened_or_that_it_is_a_test(intake: IntakeDoor) -> None:
    form = await a_form(intake)

    await submit(intake, form, FIELDS | {"occurred_at": "1999-01-01T00:00:00Z", "is_test": "true"})

    (fact,) = await intake.said("LeadCaptured")
    (lead,) = await intake.opened.fetch("select happened_at, received_at from leads")
    assert fact["data"]["is_test"] is False
    assert lead["happened_at"] == lead["received_at"]
