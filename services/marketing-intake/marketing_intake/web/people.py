"""People: found by an exact address or number, and shown as one with all that they did."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.database import Reader
from baton.http import PathUuid
from marketing_intake.domain.identity_domains import same_mailbox
from marketing_intake.handlers import people as handlers
from marketing_intake.queries import looking_up, touches
from marketing_intake.reading.normalising import normalised_email, normalised_phone
from marketing_intake.settings import IntakeSettings
from marketing_intake.web.people_shown import card_lines, card_shown
from marketing_intake.web.room import Room, Signed, Token, gone_to

ASKED_CHARACTERS_MAX: Final = 320


def add_people(router: APIRouter, room: Room) -> None:
    """`/people` and `/people/{person_id}`."""
    settings = room.frame.settings
    assert isinstance(settings, IntakeSettings)

    @router.get("/people")
    async def people_page(request: Request, person: Signed) -> Response:
        return room.show(request, "people.html", person, found=None, fault="")

    @router.post("/people")
    async def look_up(
        request: Request, person: Signed, csrf_token: Token,
        asked: Annotated[str, Form(max_length=ASKED_CHARACTERS_MAX)],
    ) -> Response:  # fmt: skip
        # Sent as a form, so that no address stands in a log, a history or a link.
        check_csrf(person, csrf_token)
        async with room.read() as reader:
            found = await _found(reader, asked.strip(), settings.default_region)
        if found is None:
            fault = "Give a whole e-mail address, or a phone number with its country code."
            return room.show(request, "people.html", person, status=422, found=None, fault=fault)
        if len(found) == 1:
            return gone_to(f"/people/{found[0]['person_id']}")
        shown = [one | card_shown(one["card"]) for one in found]
        return room.show(request, "people.html", person, found=shown, fault="")

    @router.get("/people/{person_id}")
    async def person_page(request: Request, person_id: PathUuid, person: Signed) -> Response:
        async with room.read() as reader:
            known = await handlers.look_up(person_id, reader)
            members = list(known.person.member_ids)
            did = await touches.touches(reader, members)
            consents = await looking_up.consents(reader, members)
        return room.show(
            request, "person.html", person, known=known, **_shown(known, person),
            did=list(reversed(did)), consents=consents, touches_max=touches.TOUCHES_MAX,
        )  # fmt: skip


def _shown(known: handlers.Known, person: Person) -> dict[str, Any]:
    card = known.person.card
    return {
        "one": card_shown(card),
        "lines": card_lines(card, may_see=person.may_see_personal_data),
    }


async def _found(reader: Reader, asked: str, region: str) -> list[dict[str, Any]] | None:
    """Who it may be; None when it is neither an address nor a number."""
    if "@" in asked:
        email = normalised_email(asked)
        if email is None:
            return None
        return await looking_up.by_email(reader, same_mailbox(email), email)
    phone = normalised_phone(asked, region)
    return None if phone is None else await looking_up.by_phone(reader, phone)
