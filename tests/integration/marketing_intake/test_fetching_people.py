"""Fetched leads and the people they are of: deleted by their vendor, and forgotten by us."""

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from prometheus_client import generate_latest

from marketing_intake import metrics
from support.announcing import RESPONSE, Vendors, open_vendors
from support.graph_answers import LINKEDIN_ANSWER
from support.graph_server import TOKEN, Answer

OTHERS = ("httpx", "httpcore", "asyncio")
"""Loggers that a service keeps quiet."""


@pytest_asyncio.fixture
async def vendors(url: str) -> AsyncIterator[Vendors]:
    """Two vendors that announce; LinkedIn has a lead to tell of."""
    async with open_vendors(url) as opened:
        opened.graph.answers[RESPONSE] = Answer(body=LINKEDIN_ANSWER)
        yield opened


async def test_a_lead_that_its_vendor_deletes_takes_its_person_along(vendors: Vendors) -> None:
    await vendors.act()
    await vendors.work()

    counts = await vendors.act("DELETED")

    assert counts == {"deleted": 1}
    (lead,) = await vendors.intake.opened.fetch("select state from leads")
    assert lead["state"] == "erased"
    bodies = [row["body"] for row in await vendors.payloads() if row["status"] != "ignored"]
    assert bodies == [None, None]
    assert await vendors.intake.unaccounted() == 0


async def test_a_lead_deleted_before_it_is_fetched_is_not_asked_for(vendors: Vendors) -> None:
    await vendors.act()
    await vendors.act("DELETED")

    await vendors.work()

    announcement, deletion = await vendors.payloads()
    assert (announcement["status"], announcement["resent_as"]) == ("fetched", deletion["id"])
    assert vendors.graph.asked == []
    assert await vendors.intake.count("leads") == 0
    assert await vendors.intake.unaccounted() == 0


async def test_a_lead_deleted_before_it_is_announced_is_never_fetched(vendors: Vendors) -> None:
    await vendors.act("DELETED")

    counts = await vendors.act()

    assert counts == {"repeated": 1}
    assert await vendors.work() == 0


async def test_who_is_forgotten_is_not_fetched_again(vendors: Vendors) -> None:
    await vendors.announce()
    await vendors.work()
    (person,) = await vendors.intake.opened.fetch("select id from people")
    await vendors.intake.client.delete(f"/v1/people/{person['id']}", headers=vendors.intake.admin)

    again = await vendors.announce()
    await vendors.work()

    assert again == {"repeated": 1}
    assert len(vendors.graph.asked) == 1
    bodies = [row["body"] for row in await vendors.payloads()]
    assert bodies == [None, None]


async def test_nobody_is_named_in_logs_metrics_or_work(
    vendors: Vendors, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await vendors.announce("5551", "5552")

    await vendors.work()

    records = [one for one in caplog.records if one.name.partition(".")[0] not in OTHERS]
    seen = "".join(record.getMessage() for record in records) + "".join(capsys.readouterr())
    seen += generate_latest(metrics.REGISTRY).decode()
    seen += str(await vendors.intake.opened.fetch("select * from work"))
    assert [word for word in ("crumpet", "Oven", TOKEN, "5552") if word in seen] == []
