"""A version that held before holds again when somebody wants it, and never by itself."""

import pytest

from baton.errors import Conflict
from baton.ids import new_id
from baton.transaction import Origin
from lead_scoring.handlers import policies
from support.scoring_desk import WHO, Desk, a_weak_lead
from support.scoring_diffs import draft
from support.scoring_rescoring import LOW, STRICT, rescore


async def test_an_older_version_holds_again_knowingly_and_its_number_still_grows(
    desk: Desk,
) -> None:
    lead = a_weak_lead(new_id())
    strict = await desk.publish(**STRICT)
    await desk.hear(lead)

    async with desk.transactions.begin() as tx:
        await policies.roll_back(1, tx, replaces=strict, who=WHO, origin=Origin.fresh())
    await rescore(desk)

    said = [one["data"] for one in await desk.said() if one["type"] == "PolicyPublished"]
    assert [(one["version"], one["publication"], one["is_rollback"]) for one in said] == [
        (strict, 2, False),
        (1, 3, True),
    ]
    (*_, last) = [one["data"] for one in await desk.said() if one["key"] == lead.key]
    assert (last["policy_version"], last["missing"]) == (1, ["points"])
    assert await desk.unaccounted() == 0


async def test_no_late_repetition_brings_an_older_version_back(desk: Desk) -> None:
    second, third = await desk.publish(**STRICT), await desk.publish(**LOW)
    async with desk.transactions.begin() as tx:
        await policies.roll_back(second, tx, replaces=third, who=WHO, origin=Origin.fresh())

    async with desk.transactions.begin() as tx:
        with pytest.raises(Conflict, match="unknowingly"):
            await policies.publish(third, tx, who=WHO, origin=Origin.fresh())
    async with desk.transactions.begin() as tx:
        with pytest.raises(Conflict, match="holds, not"):
            await policies.roll_back(1, tx, replaces=third, who=WHO, origin=Origin.fresh())
    again = await draft(desk, **LOW)
    async with desk.transactions.begin() as tx:
        with pytest.raises(Conflict, match="never held"):
            await policies.roll_back(again, tx, replaces=second, who=WHO, origin=Origin.fresh())
