"""Leads that a vendor only announces: fetched by the work table, once, or refused for a reason."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio

from support.announcing import LEAD, RESPONSE, Vendors, fields, open_vendors
from support.graph_answers import LINKEDIN_ANSWER, META_ANSWER
from support.graph_server import TOKEN, Answer, graph_error

HOUR = 3600.0


@pytest_asyncio.fixture
async def vendors(url: str) -> AsyncIterator[Vendors]:
    """Two vendors that announce."""
    async with open_vendors(url) as opened:
        yield opened


async def test_an_announced_lead_is_fetched_and_captured(vendors: Vendors) -> None:
    counts = await vendors.announce()
    await vendors.work()

    announcement, lead = await vendors.payloads()
    assert counts == {"awaiting": 1}
    assert (announcement["status"], announcement["resent_as"]) == ("fetched", lead["id"])
    assert (lead["status"], lead["component"]) == ("taken", "meta-lead")
    assert orjson.loads(lead["body"])["field_data"] == fields()
    (fact,) = await vendors.intake.said("LeadCaptured")
    assert (fact["data"]["lead_id"], fact["data"]["channel"]) == (lead["id"], "paid_social")
    (card,) = await vendors.intake.said("ContactCard")
    assert (card["data"]["email"], card["data"]["given_name"]) == ("ada@crumpet.org", "Ada")
    assert await vendors.intake.count("work") == 0
    assert await vendors.intake.unaccounted() == 0


async def test_the_vendor_is_asked_for_what_is_read_and_the_token_is_in_no_address(
    vendors: Vendors,
) -> None:
    await vendors.announce()
    await vendors.act()
    vendors.graph.answers[RESPONSE] = Answer(body=LINKEDIN_ANSWER)

    await vendors.work()

    to_meta, to_linkedin = sorted(vendors.graph.asked, key=lambda asked: asked.path)
    assert (to_meta.path, to_linkedin.path) == (LEAD, RESPONSE)
    assert "field_data" in to_meta.query["fields"]
    assert "formResponse" in to_linkedin.query["fields"]
    assert to_linkedin.headers["linkedin-version"].startswith("20")
    for asked in (to_meta, to_linkedin):
        assert TOKEN not in f"{asked.path}{asked.query}"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert await vendors.intake.count("leads") == 2


async def test_a_lead_announced_twice_is_fetched_once(vendors: Vendors) -> None:
    await vendors.announce("5551", "5551")
    await vendors.work()
    again = await vendors.announce("5551")
    await vendors.work()

    assert again == {"repeated": 1}
    assert len(vendors.graph.asked) == 1
    assert await vendors.intake.count("leads") == 1
    assert await vendors.intake.unaccounted() == 0


async def test_work_that_is_done_again_finds_it_done(vendors: Vendors) -> None:
    await vendors.announce()
    (work,) = await vendors.intake.opened.fetch("select payload from work")
    await vendors.work()

    async with vendors.intake.opened.service.transactions.begin() as tx:
        tx.schedule_work("fetch-lead", work["payload"])
    await vendors.work()

    assert len(vendors.graph.asked) == 1
    assert await vendors.intake.count("leads") == 1


@pytest.mark.parametrize(("answer", "reason"), [
    (Answer(404, b"gone"), "Meta Lead Ads has no such lead for us: it answered 404"),
    (Answer(400, graph_error(100)), "Meta Lead Ads has no such lead for us: it answered 400"),
    (Answer(302, headers={"location": "/elsewhere"}),
     "Meta Lead Ads has no such lead for us: it answered 302"),
    (Answer(400, graph_error(190)),
     "Meta Lead Ads does not accept the source's api_token: renew it and replay"),
    (Answer(403), "Meta Lead Ads does not accept the source's api_token: renew it and replay"),
])  # fmt: skip
async def test_what_the_vendor_will_never_tell_is_refused_at_once(
    vendors: Vendors, answer: Answer, reason: str
) -> None:
    vendors.graph.always = answer
    await vendors.announce()

    await vendors.work()

    (payload,) = await vendors.payloads()
    assert (payload["status"], payload["failure"]) == ("refused", "enrichment")
    assert payload["detail"] == reason
    assert len(vendors.graph.asked) == 1
    assert await vendors.intake.count("work") == 0
    assert await vendors.intake.unaccounted() == 0


async def test_what_was_refused_is_replayed_once_it_is_mended(vendors: Vendors) -> None:
    await vendors.configure(vendors.meta, api_token="one-that-is-over")
    await vendors.announce()
    await vendors.work()
    await vendors.configure(vendors.meta, api_token=TOKEN)

    (failed,) = (await vendors.intake.get("/v1/failed", failure="enrichment")).json()["items"]
    replayed = await vendors.intake.client.post(
        f"/v1/failed/{failed['failed_id']}/replay", headers=vendors.intake.admin
    )
    await vendors.work()

    assert replayed.status_code == 200, replayed.text
    assert await vendors.intake.count("leads") == 1
    assert await vendors.announce() == {"repeated": 1}
    assert await vendors.intake.unaccounted() == 0


@pytest.mark.parametrize("token", [None, "no header ü"])
async def test_without_a_token_nobody_is_asked(vendors: Vendors, token: str | None) -> None:
    await vendors.configure(vendors.meta, api_token=token)
    await vendors.announce()

    await vendors.work()

    (payload,) = await vendors.payloads()
    assert payload["detail"] == "the source has no api_token in its config to fetch leads with"
    assert vendors.graph.asked == []


@pytest.mark.parametrize("lead", ["../me/accounts", "5551?access_token=x", "a b"])
async def test_an_id_that_could_lead_elsewhere_is_not_asked_for(
    vendors: Vendors, lead: str
) -> None:
    await vendors.announce(lead)

    await vendors.work()

    (payload,) = await vendors.payloads()
    assert payload["detail"] == "leadgen_id must be an id of letters and digits"
    assert vendors.graph.asked == []


@pytest.mark.parametrize(("document", "failure", "field"), [
    (META_ANSWER | {"field_data": []}, "mapping", "email"),
    (META_ANSWER | {"field_data": "none"}, "format", "field_data"),
    (META_ANSWER | {"id": "another"}, "enrichment", "id"),
])  # fmt: skip
async def test_an_answer_that_can_not_be_taken_is_kept_and_can_be_mended(
    vendors: Vendors, document: dict[str, Any], failure: str, field: str
) -> None:
    vendors.graph.answers[LEAD] = Answer(body=document)
    await vendors.announce()
    await vendors.work()

    announcement, kept = await vendors.payloads()
    mended = await vendors.intake.client.post(
        f"/v1/failed/{kept['id']}/replay",
        content=orjson.dumps(META_ANSWER | {"field_data": fields()}),
        headers={**vendors.intake.admin, "content-type": "application/json"},
    )

    assert (announcement["status"], announcement["resent_as"]) == ("fetched", kept["id"])
    assert (kept["status"], kept["failure"], kept["field"]) == ("refused", failure, field)
    assert orjson.loads(kept["body"]) == document
    assert mended.status_code == 200, mended.text
    assert await vendors.intake.count("leads") == 1
    assert await vendors.intake.unaccounted() == 0
