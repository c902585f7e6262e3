"""Whatever is killed at whatever moment: nothing is lost, nothing happens twice."""

from faults.campaign import Campaign
from faults.prove import kill_at_random
from faults.yard import TARGETS


async def test_kills_at_random_lose_nothing_and_double_nothing(campaign: Campaign) -> None:
    async def faults() -> None:
        await kill_at_random(campaign, len(TARGETS), seed=3)

    verdict = await campaign.run(faults, leads=300, per_second=15)

    assert set(campaign.kills) == set(TARGETS)
    assert verdict.answered >= 300
    assert verdict.findings() == []
