"""How a pursuit ends, and how that may be said again or corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from baton.contracts.vocabulary import ClosureReason, Outcome
from sales_routing.domain.impossible import Impossible
from sales_routing.domain.prospect import (
    Closed,
    Prospect,
    Superseded,
    holder,
    is_open,
    moved,
)

CLOCKS_DIFFER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Won:
    """The person became a customer."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Lost:
    """They bought elsewhere, or nothing."""

    reason: ClosureReason


@dataclass(frozen=True, slots=True)
class Disqualified:
    """They never could have become one."""

    reason: ClosureReason


Ending = Won | Lost | Disqualified


@dataclass(frozen=True, slots=True)
class Report:
    """One version of what a CRM says about how a deal ended."""

    deal_id: str
    version: int
    ending: Ending
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Repeated:
    """It was said before, word for word; nothing changes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """It is news; the prospect has ended."""

    prospect: Prospect


@dataclass(frozen=True, slots=True)
class Corrected:
    """It replaces an earlier version."""

    prospect: Prospect
    corrects_version: int


Verdict = Repeated | Ended | Corrected


def reported(prospect: Prospect, earlier: Sequence[Report], report: Report) -> Verdict:
    """Judge a report by what was reported of this prospect before, oldest version first.

    Raises `Impossible` when it contradicts what holds: the same version with other content, an
    older version that was never heard, another deal, or a pursuit that has no outcome to report.
    """
    same = next((one for one in earlier if _key(one) == _key(report)), None)
    if same == report:
        return Repeated()
    if same is not None:
        raise Impossible(
            f"version {report.version} of deal {report.deal_id} was reported with other content: "
            "a correction needs a higher version",
            kind="version_conflict",
        )
    return _corrected(prospect, earlier[-1], report) if earlier else _ended(prospect, report)


def is_in_the_future(report: Report, now: datetime) -> bool:
    """Whether a deal is said to have closed later than clocks may differ."""
    return report.closed_at > now + CLOCKS_DIFFER


def outcome_of(ending: Ending) -> Outcome:
    """The word for an ending."""
    match ending:
        case Won():
            return Outcome.WON
        case Lost():
            return Outcome.LOST
        case Disqualified():
            return Outcome.DISQUALIFIED


def _key(report: Report) -> tuple[str, int]:
    return report.deal_id, report.version


def _ended(prospect: Prospect, report: Report) -> Ended:
    if isinstance(prospect.place, Superseded):
        raise Impossible(
            f"prospect {prospect.id} is joined to prospect {prospect.place.by_id}: report it there",
            kind="superseded",
        )
    if not is_open(prospect):
        raise Impossible(
            f"prospect {prospect.id} is {prospect.state}, it has no outcome to report",
            kind="not_open",
        )
    return Ended(moved(prospect, Closed(outcome_of(report.ending), holder(prospect))))


def _corrected(prospect: Prospect, latest: Report, report: Report) -> Corrected:
    if report.deal_id != latest.deal_id:
        raise Impossible(
            f"prospect {prospect.id} was closed by deal {latest.deal_id}", kind="other_deal"
        )
    if report.version < latest.version:
        raise Impossible(
            f"version {latest.version} of deal {report.deal_id} holds: "
            "a correction needs a higher version",
            kind="older_version",
        )
    if not isinstance(prospect.place, Closed):
        raise Impossible(
            f"prospect {prospect.id} is {prospect.state}, its outcome can't be corrected",
            kind="not_closed",
        )
    closed = moved(prospect, Closed(outcome_of(report.ending), prospect.place.rep_id))
    return Corrected(closed, latest.version)
