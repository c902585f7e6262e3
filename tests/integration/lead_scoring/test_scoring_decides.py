"""Every lead is decided exactly once, however it comes."""

import asyncio

import pytest

from baton.ids import new_id
from lead_scoring.handlers.hear_marketing import hear_marketing
from support.facts import a_lead_captured
from support.scoring_desk import Desk, a_lead, a_weak_lead, again, at, lead_id_of


async def test_a_good_lead_makes_a_prospect_with_reasons(desk: Desk) -> None:
    traits = {"landing_page": "lp-7"}
    event = a_lead(new_id(), country="BR", channel="referral", traits=traits, minutes=-60)

    await desk.hear(event)

    (said,) = await desk.said()
    data = said["data"]
    assert (said["type"], said["key"]) == ("ProspectQualified", event.key)
    assert said["time"] == "2026-05-04T11:00:00Z"
    assert (data["fit"], data["engagement"], data["policy_version"]) == (30.0, 10.0, 1)
    assert [reason["text"] for reason in data["reasons"]] == [
        "a business e-mail address",
        "named the company",
        "was referred, or met us at an event or through a partner",
    ]
    assert (data["country"], data["channel"], data["traits"]) == ("BR", "referral", traits)
    assert data["receipt_id"] == event.id
    assert await desk.states() == {lead_id_of(event): "qualified"}


async def test_a_lead_below_the_line_is_nurtured_and_says_what_is_missing(desk: Desk) -> None:
    event = a_weak_lead(new_id(), fields=("message",))

    await desk.hear(event)

    (said,) = await desk.said()
    assert said["type"] == "LeadNurtured"
    assert said["data"]["missing"] == ["points", "reachability"]
    assert await desk.states() == {lead_id_of(event): "nurtured"}


async def test_a_test_lead_is_disqualified_and_counts_for_nobody(desk: Desk) -> None:
    person_id = new_id()

    await desk.hear(a_lead(person_id, is_test=True), a_weak_lead(person_id))

    first, second = await desk.said()
    assert (first["type"], first["data"]["reason"]) == ("LeadDisqualified", "test")
    assert (second["type"], second["data"]["engagement"]) == ("LeadNurtured", 0.0)


async def test_a_person_who_comes_back_crosses_the_line(desk: Desk) -> None:
    person_id = new_id()
    leads = [a_weak_lead(person_id, fields=("email", "phone"), minutes=n) for n in range(3)]

    await desk.hear(*leads)

    assert await desk.words() == ["LeadNurtured", "LeadNurtured", "ProspectQualified"]


async def test_one_batch_and_many_batches_decide_alike(desk: Desk) -> None:
    person_id = new_id()
    leads = [a_weak_lead(person_id, fields=("email", "phone"), minutes=n) for n in range(3)]

    for lead in leads:
        await desk.hear(lead)

    assert await desk.words() == ["LeadNurtured", "LeadNurtured", "ProspectQualified"]


async def test_leads_in_another_order_leave_the_person_beyond_the_line(desk: Desk) -> None:
    person_id = new_id()
    leads = [a_weak_lead(person_id, fields=("email", "phone"), minutes=n) for n in range(3)]

    for lead in reversed(leads):
        await desk.hear(lead)

    assert await desk.words() == ["LeadNurtured", "LeadNurtured", "ProspectQualified"]
    assert (await desk.score(person_id)).score.points == 30


async def test_a_lead_that_is_heard_again_is_not_decided_again(desk: Desk) -> None:
    events = [a_lead(new_id()), a_weak_lead(new_id())]
    await desk.hear(*events)

    await desk.hear(*again(events))
    await desk.hear(*again(events), *again(events))

    assert len(await desk.said()) == 2
    assert await desk.unaccounted() == 0


async def test_what_is_said_again_has_the_same_ids(desk: Desk) -> None:
    event = a_lead(new_id())

    async def undone() -> None:
        async with desk.transactions.begin() as tx:
            await hear_marketing([event], tx)
            said.append([one.id for one in tx._pending.outgoing])
            raise ZeroDivisionError

    said: list[list[str]] = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await undone()
    await desk.hear(event)

    assert said[0] == said[1] == [(await desk.said())[0]["id"]]


async def test_the_books_balance_and_a_deleted_row_shows(desk: Desk) -> None:
    await desk.hear(*(a_lead(new_id()) for _ in range(20)), *(a_weak_lead(new_id()),))
    balanced = await desk.unaccounted()

    async with desk.transactions.begin() as tx:
        await tx.execute("delete from leads where state = 'nurtured'")
        await tx.execute("delete from receipts where result = 'nurtured'")

    assert (balanced, await desk.unaccounted()) == (0, 2)


async def test_two_writers_about_one_person_wait_for_each_other(desk: Desk) -> None:
    person_id = new_id()
    leads = [a_weak_lead(person_id, fields=("email", "phone"), minutes=n) for n in range(3)]

    await asyncio.gather(*(desk.hear(lead) for lead in leads))

    assert sorted(await desk.words()) == ["LeadNurtured", "LeadNurtured", "ProspectQualified"]


async def test_a_lead_of_history_is_decided_when_it_happened(desk: Desk) -> None:
    data = a_lead_captured(email_kind="business", fields=("email", "company"))
    event = at(-60 * 24 * 900, data)

    await desk.hear(event)

    (said,) = await desk.said()
    assert said["time"].startswith("2023-11-16")
