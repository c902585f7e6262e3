"""A year of many people, out of order and repeated, comes to what the log alone says."""

import os

from baton.errors import NotFound
from lead_scoring.domain.scoring import NOTHING, Score
from lead_scoring.handlers.clocks import pass_due
from support.scoring_desk import Desk
from support.scoring_replay import NEXT_YEAR, REPLAYED, Lives

PEOPLE = int(os.environ.get("BATON_REPLAYED_PEOPLE", "60"))


async def score_of(desk: Desk, person_id: str) -> Score:
    """Where somebody stands, as the service says."""
    try:
        return (await desk.score(person_id)).score
    except NotFound:
        return NOTHING


async def test_final_scores_are_those_of_the_log_and_every_decision_comes_out_again(
    desk: Desk,
) -> None:
    lives = Lives(seed=7, count=PEOPLE)
    await desk.publish(**REPLAYED)
    for number, batch in enumerate(lives.batches(40)):
        await desk.hear(*batch)
        if number % 3 == 0:
            desk.clock.advance(seconds=20 * 24 * 60 * 60)
            async with desk.transactions.begin() as tx:
                await pass_due(tx, limit=1000)
    desk.clock.advance(seconds=(NEXT_YEAR - desk.clock.now()).total_seconds())

    people = sorted({event.key for event in lives.events})
    erased = {row["person_id"] for row in await desk.fetch("select person_id from erasures")}
    policy = (await desk.score(next(one for one in people if one not in erased))).policy
    different = [
        one
        for one in people
        if one not in erased
        and await score_of(desk, one) != lives.score(one, policy, desk.clock.now())
    ]
    verified = await desk.verify(limit=100_000)

    assert different == []
    assert (len(verified.differences), verified.checked > PEOPLE) == (0, True)
    assert await desk.unaccounted() == 0
    words = await desk.words()
    assert {"ProspectQualified", "ProspectWithdrawn", "ScoreChanged", "LeadNurtured"} <= {*words}
