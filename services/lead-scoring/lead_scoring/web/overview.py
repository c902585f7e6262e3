"""The front page of scoring: where the line lies, who is on which side, and what was decided."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from baton.database import Reader
from baton.web import plots
from baton.web.plots import Series
from lead_scoring import queries
from lead_scoring.domain.policy import Policy, Rule, texts_of
from lead_scoring.domain.words import note_of
from lead_scoring.queries import line
from lead_scoring.repository import policies
from lead_scoring.web.room import Room, Signed

LATEST_MAX: Final = 25
TREND_DAYS: Final = 30
EARLIEST: Final = date(1990, 1, 1)
DECIDED: Final = ("qualified", "nurtured", "disqualified")
"""What a lead becomes; the other receipts decide about none."""
SIDES: Final = {
    "qualified": ("beyond the line", "one"),
    "nurtured": ("not yet", "two"),
    "disqualified": ("disqualified", "three"),
    "withdrawn": ("taken back", "four"),
}
"""Where a lead is today, in words, and the colour that it is drawn with."""
SOURCES_MAX: Final = 50


def add_overview(router: APIRouter, room: Room) -> None:
    """`/`."""

    @router.get("/")
    async def front_page(
        request: Request, person: Signed, *, until: date | None = None, live: bool = False
    ) -> Response:
        async with room.read() as reader:
            context = await _overview(reader)
            trend = await _trend(reader, until, room.now())
        return room.show(request, "scoring.html", person, is_live=live, **context, **trend)


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


async def _trend(reader: Reader, until: date | None, now: datetime) -> dict[str, Any]:
    """Leads of some days by where they are; without a day, the latest days with any."""
    today = now.astimezone(UTC).date()
    last = today if until is None else min(max(until, EARLIEST), today)
    rows = await _days_up_to(reader, last)
    if not rows and until is None:
        at = await line.last_lead_at(reader)
        last = last if at is None else at.astimezone(UTC).date()
        rows = await _days_up_to(reader, last)
    days = [last - timedelta(days=n) for n in range(TREND_DAYS - 1, -1, -1)]
    later = last + timedelta(days=TREND_DAYS)
    series = [Series(words, colour, _counts(rows, days, state))
              for state, (words, colour) in SIDES.items()]  # fmt: skip
    return {
        "days": days if rows else [],
        "sides": plots.stacked("Leads per day, by where they are now", days, series),
        "side_words": {state: words for state, (words, _) in SIDES.items()},
        "by_source": _by_source(rows),
        "earlier": days[0] - timedelta(days=1),
        "later": min(later, today) if last < today else None,
    }


async def _days_up_to(reader: Reader, last: date) -> list[dict[str, Any]]:
    end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    return await line.days(reader, end - timedelta(days=TREND_DAYS), end)


def _counts(rows: Sequence[dict[str, Any]], days: Sequence[date], state: str) -> tuple[int, ...]:
    counts: Counter[date] = Counter()
    for row in rows:
        if row["state"] == state:
            counts[row["day"]] += row["leads"]
    return tuple(counts[day] for day in days)


def _by_source(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources with the most leads first; a source is called by its id until it has a name."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        own = counts.setdefault(row["source"] or row["source_id"], Counter())
        own[row["state"]] += row["leads"]
    ranked = sorted(counts.items(), key=lambda one: (-one[1].total(), one[0]))
    return [
        {"name": name, "leads": own.total(), "counts": own,
         "share": own["qualified"] / own.total()}
        for name, own in ranked[:SOURCES_MAX]
    ]  # fmt: skip
