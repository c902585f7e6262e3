"""Answers in batches: an answer per item, in order; good ones are taken when others are bad."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field, ValidationError, WithJsonSchema

from baton.errors import Refused
from baton.http import PROBLEMS, Uuid
from baton.http.problems import FieldProblem, describe_refusal, field_errors
from baton.parts import Frame
from sales_routing.api.answers import Asked, Writing
from sales_routing.api.forms import AcceptForm, OutcomeForm
from sales_routing.api.views import OutcomeView, Standing, outcome_view, standing_of
from sales_routing.handlers import answering, outcomes
from sales_routing.handlers.answering import Acceptance
from sales_routing.handlers.outcomes import OutcomeRequest

ITEMS_MAX: Final = 1000
A = TypeVar("A")
T = TypeVar("T")


class AcceptItem(AcceptForm):
    """One accept of a batch."""

    prospect_id: Uuid

    def request(self) -> Acceptance:
        """What is asked for."""
        return Acceptance(self.prospect_id, self.rep_id)


class OutcomeItem(OutcomeForm):
    """One outcome of a batch."""

    prospect_id: Uuid

    def request(self) -> OutcomeRequest:
        """What is reported. Raises `Refused`."""
        return OutcomeRequest(self.prospect_id, self.report())


class ItemProblem(BaseModel):
    """Why an item was not taken."""

    kind: str
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class ItemAnswer(BaseModel, Generic[T]):
    """What became of one item; `status` is what it would have been alone."""

    status: int
    answer: T | None = None
    problem: ItemProblem | None = None


class Answers(BaseModel, Generic[T]):
    """One answer per item, in order."""

    items: list[ItemAnswer[T]]


def _schema(example: dict[str, object]) -> WithJsonSchema:
    item = {"type": "object", "examples": [example]}
    return WithJsonSchema({"type": "array", "minItems": 1, "maxItems": ITEMS_MAX, "items": item})


ACCEPT: Final[dict[str, object]] = {"prospect_id": "…", "rep_id": "…"}
OUTCOME: Final[dict[str, object]] = {
    "prospect_id": "…",
    "deal_id": "D-1042",
    "outcome": "won",
    "amount": "1250.50",
    "currency": "EUR",
    "closed_at": "2026-05-04T12:00:00Z",
}
SIZE: Final = Body(min_length=1, max_length=ITEMS_MAX)
# Items are read one by one, so that a bad one spoils no other.
AcceptItems = Annotated[list[Any], SIZE, _schema(ACCEPT)]
OutcomeItems = Annotated[list[Any], SIZE, _schema(OUTCOME)]


def make_batches_router(frame: Frame) -> APIRouter:
    """`POST /v1/prospects/accepts` and `POST /v1/prospects/outcomes`."""
    transactions = frame.transactions
    router = APIRouter(prefix="/v1/prospects", tags=["answers"], responses=PROBLEMS)

    @router.post("/accepts")
    async def accept_prospects(
        items: AcceptItems, identity: Writing, origin: Asked
    ) -> Answers[Standing]:
        """Take up to 1,000 prospects, each as `accept` would."""
        read = [read_item(AcceptItem, item) for item in items]
        requests = [one for one in read if isinstance(one, Acceptance)]
        async with transactions.begin() as tx:
            answers = await answering.accept(requests, tx, who=identity.who, origin=origin)
        return Answers(items=merged(read, answers, standing_of))

    @router.post("/outcomes")
    async def report_outcomes(
        items: OutcomeItems, identity: Writing, origin: Asked
    ) -> Answers[OutcomeView]:
        """Say how up to 1,000 prospects ended, each as `outcome` would."""
        read = [read_item(OutcomeItem, item) for item in items]
        requests = [one for one in read if isinstance(one, OutcomeRequest)]
        async with transactions.begin() as tx:
            answers = await outcomes.report(requests, tx, who=identity.who, origin=origin)
        return Answers(items=merged(read, answers, outcome_view))

    return router


def read_item(
    kind: type[AcceptItem] | type[OutcomeItem], item: object
) -> Acceptance | OutcomeRequest | ItemProblem:
    """What an item asks for, or why it can't be read."""
    try:
        return kind.model_validate(item).request()
    except ValidationError as error:
        errors = field_errors(error.errors(include_url=False, include_input=False))
        first = errors[0]
        return ItemProblem(
            kind="invalid",
            detail=f"{first['pointer']}: {first['detail']}",
            errors=[FieldProblem(**one) for one in errors],
        )
    except Refused as refusal:
        return _problem(refusal)


def merged(
    read: Sequence[object], answers: Sequence[A | Refused], show: Callable[[A], T]
) -> list[ItemAnswer[T]]:
    """One answer per item: what could not be read, and in order what became of the rest."""
    rest = iter(answers)
    return [
        ItemAnswer(status=422, problem=one)
        if isinstance(one, ItemProblem)
        else _answered(next(rest), show)
        for one in read
    ]


def _answered(answer: A | Refused, show: Callable[[A], T]) -> ItemAnswer[T]:
    if isinstance(answer, Refused):
        return ItemAnswer(status=describe_refusal(answer)[0], problem=_problem(answer))
    return ItemAnswer(status=200, answer=show(answer))


def _problem(refusal: Refused) -> ItemProblem:
    _, detail, errors = describe_refusal(refusal)
    return ItemProblem(
        kind=refusal.kind, detail=detail, errors=[FieldProblem(**one) for one in errors]
    )
