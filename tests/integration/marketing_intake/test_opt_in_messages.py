"""Double opt-in's messages: what they say, to whom they go, and when they are given up."""

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from prometheus_client import generate_latest

from marketing_intake import metrics
from support.forms import do_work
from support.opt_in import GIVEN, Office, open_office

HOUR = 3600
CLIENTS = ("httpx", "httpcore", "mail")
"""Loggers of this side: the browser's, and the mailbox's."""


@pytest_asyncio.fixture
async def office(url: str) -> AsyncIterator[Office]:
    """A form that asks for a confirmation."""
    async with open_office(url) as opened:
        yield opened


async def test_the_message_says_who_we_are_and_nothing_that_was_written(office: Office) -> None:
    await office.asked(GIVEN | {"message": "Buy pills <b>now</b>", "name": "Evil"})

    (message,) = office.sink.messages
    assert office.sink.recipients == ["ada@example.org"]
    assert message["to"] == "ada@example.org"
    assert (message["subject"], message["auto-submitted"]) == ("Was it you?", "auto-generated")
    assert message["from"] == "Crumpet & Sons <hello@crumpet.example>"
    assert message["list-unsubscribe"] is None
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    text = "".join(str(part.get_payload()) for part in message.walk())
    assert "pills" not in text
    assert "Evil" not in text
    assert "<img" not in text


async def test_work_holds_ids_alone(office: Office) -> None:
    await office.form.submit(GIVEN)

    (row,) = await office.intake.opened.fetch("select kind, payload from work")
    (lead,) = await office.intake.opened.fetch("select id from leads")
    assert (row["kind"], row["payload"]) == ("opt-in-message", {"lead_id": lead["id"]})


async def test_a_form_without_an_address_cannot_be_confirmed(office: Office) -> None:
    answer = await office.form.submit({"phone": "+12025550173"})

    assert answer.status_code == 422
    assert "email" in answer.text
    assert await office.form.states() == []


async def test_robots_see_what_everybody_sees_and_no_message_is_sent(office: Office) -> None:
    person = await office.form.submit(GIVEN, accept="application/json")
    await do_work(office.intake)

    robot = await office.form.submit(GIVEN | {"website": "x"}, accept="application/json")

    assert robot.json()["status"] == person.json()["status"] == "awaiting_opt_in"
    assert await do_work(office.intake) == 0
    assert await office.form.states() == ["awaiting_opt_in", "spam"]


async def test_an_address_is_not_flooded(office: Office) -> None:
    for _ in range(5):
        await office.form.submit(GIVEN)

    await do_work(office.intake)

    assert len(office.sink.messages) == 3
    rows = await office.intake.opened.fetch("select message from opt_ins order by lead_id")
    assert sorted(row["message"] for row in rows) == ["sent"] * 3 + ["withheld"] * 2


async def test_an_address_that_does_not_exist_is_not_tried_again(office: Office) -> None:
    office.sink.answers["ada@example.org"] = "550 no such user"
    await office.form.submit(GIVEN)

    done = await do_work(office.intake)

    assert done == 1
    assert await office.intake.count("work") == 0
    (row,) = await office.intake.opened.fetch("select message from opt_ins")
    assert row["message"] == "undeliverable"


async def test_a_server_that_is_busy_is_tried_again(office: Office) -> None:
    office.sink.answers["ada@example.org"] = "451 try later"
    await office.form.submit(GIVEN)
    await do_work(office.intake)
    (work,) = await office.intake.opened.fetch("select last_error from work")
    office.sink.answers.clear()
    office.intake.clock.advance(seconds=HOUR)

    await do_work(office.intake)

    assert "ada" not in work["last_error"]
    assert len(office.sink.messages) == 1
    (row,) = await office.intake.opened.fetch("select message from opt_ins")
    assert row["message"] == "sent"


async def test_no_address_is_in_logs_metrics_or_work(
    office: Office, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.sink.answers["ada@example.org"] = "451 ada@example.org is busy"
    await office.form.submit(GIVEN | {"website": ""})
    await office.form.submit(GIVEN | {"_token": "ada@example.org"})
    await office.form.submit({"email": "ada@example.org@"})
    await office.intake.client.get("/f/confirm?token=ada@example.org")

    await do_work(office.intake)

    (work,) = await office.intake.opened.fetch("select payload::text, last_error from work")
    seen = {
        "logs": "".join(capsys.readouterr()),
        "loggers": "".join(
            record.getMessage()
            for record in caplog.records
            if record.name.partition(".")[0] not in CLIENTS
        ),
        "metrics": generate_latest(metrics.REGISTRY).decode(),
        "work": f"{work}",
    }
    assert [place for place, text in seen.items() if "ada" in text.lower()] == []


async def test_an_address_that_many_share_is_asked_and_not_flooded_either(office: Office) -> None:
    for _ in range(4):
        await office.form.submit({"email": "info@crumpet.org"})

    await do_work(office.intake)

    assert office.sink.recipients == ["info@crumpet.org"] * 3
