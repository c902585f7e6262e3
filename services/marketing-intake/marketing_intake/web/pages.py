"""The front page of intake, and the page of one lead with every step of its way."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.staff import Role
from baton.auth.web import signed_in
from baton.contracts.vocabulary import ON_THE_WAY, LeadState
from baton.database import Reader
from baton.errors import NotFound
from baton.http import PathUuid
from baton.service import Frame
from baton.web import Pages
from marketing_intake import queries

NAME: Final = "marketing-intake"
LATEST_MAX: Final = 25
COUNTED: Final = ("leads", "qualified", "accepted", "won", "lost", "disqualified")
STATES: Final = (
    *(LeadState.AWAITING_OPT_IN, LeadState.CAPTURED, LeadState.NURTURED, LeadState.QUALIFIED),
    *(LeadState.OFFERED, LeadState.ACCEPTED, LeadState.RETURNED, LeadState.WON, LeadState.LOST),
    *(LeadState.DISQUALIFIED, LeadState.WITHDRAWN, LeadState.ERASED),
    *(LeadState.REFUSED, LeadState.SPAM, LeadState.TEST),
)
"""As they are shown: a lead's way from top to bottom, then what never was one."""
# Reps see people in sales' own pages, and of those only whom they hold.
Signed = Annotated[Person, Depends(signed_in(Role.MARKETING, Role.MANAGER, Role.OPERATOR))]


def make_router(frame: Frame) -> APIRouter:
    """`/` and `/leads/{lead_id}`."""
    pages = Pages(NAME, Path(__file__).parent / "templates")
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front_page(
        request: Request, person: Signed, *, state: LeadState | None = None, live: bool = False
    ) -> Response:
        async with frame.transactions.read() as reader:
            context = await _overview(reader, state)
        now = frame.transactions.clock.now()
        shown = {**context, "person": person, "now": now, "is_live": live}
        return pages.render(request, "intake.html", shown)

    @router.get("/leads/{lead_id}")
    async def lead_page(request: Request, lead_id: PathUuid, person: Signed) -> Response:
        async with frame.transactions.read() as reader:
            lead = await queries.lead_with_card(reader, lead_id)
            if lead is None:
                raise NotFound("there is no such lead", field="lead_id")
            steps = await queries.steps(reader, lead_id)
        shown = {"lead": _shown(lead), "steps": _timed(lead, steps), "person": person}
        return pages.render(request, "lead.html", shown)

    return router


async def _overview(reader: Reader, state: LeadState | None) -> dict[str, Any]:
    by_state = await queries.states(reader)
    lines = await queries.source_report(reader, None, None)
    latest = await queries.latest(reader, state=state, limit=LATEST_MAX)
    return {
        "states": [(one, by_state[one]) for one in STATES if by_state.get(one)],
        "received": sum(by_state.values()),
        "moving": sum(by_state.get(one, 0) for one in ON_THE_WAY),
        "refused": by_state[LeadState.REFUSED],
        "lines": lines,
        "total": _total(lines),
        "state": state,
        "leads": [_shown(row) for row in latest],
    }


def _total(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The report's last line; amounts are never added across currencies."""
    counts: Counter[str] = Counter()
    worth: dict[str, Decimal] = {}
    for line in lines:
        counts.update({name: line[name] for name in COUNTED})
        for currency, amount in line["amounts"].items():
            worth[currency] = worth.get(currency, Decimal(0)) + amount
    leads = counts["leads"]
    shares = {f"{name}_share": counts[name] / leads if leads else None for name in COUNTED}
    return {name: counts[name] for name in COUNTED} | shares | {"amounts": worth}


def _timed(lead: dict[str, Any], steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps behind the lead's arrival, each with the seconds since the one before."""
    received = {"name": "received", "happened_at": lead["happened_at"], "seconds": None}
    timed, before = [received], lead["received_at"]
    for step in steps:
        seconds = (step["recorded_at"] - before).total_seconds()
        # `io.baton.ProspectOffered.v1` is said to people as it is called in the code.
        timed.append(step | {"name": step["type"].split(".")[-2], "seconds": seconds})
        before = step["recorded_at"]
    return timed


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    card = row["card"] or {}
    names = (card.get("given_name"), card.get("family_name"))
    has_score = row["fit"] is not None and row["engagement"] is not None
    return row | {
        "name": " ".join(name for name in names if name),
        "email": card.get("email"),
        "phone": card.get("phone"),
        "score": row["fit"] + row["engagement"] if has_score else None,
    }
