"""Every kind of what failed is replayed as it came, or mended, and taken once."""

from typing import Any

import orjson
import pytest

from support.failing import agree, failed, replay_only
from support.forms import ADA as FILLED
from support.forms import MadeForm, a_form, do_work
from support.intake_door import ADA, IntakeDoor, MadeSource, open_intake
from support.opt_in import RULES, link_in, open_office

OWN_NAME = {"your-mail": "ada@example.org", "name[first]": "Ada"}
MAPPED = {"field_map": {"your-mail": "email"}}


async def test_a_form_is_replayed_as_it_came_and_taken_once(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    token = await form.token()
    intake.clock.advance(seconds=5)
    await form.submit(OWN_NAME | {"_token": token})
    await agree(intake, form.id, **MAPPED)

    answer = await replay_only(intake)
    by_visitor = await form.submit(OWN_NAME | {"_token": token})

    assert (answer.status_code, by_visitor.status_code) == (200, 200)
    (lead,) = await intake.opened.fetch("select state, happened_at from leads")
    assert lead["state"] == "captured"
    assert lead["happened_at"].isoformat() == "2026-05-04T12:00:05+00:00"
    assert await failed(intake) == []
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize("kind", ["multipart/form-data", "text/plain"])
async def test_a_form_of_any_kind_is_replayed(intake: IntakeDoor, kind: str) -> None:
    form = await a_form(intake)
    if kind == "text/plain":
        content = orjson.dumps(OWN_NAME)
        await intake.client.post(f"/f/{form.key}", content=content, headers={"content-type": kind})
    else:
        fields: Any = {name: (None, value) for name, value in OWN_NAME.items()}
        await intake.client.post(f"/f/{form.key}", files=fields)
    await agree(intake, form.id, **MAPPED)

    answer = await replay_only(intake)

    assert answer.json()["outcomes"]["taken"] == 1
    (card,) = await intake.said("ContactCard")
    assert (card["data"]["email"], card["data"]["given_name"]) == ("ada@example.org", "Ada")


async def refused(form: MadeForm, **more: str) -> None:
    """Fill in a form so that it is refused, and agree that it was understandable."""
    await form.submit(OWN_NAME | more)
    await agree(form.intake, form.id, **MAPPED)


async def test_a_robot_stays_one_when_its_form_is_replayed(intake: IntakeDoor) -> None:
    form = await a_form(intake, honeypot="website")
    await refused(form, website="https://spam.example")

    await replay_only(intake)

    assert [(state, details["spam_reason"]) for state, details in await form.leads()] == [
        ("spam", "honeypot")
    ]
    assert await intake.said("LeadCaptured") == []


@pytest.mark.parametrize(
    ("when_away", "state", "mark"), [("take", "captured", "unverified"), ("spam", "spam", None)]
)
async def test_a_captcha_that_is_spent_counts_as_one_whose_provider_is_away(
    url: str, when_away: str, state: str, mark: str | None
) -> None:
    async with open_intake(url, turnstile_secret="desk-secret") as intake:
        form = await a_form(intake)
        captcha = {"provider": "turnstile", "site_key": "key", "when_away": when_away}
        assert (await form.settle(captcha=captcha)).status_code == 200
        await refused(form)

        await replay_only(intake)

        ((found, details),) = await form.leads()
        assert (found, details.get("captcha")) == (state, mark)


async def test_a_mended_form_must_still_be_confirmed_by_its_person(url: str) -> None:
    async with open_office(url) as office:
        await office.form.settle(**RULES, is_token_required=True)
        await office.form.submit(FILLED | {"email": "ada@"})

        answer = await replay_only(office.intake, orjson.dumps(FILLED))
        await do_work(office.intake)

        assert answer.status_code == 200
        assert await office.form.states() == ["awaiting_opt_in"]
        assert await office.press(link_in(office.sink.messages[-1])) == 200
        assert await office.form.states() == ["captured"]


async def test_a_form_is_mended_by_what_is_a_form(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.submit({"email": "ada@"})

    other = await replay_only(intake, b"email\nada@example.org\n", "text/csv")
    mended = await replay_only(
        intake, b"email=ada%40example.org", "application/x-www-form-urlencoded"
    )

    assert (other.status_code, mended.status_code) == (415, 200)


async def test_a_message_is_replayed_or_mended(intake: IntakeDoor) -> None:
    mailbox = await intake.source("mailbox", kind="email")
    headers = mailbox.headers | {"content-type": "message/rfc822"}
    broken = b"Subject: Ovens\r\nMessage-ID: <1@crumpet.org>\r\n\r\nwords\r\n"
    await intake.client.post("/v1/emails", content=broken, headers=headers)

    still = await replay_only(intake)
    mended = await replay_only(intake, b"From: ada@example.org\r\n" + broken, "message/rfc822")
    again = await intake.client.post("/v1/emails", content=broken, headers=headers)

    assert (still.status_code, mended.status_code) == (422, 200)
    assert again.status_code in (202, 422)
    assert await intake.count("leads") == 1
    assert await intake.unaccounted() == 0


async def test_an_activity_is_replayed_as_it_came(intake: IntakeDoor, shop: MadeSource) -> None:
    activity = {"kind": "page_viewed", "traits": {"plan": "free"}, "email": "ada@"}
    await intake.client.post("/v1/activities", json=activity, headers=shop.headers)

    still = await replay_only(intake)
    mended = await replay_only(intake, orjson.dumps({"kind": "page_viewed", "email": ADA["email"]}))

    assert (still.status_code, mended.status_code) == (422, 200)
    assert await intake.count("activities") == 1


async def test_a_cloudevent_in_binary_mode_is_replayed_with_what_its_headers_said(
    intake: IntakeDoor,
) -> None:
    hook = await intake.source("bus", kind="webhook", vendor="cloudevents", secret="s3cret-12345")
    headers = {
        "ce-id": "1", "ce-source": "/shop", "ce-type": "lead", "ce-specversion": "1.0",
        "content-type": "application/json", "authorization": "Bearer s3cret-12345",
    }  # fmt: skip
    path = f"/hooks/{hook.id}/cloudevents"
    sent = await intake.client.post(path, json=OWN_NAME, headers=headers)
    assert sent.status_code == 200, sent.text
    await agree(intake, hook.id, **MAPPED)

    answer = await replay_only(intake)
    again = await intake.client.post(path, json=OWN_NAME, headers=headers)

    assert answer.status_code == 200, answer.text
    assert again.json()["repeated"] == 1
    assert await intake.count("leads") == 1


async def test_googles_tests_share_an_id_and_hide_neither_each_other_nor_a_lead(
    intake: IntakeDoor,
) -> None:
    hook = await intake.source("ads", kind="webhook", vendor="google_ads", secret="s3cret-12345")
    path = f"/hooks/{hook.id}/google_ads"

    async def send(email: str, *, is_test: bool) -> tuple[int, dict[str, int]]:
        body = {
            "lead_id": "TeSter-1", "google_key": "s3cret-12345", "is_test": is_test,
            "user_column_data": [{"column_id": "EMAIL", "string_value": email}],
        }  # fmt: skip
        answer = await intake.client.post(path, json=body)
        return answer.status_code, {name: n for name, n in answer.json().items() if n}

    first = await send("test@example.org", is_test=True)
    again = await send("test@example.org", is_test=True)
    other = await send("other@example.org", is_test=True)
    real = await send("ada@example.org", is_test=False)

    assert [first, again, other, real] == [
        (200, {"taken": 1}), (200, {"repeated": 1}), (200, {"taken": 1}), (200, {"taken": 1}),
    ]  # fmt: skip
    states = await intake.opened.fetch("select state from leads")
    assert sorted(row["state"] for row in states) == ["captured", "test", "test"]
