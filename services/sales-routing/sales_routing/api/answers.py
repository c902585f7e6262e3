"""Answers of reps and CRMs about one prospect: accept, decline, progress, outcome."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends

from baton.errors import Refused
from baton.http import PROBLEMS, Identity, PathUuid, request_origin, require
from baton.parts import Frame
from baton.transaction import Origin
from baton.transactions import Transactions
from sales_routing.api.forms import AcceptForm, DeclineForm, OutcomeForm, ProgressForm
from sales_routing.api.views import OutcomeView, Standing, outcome_view, standing_of
from sales_routing.handlers import answering, outcomes
from sales_routing.handlers.answering import Acceptance, Declination, Progress
from sales_routing.handlers.outcomes import OutcomeRequest
from sales_routing.settings import Settings

A = TypeVar("A")
Writing = Annotated[Identity, Depends(require("prospects:write"))]
Asked = Annotated[Origin, Depends(request_origin)]


def make_answers_router(frame: Frame) -> APIRouter:
    """`POST /v1/prospects/{prospect_id}/…`."""
    router = APIRouter(prefix="/v1/prospects", tags=["answers"], responses=PROBLEMS)
    _add_answers_to_offers(router, frame)
    _add_reports_of_deals(router, frame.transactions)
    return router


def _add_answers_to_offers(router: APIRouter, frame: Frame) -> None:
    settings = frame.settings
    assert isinstance(settings, Settings)
    clocks = settings.clocks()
    transactions = frame.transactions

    @router.post("/{prospect_id}/accept")
    async def accept_prospect(
        prospect_id: PathUuid, form: AcceptForm, identity: Writing, origin: Asked
    ) -> Standing:
        """Take it. 409 says what holds when it is another's, over, or taken already."""
        requests = [Acceptance(prospect_id, form.rep_id)]
        async with transactions.begin() as tx:
            (answer,) = await answering.accept(requests, tx, who=identity.who, origin=origin)
        return standing_of(_taken(answer))

    @router.post("/{prospect_id}/decline")
    async def decline_prospect(
        prospect_id: PathUuid, form: DeclineForm, identity: Writing, origin: Asked
    ) -> Standing:
        """Say no, for a reason; it goes to the next one at once, never back to this one."""
        request = Declination(prospect_id, form.rep_id, form.reason)
        async with transactions.begin() as tx:
            prospect = await answering.decline(
                request, tx, who=identity.who, origin=origin, clocks=clocks
            )
        return standing_of(prospect)


def _add_reports_of_deals(router: APIRouter, transactions: Transactions) -> None:
    @router.post("/{prospect_id}/progress")
    async def report_progress(
        prospect_id: PathUuid, form: ProgressForm, identity: Writing, origin: Asked
    ) -> Standing:
        """Note which step of the sale an accepted prospect has reached."""
        request = Progress(prospect_id, form.stage)
        async with transactions.begin() as tx:
            prospect = await answering.progress(request, tx, who=identity.who, origin=origin)
        return standing_of(prospect)

    @router.post("/{prospect_id}/outcome")
    async def report_outcome(
        prospect_id: PathUuid, form: OutcomeForm, identity: Writing, origin: Asked
    ) -> OutcomeView:
        """Say how it ended. The same again has the same answer; a higher version corrects."""
        requests = [OutcomeRequest(prospect_id, form.report())]
        async with transactions.begin() as tx:
            (answer,) = await outcomes.report(requests, tx, who=identity.who, origin=origin)
        return outcome_view(_taken(answer))


def _taken(answer: A | Refused) -> A:
    if isinstance(answer, Refused):
        raise answer
    return answer
