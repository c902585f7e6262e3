"""The front page, and the buttons on it with which a rep answers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from asyncpg import Record
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from baton.auth.sessions import Person
from baton.auth.staff import Role
from baton.auth.web import check_csrf, signed_in
from baton.database import Reader
from baton.errors import Forbidden, Refused
from baton.http import PathUuid, request_origin
from baton.parts import Frame
from baton.transaction import Origin
from baton.web import Pages
from sales_routing.domain.answers import DeclineReason
from sales_routing.domain.prospect import ProspectState
from sales_routing.handlers import answering
from sales_routing.handlers.answering import Acceptance, Declination
from sales_routing.queries import numbers, prospects, reps
from sales_routing.settings import Settings

NAME: Final = "sales-routing"
NAV: Final = (("/", "Hand-offs"),)
OFFERS_MAX: Final = 50
STEPS_MAX: Final = 25
PROSPECTS_MAX: Final = 25
REPS_MAX: Final = 200
Signed = Annotated[Person, Depends(signed_in())]
Token = Annotated[str, Form(max_length=300)]
Asked = Annotated[Origin, Depends(request_origin)]


def make_router(frame: Frame) -> APIRouter:
    """`/`, and the forms that it posts."""
    pages = Pages(NAME, Path(__file__).parent / "templates", nav=NAV)
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front_page(
        request: Request, person: Signed, *, fault: str = "", live: bool = False
    ) -> Response:
        async with frame.transactions.read() as reader:
            context = await _context(reader, frame, person)
        fault = FAULTS.get(fault, "")
        shown = {**context, "fault": fault, "person": person, "is_live": live}
        return pages.render(request, "routing.html", shown)

    _add_buttons(router, frame)
    return router


FAULTS: Final = {"gone": "That offer is not open to you any more. Below is what holds now."}
"""What the page says after a button that came too late; words of ours, not of the address."""


def _add_buttons(router: APIRouter, frame: Frame) -> None:
    settings = frame.settings
    assert isinstance(settings, Settings)
    clocks = settings.clocks()

    @router.post("/prospects/{prospect_id}/accept")
    async def accept_here(
        prospect_id: PathUuid, person: Signed, csrf_token: Token, origin: Asked
    ) -> Response:
        check_csrf(person, csrf_token)
        async with frame.transactions.begin() as tx:
            requests = [Acceptance(prospect_id, await _own_rep(tx, person))]
            (answer,) = await answering.accept(requests, tx, who=person.who, origin=origin)
        return _back(answer)

    @router.post("/prospects/{prospect_id}/decline")
    async def decline_here(
        *,
        prospect_id: PathUuid,
        person: Signed,
        csrf_token: Token,
        reason: Annotated[DeclineReason, Form()],
        origin: Asked,
    ) -> Response:
        check_csrf(person, csrf_token)
        try:
            async with frame.transactions.begin() as tx:
                request = Declination(prospect_id, await _own_rep(tx, person), reason)
                await answering.decline(request, tx, who=person.who, origin=origin, clocks=clocks)
        except Refused as refusal:
            return _back(refusal)
        return _back(None)


def _back(answer: object) -> Response:
    path = "/?fault=gone" if isinstance(answer, Refused) else "/"
    return RedirectResponse(path, status_code=303)


async def _own_rep(reader: Reader, person: Person) -> str:
    rep_id = await prospects.rep_of(reader, person.staff_id)
    if rep_id is None:
        raise Forbidden("this account answers for no rep", "rep")
    return rep_id


async def _context(reader: Reader, frame: Frame, person: Person) -> dict[str, Any]:
    now = frame.transactions.clock.now()
    rep_id = await prospects.rep_of(reader, person.staff_id)
    own = [] if rep_id is None else await prospects.open_offers(reader, rep_id, OFFERS_MAX)
    everybodys = await prospects.open_offers(reader, None, OFFERS_MAX)
    return {
        "numbers": await numbers.numbers(reader, now),
        "states": [state.value for state in ProspectState],
        "is_rep": rep_id is not None,
        "own": [_offer(row, now) for row in own],
        "offers": [_offer(row, now) for row in everybodys],
        "reps": await reps.active_reps(reader, REPS_MAX),
        "latest": [_latest(row) for row in await prospects.moved_last(reader, PROSPECTS_MAX)],
        "rep_id": rep_id,
        "steps": await prospects.latest_steps(reader, STEPS_MAX),
        "reasons": [reason.value for reason in DeclineReason],
        "sees_all": person.role is Role.MANAGER,
        "now": now,
    }


def _latest(row: Record) -> dict[str, Any]:
    card = prospects.card_of(row) or {}
    names = (card.get("given_name"), card.get("family_name"))
    return {
        "id": row["id"],
        "name": " ".join(name for name in names if name),
        "email": card.get("email"),
        "phone": card.get("phone"),
        "company": card.get("company"),
        "source": row["source_name"] or "",
        "rep": row["rep_name"],
        "rep_id": row["rep_id"],
        "score": row["profile"]["score"],
        "state": row["state"],
        "reason": row["reason"],
        "stage": row["stage"],
        "changed_at": row["changed_at"],
    }


def _offer(row: Record, now: datetime) -> dict[str, Any]:
    return _latest(row) | {
        "role": row["role"],
        "deadline": row["deadline"],
        "seconds_left": max(0, int((row["deadline"] - now).total_seconds())),
    }
