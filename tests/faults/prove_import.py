"""`make prove`, the import's part: 100,000 rows, killed three times. The last line says it."""

import argparse
import asyncio
import sys
import time
from typing import Final

from faults.campaign import a_campaign
from faults.importing import import_and_kill
from faults.yard import a_yard

TARGETS: Final = ("marketing-intake", "postgres", "marketing-intake")


def main() -> None:
    """Run, and exit with 0 only when every row is accounted for exactly once."""
    parser = argparse.ArgumentParser(prog="python -m faults.prove_import", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    sys.exit(asyncio.run(_prove(parser.parse_args().rows)))


async def _prove(rows: int) -> int:
    started = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:7.1f} s  {text}\n")

    async with a_yard(say) as yard, a_campaign(yard, say, name="import") as campaign:
        accounts = await import_and_kill(campaign, TARGETS, rows=rows, say=say)
        sys.stdout.write(f"{campaign.kills.total()} kills: {accounts.line()}\n")
        return 0 if accounts.is_exact(rows) else 1


if __name__ == "__main__":
    main()
