"""A provider that is sick, slow, dear or wrong delays nobody, and nothing is lost by it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from baton.work import AGE_MAX, Worker
from marketing_intake.domain.breaker import FAILURES_MAX
from marketing_intake.work import make_work
from support.graph_server import Answer
from support.provider_desk import KEY, Desk, counted, open_desk

HOUR = 3600.0


@pytest_asyncio.fixture
async def desk(url: str) -> AsyncIterator[Desk]:
    """A provider that knows a company."""
    async with open_desk(url) as opened:
        await opened.ask(opened.asks())
        yield opened


def _worker(desk: Desk) -> Worker:
    """One worker, which knows how providers have fared so far."""
    service = desk.intake.opened.service
    return Worker(service.transactions, make_work(service.frame))


@pytest.mark.parametrize(("wrong", "reason"), [
    (Answer(500), "firmographics answered 500"),
    (Answer(401), "firmographics answered 401"),
    (Answer(302, headers={"location": "/else"}), "firmographics answered 302"),
    (Answer(200, b"<html>"),
     "firmographics answered what can't be read: the body must be valid JSON"),
    (Answer(200, b"[1]"),
     "firmographics answered what can't be read: the body must be a JSON object"),
    (Answer(200, b"x" * (1024 * 1024 + 1)), "firmographics answered more than 1048576 bytes"),
])  # fmt: skip
async def test_a_wrong_answer_is_asked_for_again(desk: Desk, wrong: Answer, reason: str) -> None:
    failed = counted("failed")
    desk.provider.always = wrong
    await desk.lead()
    await desk.work()
    later = await desk.later()
    desk.provider.always = None
    desk.intake.clock.advance(seconds=HOUR)

    await desk.work()

    assert later == [reason]
    assert counted("failed") == failed + 1
    assert len(await desk.said()) == 1
    assert await desk.intake.unaccounted() == 0


async def test_a_slow_provider_is_not_waited_for(desk: Desk) -> None:
    await desk.ask(desk.asks(seconds=0.5))
    desk.provider.slow.add("/")
    await desk.lead()

    await desk.work()

    assert await desk.later() == ["firmographics did not answer in time"]
    assert len(await desk.intake.said("LeadCaptured")) == 1


async def test_a_provider_that_is_not_there_is_not_waited_for(desk: Desk) -> None:
    await desk.ask(desk.asks(url="http://127.0.0.1:1/"))
    await desk.lead()

    await desk.work()

    assert await desk.later() == ["firmographics could not be asked: ConnectError"]


async def test_a_sick_provider_is_left_alone_and_another_is_asked(desk: Desk) -> None:
    healthy = f"{desk.provider.url}/well"
    desk.provider.answers = {"/well": Answer(body={"employees": 5}), "/": Answer(503)}
    await desk.ask(desk.asks(), desk.asks(name="well", url=healthy))
    for number in range(FAILURES_MAX + 4):
        await desk.lead(email=f"ada@crumpet{number}.org")

    worker = _worker(desk)
    while await worker.do_one():
        pass

    asked = [asked.path for asked in desk.provider.asked]
    assert asked.count("/") == FAILURES_MAX
    assert asked.count("/well") == FAILURES_MAX + 4
    assert len(await desk.said()) == FAILURES_MAX + 4
    reasons = await desk.later()
    assert reasons.count("firmographics is left alone") == 4


async def test_a_provider_that_asks_for_patience_is_left_alone(desk: Desk) -> None:
    desk.provider.always = Answer(429, headers={"retry-after": "300"})
    await desk.lead()
    await desk.lead(email="bob@scone.org")
    worker = _worker(desk)
    while await worker.do_one():
        pass
    asked, reasons = len(desk.provider.asked), await desk.later()
    desk.provider.always = None

    desk.intake.clock.advance(seconds=300)
    while await worker.do_one():
        pass

    assert asked == 1
    assert sorted(reasons) == ["firmographics asks for patience", "firmographics is left alone"]
    assert len(await desk.said()) == 2


async def test_a_days_questions_are_counted_and_the_rest_is_asked_tomorrow(desk: Desk) -> None:
    await desk.ask(desk.asks(per_day=2))
    for number in range(3):
        await desk.lead(email=f"ada@crumpet{number}.org")
    await desk.work()
    today, reasons = len(desk.provider.asked), await desk.later()

    desk.intake.clock.advance(seconds=11 * HOUR)
    still_today = await desk.work()
    desk.intake.clock.advance(seconds=HOUR)
    await desk.work()

    assert (today, still_today, len(desk.provider.asked)) == (2, 0, 3)
    assert reasons == ["firmographics has had its questions"]
    assert len(await desk.said()) == 3


async def test_what_is_never_answered_is_given_up_and_counted(desk: Desk) -> None:
    given_up = counted("given_up")
    desk.provider.always = Answer(429)
    await desk.lead()
    await desk.work()
    desk.intake.clock.advance(seconds=AGE_MAX.total_seconds() + 1)

    await desk.work()

    assert counted("given_up") == given_up + 1
    assert await desk.intake.count("work") == 0
    (lead,) = await desk.intake.opened.fetch("select state from leads")
    assert lead["state"] == "captured"
    assert await desk.intake.unaccounted() == 0


async def test_a_file_that_is_gone_is_looked_for_again(url: str, tmp_path: Path) -> None:
    file = tmp_path / "companies.csv"
    async with open_desk(url, enrichment_file=str(file)) as desk:
        await desk.ask({"name": "list", "kind": "file"})
        await desk.lead()
        await desk.work()
        reasons = await desk.later()
        file.write_text("domain,employees\ncrumpet.org,12\n")
        desk.intake.clock.advance(seconds=HOUR)
        await desk.work()

        assert reasons == ["the file of companies can't be read: FileNotFoundError"]
        assert len(await desk.said()) == 1


@pytest.mark.parametrize(("terms", "field"), [
    ({"url": None}, "url"),
    ({"kind": "file"}, "kind"),
    ({"fields": {"company_size": "a[["}}, "fields"),
    ({"fields": {"ceo": "ceo"}}, "fields"),
    ({"url": "file:///etc/passwd"}, "url"),
    ({"name": "Two Words"}, "name"),
    ({"per_day": 0}, "per_day"),
    ({"seconds": 60}, "seconds"),
    ({"sekonds": 1}, "sekonds"),
])  # fmt: skip
async def test_a_provider_that_can_not_be_asked_is_refused(
    desk: Desk, terms: dict[str, Any], field: str
) -> None:
    answer = await desk.put(desk.asks(**terms))

    assert answer.status_code == 422
    assert field in answer.json()["errors"][0]["pointer"]


async def test_names_are_each_ones_own(desk: Desk) -> None:
    answer = await desk.put(desk.asks(), desk.asks())

    assert answer.status_code == 422


async def test_a_key_stays_unless_it_is_replaced_or_taken_away(desk: Desk) -> None:
    kept = desk.asks(per_day=7)
    del kept["api_key"]

    after = [
        (await desk.put(terms)).json()["providers"][0]["has_api_key"]
        for terms in (kept, desk.asks(api_key=None), kept, desk.asks(api_key=KEY))
    ]

    assert after == [True, False, False, True]


async def test_who_is_asked_otherwise_is_asked_anew(desk: Desk) -> None:
    await desk.lead()
    await desk.work()
    await desk.ask(desk.asks(fields={"company_country": "nowhere"}))
    await desk.lead(email="bob@crumpet.org")

    await desk.work()

    first, second = await desk.said()
    assert ("company_country" in first["traits"], len(desk.provider.asked)) == (True, 2)
    assert "company_country" not in second["traits"]


async def test_who_is_asked_no_more_leaves_nothing_undone(desk: Desk) -> None:
    nothing = counted("nothing")
    await desk.lead()
    await desk.ask()

    await desk.work()

    assert counted("nothing") == nothing + 1
    assert (desk.provider.asked, await desk.intake.count("work")) == ([], 0)


async def test_only_an_administrator_may_say_who_is_asked(desk: Desk) -> None:
    key = await desk.intake.opened.key("leads:read")

    for method in ("GET", "PUT"):
        answer = await desk.intake.client.request(
            method, "/v1/enrichment/providers", json={"providers": []}, headers=key
        )
        assert answer.status_code == 403
