"""Attribution: who is credited with what by which model, what it cost, and why others were lost."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from baton.database import Reader
from baton.errors import Refused
from marketing_intake import queries
from marketing_intake.domain import numbers
from marketing_intake.domain.attribution import Model, Reached
from marketing_intake.domain.numbers import By, Ledger, Line
from marketing_intake.domain.period import Period
from marketing_intake.web.room import GIVEN, Room, Signed

DAYS_DEFAULT: Final = 30
"""With a hundred thousand leads a year that is a quarter of a second in the database."""
MODELS: Final = {
    Model.FIRST_TOUCH: "first touch",
    Model.LAST_TOUCH: "last touch",
    Model.LINEAR: "linear: every touch the same",
    Model.POSITION_BASED: "position-based: 40 / 20 / 40",
    Model.TIME_DECAY: "time decay: half as much a week earlier",
}
LINKS: Final = {By.SOURCE: "/sources/", By.CAMPAIGN: "/campaigns/"}


OptionalDate = Annotated[date | None, GIVEN, Query()]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is asked for; both days of the period belong to it."""

    model: Model = Model.LAST_TOUCH
    by: By = By.SOURCE
    since: OptionalDate = None
    until: OptionalDate = None
    as_of: OptionalDate = None
    span: Annotated[str, Query(pattern="^(all|)$")] = ""

    def period(self, today: date) -> Period:
        """The period; the last 30 days when nothing is said. Raises `Refused`."""
        since = self.since
        if since is None and self.until is None and not self.span:
            since = today - timedelta(days=DAYS_DEFAULT - 1)
        if date.max in (self.until, self.as_of):
            raise Refused("a day must have a day after it", field="until")
        until = None if self.until is None else self.until + timedelta(days=1)
        if since is not None and until is not None and since >= until:
            raise Refused("the first day must not lie behind the last", field="since")
        return Period(_midnight(since), _midnight(until), self.as_of)


def add_attribution(router: APIRouter, room: Room) -> None:
    """`/attribution`."""

    @router.get("/attribution")
    async def attribution_page(
        request: Request, person: Signed, asked: Annotated[Asked, Depends()]
    ) -> Response:
        period = asked.period(room.now().astimezone(UTC).date())
        async with room.read() as reader:
            ledger = await queries.ledger(reader, period, by=asked.by, model=asked.model)
            lines = await credited(reader, ledger, period)
        costs = numbers.together(*(line["costs"] for line in lines))
        return room.show(
            request, "attribution.html", person, asked=asked, period=period, lines=lines,
            total=line_of(ledger.total(), costs) | {"name": "All"}, models=MODELS, bys=list(By),
            link=LINKS.get(asked.by, ""), currencies=bars(lines), reasons=reasons(ledger, lines),
        )  # fmt: skip


async def credited(reader: Reader, ledger: Ledger, period: Period) -> list[dict[str, Any]]:
    """The report's lines, the one that brought most first, and nobody's last."""
    costs = await queries.costs(reader, period, ledger.by)
    keys = {*ledger.lines, *costs}
    names = await queries.names(reader, ledger.by, keys)
    lines = [
        line_of(ledger.lines.get(key, Line()), costs.get(key, {}))
        | {"key": key, "name": names.get(key or "", key) if key else "nobody"}
        for key in keys
    ]
    lines.sort(key=lambda line: (line["key"] is None, -line["leads"], line["name"]))
    return lines


def line_of(line: Line, costs: numbers.Money) -> dict[str, Any]:
    """A line's counts and money as they are shown."""
    leads, won = line.count(Reached.LEAD), line.count(Reached.WON)
    return {
        "leads": leads,
        "accepted": line.count(Reached.ACCEPTED),
        "won": won,
        "amounts": numbers.in_units(line.amounts),
        "costs": numbers.in_units(costs),
        "margin": numbers.in_units(numbers.margin(line.amounts, costs)),
        "per_lead": numbers.per_one(costs, leads) or {},
        "per_won": numbers.per_one(costs, won) or {},
    }


def bars(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """For each currency what each line brought and cost, as shares of the largest of both."""
    found: dict[str, list[dict[str, Any]]] = {}
    currencies = sorted({one for line in lines for one in (*line["amounts"], *line["costs"])})
    for currency in currencies:
        pairs = [
            (line["name"], line["amounts"].get(currency), line["costs"].get(currency))
            for line in lines
        ]
        largest = max(max(won or 0, spent or 0) for _, won, spent in pairs) or 1
        found[currency] = [
            {"name": name, "won": won, "spent": spent,
             "won_share": _share(won, largest), "spent_share": _share(spent, largest)}
            for name, won, spent in pairs if won or spent
        ]  # fmt: skip
    return found


def reasons(ledger: Ledger, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Why pursuits were not won, the commonest reason first."""
    names = {line["key"]: line["name"] for line in lines}
    found = [
        {"name": names[key], "outcome": outcome, "reason": reason, "count": count}
        for key, line in ledger.lines.items()
        for (outcome, reason), count in line.blames.items()
    ]
    return sorted(found, key=lambda one: (-one["count"], one["name"], str(one["reason"])))


def _share(amount: Decimal | None, largest: Decimal | int) -> float:
    return max(0.0, float((amount or 0) / largest))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
