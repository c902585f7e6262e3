"""A draft is run over what is known of everybody, in pages, and nothing is decided by it."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from baton.clock import SystemClock
from baton.database import Database
from baton.errors import Conflict, NotFound, Refused, TooMany
from baton.ids import new_id
from baton.transactions import Transactions
from bench.diffing import diff_on
from lead_scoring.domain.diffing import Side
from lead_scoring.handlers import diffing
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.queries import diffs as queries
from lead_scoring.repository.pasts import FIRST
from support.databases import Templates
from support.facts import NOON
from support.scoring_desk import Desk, a_consent, a_lead, a_merge, a_weak_lead, an_erasure
from support.scoring_diffs import diff_once, diffed, draft, killed, order, result, won
from support.scoring_events import DEMO, an_activity

LOW = {"line": {"points": 0}}
"""Everybody with an address is beyond it; the default line wants 30 points."""
HIGH = {
    "rules": [{"id": "any", "group": "fit", "points": 1, "text": "anybody"}],
    "line": {"points": 1, "reachable_by": ["phone"]},
}


async def test_a_draft_says_who_would_cross_per_source_with_deals_and_amounts(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    fair, shop = new_id(), new_id()
    weak = a_weak_lead(new_id(), source_id=fair)
    good = a_lead(new_id(), source_id=shop)
    other = a_weak_lead(new_id(), source_id=shop)
    await desk.hear(weak, good, other)
    await desk.hear(
        won(weak, "1250.50"), won(weak, "0.25"), won(good, "3", "BRL"),
        won(other, "9", outcome="lost"),
    )  # fmt: skip
    said = len(await desk.said())

    found = await diffed(desk, await draft(desk, **LOW))

    assert found.status == "ended"
    assert (found.total.newly.people, found.total.still.people) == (2, 1)
    assert found.total.newly.amounts == {"EUR": Decimal("1250.75")}
    by_source = {one.source_id: one for one in found.sources}
    assert (by_source[fair].newly.people, by_source[fair].newly.won) == (1, 2)
    assert (by_source[shop].newly.people, by_source[shop].newly.won) == (1, 0)
    assert by_source[shop].still.amounts == {"BRL": Decimal(3)}
    assert len(await desk.said()) == said


async def test_who_crosses_no_more_is_named_with_both_scores_and_the_reasons(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    lead = a_lead(new_id())
    await desk.hear(lead)

    found = await diffed(desk, await draft(desk, **HIGH))

    async with desk.transactions.read() as reader:
        (row,) = await queries.people(reader, found.diff_id, Side.NO_LONGER, after=FIRST, limit=9)
    assert row["person_id"] == lead.key
    assert (row["points_before"], row["points_after"], row["decided_at"]) == (30, 1, NOON)
    assert row["reasons"] == [["business_email", 20, 0], ["gave_company", 10, 0], ["any", 0, 1]]


async def test_a_diff_that_is_killed_goes_on_where_it_was_and_counts_nobody_twice(
    desk: Desk,
) -> None:
    desk.clock.advance(seconds=86_400)
    await desk.hear(*(a_weak_lead(new_id()) for _ in range(7)))
    diff_id = await order(desk, await draft(desk, **LOW))

    await diff_once(desk, limit=3)
    await killed(desk, partial(diffing.diff_some, limit=3))
    half = await result(desk, diff_id)
    while await diff_once(desk, limit=3) == 3:
        pass
    whole = await result(desk, diff_id)

    assert (half.people, half.people_total, half.total.newly.people) == (3, 7, 3)
    assert (whole.status, whole.people, whole.total.newly.people) == ("ended", 7, 7)
    assert await diff_once(desk) == 0


async def test_two_at_work_never_compare_the_same_people(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    await desk.hear(a_weak_lead(new_id()))
    diff_id = await order(desk, await draft(desk, **LOW))

    async with desk.transactions.begin() as tx:
        mine = await diffing.diff_some(tx, limit=10)
        theirs = await diff_once(desk)

    assert (mine, theirs) == (1, 0)
    assert (await result(desk, diff_id)).total.newly.people == 1


async def test_a_merged_person_is_compared_once_with_all_that_they_did(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    asks = {"rules": [DEMO], "line": {"points": 20}}
    lead, doer = a_weak_lead(new_id(), minutes=5), new_id()
    other = a_weak_lead(new_id(), minutes=6)
    await desk.hear(lead, an_activity(doer), other)
    await desk.hear(*a_merge(doer, lead.key, other.key, merge_id=new_id()))

    found = await diffed(desk, await draft(desk, **asks))

    assert found.people == 2
    assert (found.total.newly.people + found.total.still.people, found.total.never.people) == (1, 0)


async def test_a_period_looks_at_those_who_were_heard_of_in_it(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    early, late = a_weak_lead(new_id()), a_weak_lead(new_id(), minutes=60)
    await desk.hear(early, late)
    version = await draft(desk, **LOW)

    found = await diffed(desk, version, (NOON + timedelta(minutes=30), None))
    before = await diffed(desk, version, (None, NOON + timedelta(minutes=30)))

    assert (found.total.newly.people, before.total.newly.people) == (1, 1)


async def test_who_is_forgotten_is_left_out_and_consent_counts_from_its_time(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    gone, granted, silent = a_lead(new_id()), a_lead(new_id()), a_lead(new_id())
    await desk.hear(gone, granted, silent, a_consent(granted.key, "contact", minutes=5))
    await desk.hear(an_erasure(gone.key))
    asks = {"line": {"points": 0, "needs_consent": True}}

    found = await diffed(desk, await draft(desk, **asks))

    assert (found.total.no_longer.people, found.total.still.people) == (1, 1)


async def test_what_a_company_adds_up_to_is_as_it_was_at_each_moment(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    company = new_id()
    rule = {
        "id": "many", "group": "fit", "points": 5, "text": "several of them wrote",
        "company": {"count_of": "people", "at_least": 2},
    }  # fmt: skip
    first = a_weak_lead(new_id(), company_id=company)
    second = a_weak_lead(new_id(), minutes=5, company_id=company)
    await desk.hear(first, second)

    found = await diffed(desk, await draft(desk, rules=[rule], line={"points": 5}))

    async with desk.transactions.read() as reader:
        rows = await queries.people(reader, found.diff_id, Side.NEWLY, after=FIRST, limit=9)
    assert [row["person_id"] for row in rows] == [second.key]


async def test_asking_twice_gives_one_diff_and_too_many_are_refused(desk: Desk) -> None:
    version = await draft(desk, **LOW)
    times = [NOON - timedelta(days=n) for n in range(1, diffing.OPEN_MAX)]

    first, again = await order(desk, version), await order(desk, version)
    for since in times:
        await order(desk, version, (since, None))

    assert first == again
    with pytest.raises(TooMany):
        await order(desk, version, (NOON - timedelta(days=99), None))


async def test_a_cancelled_diff_stays_where_it_is_and_lets_others_go_on(desk: Desk) -> None:
    desk.clock.advance(seconds=86_400)
    await desk.hear(*(a_weak_lead(new_id()) for _ in range(4)))
    version = await draft(desk, **LOW)
    diff_id = await order(desk, version)
    await diff_once(desk, limit=2)

    async with desk.transactions.begin() as tx:
        await diffing.cancel(diff_id, tx)

    assert await diff_once(desk) == 0
    found = await result(desk, diff_id)
    assert (found.status, found.people) == ("cancelled", 2)
    assert (await diffed(desk, version)).people == 4


async def test_what_can_not_be_compared_is_refused(desk: Desk) -> None:
    version = await draft(desk, **LOW)

    with pytest.raises(NotFound):
        await order(desk, 99)
    with pytest.raises(Conflict, match="itself"):
        await order(desk, 1)
    with pytest.raises(Refused, match="later"):
        await order(desk, version, (NOON, NOON))


async def test_the_bench_compares_everybody(templates: Templates) -> None:
    url = await templates.copy("lead_scoring")
    database = Database(url, connections_max=1, application="test")
    await database.open()
    async with Transactions(database, SystemClock(), "test", lambda: None).begin() as tx:
        await ensure_policy(tx)
    await database.close()

    measured = await diff_on(url, people=300)

    assert measured.people == 300
    assert 0 < measured.changed < 300
