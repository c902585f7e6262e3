"""The front page of scoring: where the line lies, what was decided lately, and why."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.staff import Role
from baton.auth.web import signed_in
from baton.database import Reader
from baton.parts import Frame
from baton.web import Pages
from lead_scoring import queries
from lead_scoring.domain.policy import Policy, Rule, texts_of
from lead_scoring.domain.words import note_of
from lead_scoring.repository import policies

NAME: Final = "lead-scoring"
NAV: Final = (("/", "The line"),)
LATEST_MAX: Final = 25
DECIDED: Final = ("qualified", "nurtured", "disqualified")
"""What a lead becomes; the other receipts decide about none."""
# Scores help marketing and managers to draw the line; a rep sees a score with its prospect.
Signed = Annotated[Person, Depends(signed_in(Role.MARKETING, Role.MANAGER, Role.OPERATOR))]


def make_router(frame: Frame) -> APIRouter:
    """`/`."""
    pages = Pages(NAME, Path(__file__).parent / "templates", nav=NAV)
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front_page(request: Request, person: Signed, *, live: bool = False) -> Response:
        async with frame.transactions.read() as reader:
            context = await _overview(reader)
        now = frame.transactions.clock.now()
        shown = {**context, "person": person, "now": now, "is_live": live}
        return pages.render(request, "scoring.html", shown)

    return router


async def _overview(reader: Reader) -> dict[str, Any]:
    version = await policies.active_version(reader)
    stored = None if version is None else await policies.find(reader, version)
    latest = await queries.latest_decisions(reader, limit=LATEST_MAX)
    versions = {row["policy_version"] for row in latest} | ({version} if version else set())
    known = await policies.load_many(reader, versions)
    policy = known.get(version) if version else None
    results = await queries.results(reader)
    return {
        "stored": stored,
        "policy": policy,
        "fit_rules": _rules(policy.fit_rules) if policy else [],
        "engagement_rules": _rules(policy.engagement_rules) if policy else [],
        "results": [(name, results.get(name, 0)) for name in DECIDED],
        "decided": sum(results.get(name, 0) for name in DECIDED),
        "withdrawn": await queries.withdrawn(reader),
        "outcomes": await queries.outcomes(reader),
        "decisions": _decisions(latest, known),
    }


def _rules(rules: Sequence[Rule]) -> list[tuple[Rule, str]]:
    return [(rule, note_of(rule)) for rule in rules]


def _decisions(
    rows: Sequence[Mapping[str, Any]], known: Mapping[int, Policy]
) -> list[dict[str, Any]]:
    texts = {version: texts_of(policy) for version, policy in known.items()}
    return [
        {
            **row,
            "score": row["fit"] + row["engagement"],
            "factors": [
                {"points": points, "text": texts[row["policy_version"]].get(rule, rule)}
                for rule, points, *_ in row["factors"]
            ],
            "missing": row["missing"] or [],
        }
        for row in rows
    ]
