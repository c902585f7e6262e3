"""What a diff looks like from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from lead_scoring.domain.diffing import Side
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.repository.diffs import Diff, DiffStatus


class SideView(BaseModel):
    """People on a side of the diff, with the deals won among them; amounts by currency."""

    people: int = 0
    won: int = 0
    amounts: dict[str, Decimal] = Field(default_factory=dict, examples=[{"EUR": "1250.50"}])


class SidesView(BaseModel):
    """Who would have crossed the line by the draft alone, not any more, by both, and by none."""

    newly: SideView
    no_longer: SideView
    still: SideView
    never: SideView


class SourceSidesView(SidesView):
    """The same of one source; its name is null until the catalogue has said it."""

    source_id: str
    name: str | None


class DiffView(BaseModel):
    """A version compared with another one over a period, and how far that is.

    A person is on the source of the lead that would have been decided otherwise, or else of the
    one that crossed the line, or of their newest.
    """

    diff_id: str
    version: int
    against: int
    since: datetime | None
    until: datetime
    status: DiffStatus
    people: int
    people_total: int
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None


class DiffResultView(DiffView):
    """With what was found so far; the most changed sources first."""

    total: SidesView
    sources: list[SourceSidesView]


class ChangeView(BaseModel):
    """A rule that makes the difference: what it gave before and gives after."""

    rule: str
    text: str
    before: float
    after: float


class ChangedPersonView(BaseModel):
    """Somebody on another side, with both scores as they were then, and the main reasons."""

    person_id: str
    side: Side
    source_id: str
    decided_at: datetime
    points_before: float
    points_after: float
    won: int
    reasons: list[ChangeView]


def diff_view(diff: Diff) -> DiffView:
    """A diff without its result."""
    return DiffView(**_fields(diff))


def result_view(diff: Diff, counts: Sequence[Mapping[str, Any]]) -> DiffResultView:
    """A diff with its result; `counts` are rows by source and side."""
    by_source: dict[str, dict[str, SideView]] = {}
    names: dict[str, str | None] = {}
    for row in counts:
        names[row["source_id"]] = row["name"]
        amounts = {currency: Decimal(text) for currency, text in row["amounts"].items()}
        view = SideView(people=row["people"], won=row["won"], amounts=amounts)
        by_source.setdefault(row["source_id"], {})[row["side"]] = view
    return DiffResultView(
        **_fields(diff),
        total=SidesView(**{side: _sum(list(by_source.values()), side) for side in Side}),
        sources=[
            SourceSidesView(source_id=source_id, name=names[source_id], **_all(sides))
            for source_id, sides in by_source.items()
        ],
    )


def changed_person_view(row: Mapping[str, Any], known: Sequence[Policy]) -> ChangedPersonView:
    """Somebody on another side; `known` are the policies that were compared."""
    texts = {rule: text for policy in known for rule, text in texts_of(policy).items()}
    reasons = [
        ChangeView(rule=rule, text=texts.get(rule, rule), before=before, after=after)
        for rule, before, after in row["reasons"]
    ]
    fields = {name: row[name] for name in ChangedPersonView.model_fields if name != "reasons"}
    return ChangedPersonView(**fields, reasons=reasons)


def _fields(diff: Diff) -> dict[str, Any]:
    return {
        "diff_id": diff.id,
        "version": diff.version,
        "against": diff.against,
        "since": diff.period.since,
        "until": diff.period.until,
        "status": diff.status,
        "people": diff.people,
        "people_total": diff.people_total,
        "created_at": diff.created_at,
        "created_by": diff.created_by,
        "started_at": diff.started_at,
        "ended_at": diff.ended_at,
    }


def _all(sides: Mapping[str, SideView]) -> dict[str, SideView]:
    return {side: sides.get(side, SideView()) for side in Side}


def _sum(sources: Sequence[Mapping[str, SideView]], side: Side) -> SideView:
    total = SideView()
    for sides in sources:
        one = sides.get(side, SideView())
        total.people += one.people
        total.won += one.won
        for currency, amount in one.amounts.items():
            total.amounts[currency] = total.amounts.get(currency, Decimal(0)) + amount
    return total
