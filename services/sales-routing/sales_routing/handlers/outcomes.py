"""How pursuits ended, as CRMs report it: once, again, or corrected."""

from collections.abc import Sequence
from dataclasses import dataclass

from baton.errors import Refused
from baton.transaction import Origin, Transaction
from sales_routing.domain.outcomes import (
    Corrected,
    Ended,
    Repeated,
    Report,
    is_in_the_future,
    reported,
)
from sales_routing.domain.prospect import Closed, Prospect
from sales_routing.handlers import facts
from sales_routing.handlers.desk import Desk, open_for_prospects
from sales_routing.handlers.judging import found, judge_each
from sales_routing.repository import outcomes
from sales_routing.repository.outcomes import Kept


@dataclass(frozen=True, slots=True)
class OutcomeRequest:
    """A report about one prospect."""

    prospect_id: str
    report: Report


@dataclass(slots=True)
class _Book:
    """What was reported of the prospects in hand, and what is news."""

    desk: Desk
    origin: Origin
    kept: dict[str, list[Kept]]
    news: list[Kept]

    def act(self, request: OutcomeRequest) -> Kept:
        """Judge one request; the answer is what is kept of it, now or since it was said first."""
        prospect = found(self.desk, request.prospect_id)
        if is_in_the_future(request.report, self.desk.tx.now):
            raise Refused("closed_at must not lie in the future", field="closed_at")
        earlier = self.kept.setdefault(request.prospect_id, [])
        match reported(prospect, [one.report for one in earlier], request.report):
            case Repeated():
                return next(one for one in earlier if one.report == request.report)
            case Ended(prospect=after):
                return self._keep(after, request.report)
            case Corrected(prospect=after, corrects_version=version):
                return self._keep(after, request.report, version)

    def _keep(self, after: Prospect, report: Report, corrects_version: int | None = None) -> Kept:
        assert isinstance(after.place, Closed)
        rep_id = after.place.rep_id
        kept = Kept(after.id, report, rep_id, self.desk.tx.now)
        self.desk.put(after)
        if corrects_version is None:
            fact = facts.closed(after, rep_id, report)
        else:
            fact = facts.corrected(after, rep_id, report, corrects_version=corrects_version)
        self.desk.say(
            fact,
            self.origin,
            rep_id=rep_id,
            happened_at=report.closed_at,
            outcome=after.place.outcome,
            version=report.version,
        )
        self.kept[after.id].append(kept)
        self.news.append(kept)
        return kept


async def report(
    requests: Sequence[OutcomeRequest], tx: Transaction, *, who: str, origin: Origin
) -> list[Kept | Refused]:
    """Keep what is reported; an answer for each, in order. The same report has the same answer."""
    desk = await open_for_prospects(tx, who, {one.prospect_id for one in requests})
    book = _Book(desk, origin, await outcomes.load(tx, desk.prospects), [])
    answered = judge_each(requests, book.act)
    await desk.save()
    await outcomes.save(tx, book.news)
    return answered
