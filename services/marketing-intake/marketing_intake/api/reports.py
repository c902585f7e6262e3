"""Marketing's numbers: what each source, channel and campaign brought, cost, and was told."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from baton.auth.api_keys import Identity
from baton.database import Reader
from baton.http import PROBLEMS, require
from baton.transactions import Transactions
from marketing_intake import queries
from marketing_intake.api.report_shapes import (
    AttributionReport,
    CallLine,
    CallReport,
    CampaignLine,
    CampaignReport,
    CreditLine,
    ReasonLine,
    ReasonReport,
    SourceLine,
    SourceReport,
    asked_period,
    asked_span,
    credit_line,
)
from marketing_intake.domain import campaign as campaigns
from marketing_intake.domain import numbers
from marketing_intake.domain.attribution import Model
from marketing_intake.domain.campaign import Campaign
from marketing_intake.domain.numbers import By, Ledger, Line
from marketing_intake.domain.period import Period
from marketing_intake.domain.target import Aim
from marketing_intake.repository.campaigns import list_all

READER = Depends(require("reports:read"))
Asked = Annotated[Period, Depends(asked_period)]
Span = Annotated[Period, Depends(asked_span)]


def make_reports_router(transactions: Transactions) -> APIRouter:
    """`/v1/reports`."""
    router = APIRouter(prefix="/v1/reports", tags=["reports"], responses=PROBLEMS)

    @router.get("/sources")
    async def report_sources(period: Span, _: Identity = READER) -> SourceReport:
        """Leads, qualified, accepted, won, amounts and conversion per source and channel."""
        async with transactions.read() as reader:
            rows = await queries.source_report(reader, period.since, period.until)
        lines = [SourceLine.model_validate(row) for row in rows]
        return SourceReport(since=period.since, until=period.until, lines=lines)

    @router.get("/attribution")
    async def report_attribution(
        period: Asked, model: Model = Model.LAST_TOUCH, by: By = By.SOURCE, _: Identity = READER
    ) -> AttributionReport:
        """What was reached in the period, credited by a model; it adds up to all there was."""
        async with transactions.read() as reader:
            lines, total = await _credit_lines(reader, period, by=by, model=model)
        return AttributionReport(**_dated(period), model=model, by=by, lines=lines, total=total)

    @router.get("/campaigns")
    async def report_campaigns(
        period: Asked, model: Model = Model.LAST_TOUCH, _: Identity = READER
    ) -> CampaignReport:
        """What each campaign brought and cost, and whether it reached whom it is meant for."""
        async with transactions.read() as reader:
            known = {campaign.id: campaign for campaign in await list_all(reader)}
            credit, total = await _credit_lines(
                reader, period, by=By.CAMPAIGN, model=model, keys=known
            )
            aims = await queries.aims_of(reader, period, known.values())
        lines = [
            _campaign_line(line, known.get(line.key or ""), aims.get(line.key or ""))
            for line in credit
        ]
        return CampaignReport(**_dated(period), model=model, lines=lines, total=total)

    @router.get("/reasons")
    async def report_reasons(
        period: Asked, model: Model = Model.LAST_TOUCH, by: By = By.SOURCE, _: Identity = READER
    ) -> ReasonReport:
        """Why pursuits were not won, by where the people came from."""
        async with transactions.read() as reader:
            ledger = await queries.ledger(reader, period, by=by, model=model)
            names = await queries.names(reader, by, ledger.lines)
        return ReasonReport(
            **_dated(period), model=model, by=by, lines=_reason_lines(ledger, names)
        )

    @router.get("/calls-to-action")
    async def report_calls(period: Asked, _: Identity = READER) -> CallReport:
        """How many people each call to action was put before, and how many answered it."""
        async with transactions.read() as reader:
            rows = await queries.calls_to_action(reader, period)
        return CallReport(**_dated(period), lines=[_call_line(row) for row in rows])

    return router


async def _credit_lines(
    reader: Reader, period: Period, *, by: By, model: Model, keys: Collection[str] = ()
) -> tuple[list[CreditLine], CreditLine]:
    ledger = await queries.ledger(reader, period, by=by, model=model)
    costs = await queries.costs(reader, period, by)
    found = {*ledger.lines, *costs, *keys}
    names = await queries.names(reader, by, found)
    lines = [
        credit_line(key, names.get(key or ""), ledger.lines.get(key, Line()), costs.get(key, {}))
        for key in found
    ]
    # Who brought most stands first, and nobody last.
    lines.sort(key=lambda line: (line.key is None, -line.leads, line.name or "", line.key or ""))
    return lines, credit_line(None, None, ledger.total(), numbers.together(*costs.values()))


def _dated(period: Period) -> dict[str, Any]:
    return {"since": period.since, "until": period.until, "as_of": period.as_of}


def _campaign_line(
    line: CreditLine, campaign: Campaign | None, aims: Mapping[Aim, int] | None
) -> CampaignLine:
    found: dict[str, Any] = dict(line)
    if campaign is not None:
        found |= {"name": campaign.name, "starts_on": campaign.starts_on}
        found |= {"ends_on": campaign.ends_on, "owner": campaign.owner}
    if aims is not None:
        found |= {f"{aim}_target": count for aim, count in aims.items()}
        said = aims[Aim.INSIDE] + aims[Aim.OUTSIDE]
        found["target_share"] = (
            numbers.ratio(Decimal(aims[Aim.INSIDE]), Decimal(said)) if said else None
        )
    return CampaignLine(**found)


def _reason_lines(ledger: Ledger, names: Mapping[str, str]) -> list[ReasonLine]:
    lines = [
        ReasonLine(
            key=key,
            name=names.get(key or ""),
            outcome=outcome,
            reason=reason,
            prospects=count,
        )
        for key, line in ledger.lines.items()
        for (outcome, reason), count in line.blames.items()
    ]
    return sorted(
        lines, key=lambda line: (line.name or "~", -line.prospects, line.outcome, line.reason or "")
    )


def _call_line(row: Mapping[str, Any]) -> CallLine:
    reached = campaigns.reached(row["audience"], row["seen"], row["answered"])
    rate = numbers.ratio(Decimal(row["answered"]), Decimal(reached)) if reached else None
    return CallLine(
        call_to_action=row["id"],
        title=row["title"],
        campaign_id=row["campaign_id"],
        campaign=row["campaign"],
        leads=row["leads"],
        answered=row["answered"],
        reached=reached,
        response_rate=rate,
    )
