"""`make prove`: the proof at full size. The last line is the auditor's."""

import argparse
import asyncio
import random
import sys
import time
from typing import Final

from faults.campaign import Campaign, a_campaign
from faults.yard import TARGETS, a_yard

SECONDS_PER_KILL: Final = 8.0
PAUSE_SECONDS: Final = (0.5, 4.0)


def main() -> None:
    """Run, and exit with 0 only when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m faults.prove", description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    sys.exit(asyncio.run(_prove(options.kills, options.leads, options.seed)))


async def _prove(kills: int, leads: int, seed: int) -> int:
    started = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:7.1f} s  {text}\n")

    async with a_yard(say) as yard, a_campaign(yard, say) as campaign:
        per_second = leads / max(1.0, kills * SECONDS_PER_KILL)

        async def faults() -> None:
            await kill_at_random(campaign, kills, seed)

        verdict = await campaign.run(faults, leads=leads, per_second=per_second)
        for finding in verdict.findings():
            say(finding)
        sys.stdout.write(campaign.line(verdict) + "\n")
        return 0 if verdict.is_clean else 1


async def kill_at_random(campaign: Campaign, kills: int, seed: int) -> None:
    """Kill each target in turn, in an order and at moments that the seed draws."""
    dice = random.Random(seed)
    targets = [TARGETS[number % len(TARGETS)] for number in range(kills)]
    dice.shuffle(targets)
    for target in targets:
        await asyncio.sleep(dice.uniform(*PAUSE_SECONDS))
        await campaign.kill(target)


if __name__ == "__main__":
    main()
