"""An import goes on where it was, whatever is killed: every row is accounted for exactly once."""

from faults.campaign import Campaign
from faults.importing import import_and_kill

ROWS = 20_000
TARGETS = ("marketing-intake", "postgres", "marketing-intake")


async def test_an_import_that_is_killed_three_times_is_exact(campaign: Campaign) -> None:
    accounts = await import_and_kill(campaign, TARGETS, rows=ROWS, say=campaign.progress)

    assert accounts.is_exact(ROWS), accounts.line()
