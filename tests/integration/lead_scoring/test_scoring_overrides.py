"""Somebody's own score stands beside the machine's, says so, and ends when it says."""

from datetime import timedelta

import pytest

from baton.contracts.vocabulary import OverrideReason
from baton.errors import NotFound, Refused
from baton.ids import new_id
from baton.transaction import Origin
from lead_scoring.handlers.overriding import override
from support.facts import NOON
from support.scoring_desk import WHO, Desk, a_lead, a_merge


async def set_points(
    desk: Desk, person_id: str, points: float | None, *, days: float | None = None
) -> None:
    """Somebody says so."""
    expires_at = None if days is None else NOON + timedelta(days=days)
    async with desk.transactions.begin() as tx:
        await override(
            person_id, tx, points=points, reason=OverrideReason.STRATEGIC,
            expires_at=expires_at, who=WHO, origin=Origin.fresh(),
        )  # fmt: skip


async def test_an_override_stands_beside_the_score_and_is_said_and_audited(desk: Desk) -> None:
    ann, bob = new_id(), new_id()
    await desk.hear(a_lead(ann), *a_merge(ann, bob, merge_id=new_id()))

    await set_points(desk, ann, 77)

    found = await desk.score(bob)
    assert found.override is not None
    assert (found.override.points, found.override.who, found.score.points) == (77, WHO, 30)
    said = (await desk.said())[-1]
    assert (said["type"], said["key"], said["data"]["points"]) == ("ScoreOverridden", ann, 77)
    (audited,) = await desk.fetch("select what from audit_log where subject = $1", ann)
    assert audited["what"] == "score overridden"
    assert await desk.unaccounted() == 0


async def test_an_override_ends_by_its_date_or_by_hand(desk: Desk) -> None:
    person_id = new_id()
    await desk.hear(a_lead(person_id))
    await set_points(desk, person_id, 5, days=3)

    before = await desk.score(person_id)
    desk.clock.advance(seconds=3 * 24 * 60 * 60)
    after = await desk.score(person_id)
    await set_points(desk, person_id, 6)
    await set_points(desk, person_id, None)

    assert before.override is not None
    assert after.override is None
    assert (await desk.score(person_id)).override is None


async def test_nobody_and_the_past_are_refused(desk: Desk) -> None:
    person_id = new_id()
    await desk.hear(a_lead(person_id))

    with pytest.raises(NotFound):
        await set_points(desk, new_id(), 5)
    with pytest.raises(Refused):
        await set_points(desk, person_id, 5, days=-1)
