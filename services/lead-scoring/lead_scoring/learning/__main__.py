"""`python -m lead_scoring.learning`: cases come in as lines of JSON, figures go out as such.

A process of its own, so that whoever asks needs neither the memory nor the libraries. The first
line holds what is asked; each other one a case: id, day, traits, outcome or null, day or null.
"""

import json
import sys
from collections.abc import Mapping

from baton.contracts.vocabulary import Outcome
from lead_scoring.learning.cases import Case
from lead_scoring.learning.evaluating import Plan, evaluate
from lead_scoring.learning.settings import Settings


def main() -> None:
    """Read everything, then tell of each chunk as it is done, and of everything at the end."""
    asked, *lines = sys.stdin.read().splitlines()
    wanted = json.loads(asked)
    cases = [_case(json.loads(line)) for line in lines]
    settings = Settings(segment=wanted["segment"], chunks=wanted["chunks"])
    plan = Plan(cuts=wanted["cuts"], recent=wanted["recent"])
    _tell({"report": evaluate(cases, settings, plan, _tell)})


def _case(fields: list[object]) -> Case:
    id_, decided_at, traits, outcome, closed_at = fields
    assert isinstance(decided_at, int | float)
    assert isinstance(traits, dict)
    return Case(
        id=str(id_),
        decided_at=float(decided_at),
        traits=traits,
        outcome=None if outcome is None else Outcome(str(outcome)),
        closed_at=float(closed_at) if isinstance(closed_at, int | float) else None,
    )


def _tell(told: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
