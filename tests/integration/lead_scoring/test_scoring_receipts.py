"""Every decision comes out again from what is recorded, and what is tampered with shows."""

import json
from collections.abc import Callable

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.ids import new_id
from lead_scoring.handlers import verifying
from support.scoring_desk import (
    Desk,
    a_consent,
    a_lead,
    a_merge,
    a_weak_lead,
    an_erasure,
    an_unmerge,
)

MAKERS: tuple[Callable[..., Event[Fact]], ...] = (a_lead, a_weak_lead)
SHARP = {
    "fit": {"minimum": -1.5, "maximum": 0.3},
    "rules": [
        {"id": "a", "group": "fit", "points": 0.1, "text": "a"},
        {"id": "b", "group": "fit", "points": 0.2, "text": "b"},
        {"id": "c", "group": "engagement", "points": 1.1, "text": "c", "to_lead": 7},
    ],
    "line": {"points": 3.5, "needs_consent": True, "without_consent": "disqualify"},
}


async def live_a_while(desk: Desk) -> int:
    """Everything that can happen to people, under two policies; returns how many leads came."""
    people = [new_id() for _ in range(12)]
    merges = [new_id(), new_id()]
    count = 0
    for turn in range(4):
        events = [
            MAKERS[(turn + n) % 2](
                person,
                minutes=turn * 10 + n,
                is_test=(turn + n) % 7 == 0,
                consent=["contact"] if n % 3 else [],
                channel="referral" if n % 2 else "unknown",
                traits={"size": n / 7},
            )
            for n, person in enumerate(people)
        ]
        count += len(events)
        await desk.hear(*events)
        if turn == 0:
            await desk.hear(*a_merge(people[0], people[1], merge_id=merges[0]))
            await desk.hear(*a_merge(people[1], people[2], merge_id=merges[1]))
        if turn == 1:
            await desk.hear(*an_unmerge(people[0], people[1], merge_id=merges[0]))
            await desk.hear(a_consent(people[3], minutes=15), an_erasure(people[4]))
            await desk.publish(**SHARP)
    return count


async def test_all_receipts_of_a_while_come_out_again(desk: Desk) -> None:
    count = await live_a_while(desk)

    found = await desk.verify()

    # What was taken back or looked at again has a receipt besides.
    assert found.checked >= count
    assert found.differences == []
    assert await desk.unaccounted() == 0


async def test_receipts_are_verified_page_by_page(desk: Desk) -> None:
    await desk.hear(*(a_lead(new_id()) for _ in range(5)))
    checked, after = 0, verifying.FIRST

    while True:
        async with desk.transactions.read() as reader:
            page = await verifying.verify(reader, after=after, limit=2)
        checked += page.checked
        if page.last_id is None:
            break
        after = page.last_id

    assert checked == 5


async def test_a_receipt_or_a_fact_that_somebody_changed_shows(desk: Desk) -> None:
    events = [a_lead(new_id()) for _ in range(4)]
    await desk.hear(*events)

    async with desk.transactions.begin() as tx:
        await tx.execute("update receipts set fit = fit + 1e-9 where id = $1", events[0].id)
        await tx.execute(
            "update facts set data = data || $2 where event_id = $1",
            events[1].id,
            json.loads('{"fields": []}'),
        )
        await tx.execute("delete from facts where event_id = $1", events[2].id)

    found = await desk.verify()
    assert {one.receipt.id for one in found.differences} == {one.id for one in events[:3]}


async def test_a_receipt_names_every_event_it_was_made_from(desk: Desk) -> None:
    ann, bob = new_id(), new_id()
    first, word = a_weak_lead(ann), a_consent(bob, "contact")
    await desk.hear(first, word, *a_merge(ann, bob, merge_id=new_id()))
    second = a_lead(bob, minutes=5)

    await desk.hear(second)

    found = await desk.score(bob)
    newest = found.receipts[0]
    assert newest.inputs.leads == (first.id, second.id)
    assert newest.inputs.consent == word.id
    assert len(found.receipts) == 2
