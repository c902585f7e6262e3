"""The editor: a policy as text, each fault where it is, and kept as a draft when there is none."""

from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.errors import Refused
from lead_scoring.handlers import policies as handlers
from lead_scoring.repository import policies
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_text import (
    TEXT_CHARACTERS_MAX,
    TextFault,
    read_text,
    text_of,
)
from lead_scoring.web.policies import lines_between, stored
from lead_scoring.web.room import VERSION_MAX, Drafting, Room, Token, gone_to

Typed = Annotated[str, Form(max_length=TEXT_CHARACTERS_MAX)]
From = Annotated[int | None, Query(alias="from", ge=1, le=VERSION_MAX)]
AROUND: Final = 1
"""So many lines are shown before and after a fault's."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A text, what is wrong with it, and whether it was looked at."""

    text: str
    faults: list[TextFault] = field(default_factory=list)
    is_checked: bool = False


def add_editor(router: APIRouter, room: Room) -> None:
    """`/policies/new`."""

    @router.get("/policies/new")
    async def editor_page(request: Request, person: Drafting, version: From = None) -> Response:
        async with room.read() as reader:
            wanted = version or await policies.active_version(reader)
            text = "" if wanted is None else text_of((await stored(reader, wanted)).document)
        return await _editor(room, request, person, Edited(text))

    @router.post("/policies/new")
    async def keep(
        request: Request, person: Drafting, csrf_token: Token, text: Typed = "", *,
        is_trial: Annotated[bool, Form()] = False,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        # Browsers send each line's end as two characters.
        text = text.replace("\r\n", "\n")
        read = read_text(text)
        if not isinstance(read, PolicyDocument):
            return await _editor(room, request, person, Edited(text, read, is_checked=True))
        if is_trial:
            return await _editor(room, request, person, Edited(text, is_checked=True))
        try:
            async with room.begin() as tx:
                kept = await handlers.draft(read, tx, who=person.who)
        except Refused as refusal:
            fault = TextFault(refusal.field or "", refusal.message)
            return await _editor(room, request, person, Edited(text, [fault], is_checked=True))
        return gone_to(f"/policies/{kept.version}", "kept")


async def _editor(room: Room, request: Request, person: Person, edited: Edited) -> Response:
    async with room.read() as reader:
        active = await policies.active_version(reader)
        holds = None if active is None else text_of((await stored(reader, active)).document)
    is_good = edited.is_checked and not edited.faults
    return room.show(
        request, "editor.html", person, status=422 if edited.faults else 200,
        text=edited.text, faults=[(one, _around(edited.text, one)) for one in edited.faults],
        is_good=is_good, active=active,
        changes=lines_between(holds, edited.text) if is_good and holds is not None else [],
        most=TEXT_CHARACTERS_MAX,
    )  # fmt: skip


def _around(text: str, fault: TextFault) -> list[tuple[int, str, bool]]:
    """The lines around a fault: number, text, whether it is the one."""
    if fault.line is None:
        return []
    lines = text.split("\n")
    first = max(1, fault.line - AROUND)
    last = min(len(lines), fault.line + AROUND)
    return [(n, lines[n - 1], n == fault.line) for n in range(first, last + 1)]
