"""Merging people and taking a merge back, each after a look at what it would make; and the pairs
that somebody has to look at.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.database import Reader
from baton.errors import NotFound
from baton.http import PathUuid, Uuid
from marketing_intake.domain.candidates import CandidateState
from marketing_intake.domain.merging import MergedPerson, fold, kin
from marketing_intake.handlers import people as handlers
from marketing_intake.handlers import people_candidates
from marketing_intake.repository import candidates, people
from marketing_intake.web.people_shown import card_lines, card_shown
from marketing_intake.web.room import Asked, Room, Signed, Token, gone_to

CANDIDATES_MAX: Final = 50


def add_merging(router: APIRouter, room: Room) -> None:
    """`/people/candidates`, `/people/merge` and `/people/unmerge/{merge_id}`."""
    _add_candidates(router, room)
    _add_merge(router, room)
    _add_unmerge(router, room)


def _add_candidates(router: APIRouter, room: Room) -> None:
    @router.get("/people/candidates")
    async def candidates_page(request: Request, person: Signed) -> Response:
        async with room.read() as reader:
            rows = await candidates.listed(
                reader, state=CandidateState.OPEN, before=None, limit=CANDIDATES_MAX
            )
        pairs = [
            row | {"first": card_shown(row["first_card"]), "second": card_shown(row["second_card"])}
            for row in rows
        ]
        return room.show(request, "candidates.html", person, pairs=pairs, most=CANDIDATES_MAX)

    @router.post("/people/candidates/{candidate_id}/dismiss")
    async def dismiss(candidate_id: PathUuid, person: Signed, csrf_token: Token) -> Response:
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await people_candidates.dismiss(candidate_id, tx, who=person.who)
        return gone_to("/people/candidates", "dismissed")


def _add_merge(router: APIRouter, room: Room) -> None:
    @router.get("/people/merge")
    async def merge_page(
        request: Request,
        person: Signed,
        first: Annotated[Uuid, Query()],
        second: Annotated[Uuid, Query()],
    ) -> Response:
        async with room.read() as reader:
            preview = await handlers.preview([first, second], reader)
            both = [await handlers.look_up(one, reader) for one in (first, second)]
        return room.show(
            request, "merge.html", person, first=first, second=second, preview=preview,
            before=[_fold(known.person, person) for known in both],
            after=_fold(preview.person, person),
        )  # fmt: skip

    @router.post("/people/merge")
    async def merge(
        person: Signed, csrf_token: Token, first: Annotated[Uuid, Form()],
        second: Annotated[Uuid, Form()], *, origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await handlers.merge([first, second], tx, who=person.who, origin=origin)
        return gone_to(f"/people/{first}", "merged")


def _add_unmerge(router: APIRouter, room: Room) -> None:
    @router.get("/people/unmerge/{merge_id}")
    async def unmerge_page(request: Request, merge_id: PathUuid, person: Signed) -> Response:
        async with room.read() as reader:
            before, after = await _parted(reader, merge_id)
        return room.show(
            request, "unmerge.html", person, merge_id=merge_id, before=_fold(before, person),
            after=[_fold(one, person) for one in after],
        )  # fmt: skip

    @router.post("/people/unmerge/{merge_id}")
    async def unmerge(
        merge_id: PathUuid, person: Signed, csrf_token: Token, back: Annotated[Uuid, Form()], *,
        origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await handlers.unmerge(merge_id, tx, who=person.who, origin=origin)
        return gone_to(f"/people/{back}", "parted")


async def _parted(reader: Reader, merge_id: str) -> tuple[MergedPerson, list[MergedPerson]]:
    """The person as they are, and those who would be there without this merge.

    Raises `NotFound` when it is not in force.
    """
    members = await people.members_of(reader, merge_id)
    if not members:
        raise NotFound("there is no such merge in force", field="merge_id")
    merges = await people.load_merges(reader, members)
    left = [one for one in merges if one.id != merge_id]
    cards = await people.load_cards(reader, kin(members, merges))
    groups = {kin([one.person_id], left) for one in cards}
    parts = [fold([one for one in cards if one.person_id in ids], left) for ids in groups]
    return fold(cards, merges), sorted(parts, key=lambda one: one.person_id)


def _fold(one: MergedPerson, person: Person) -> dict[str, Any]:
    return card_shown(one.card) | {
        "person_id": one.person_id,
        "members": len(one.member_ids),
        "since": one.created_at,
        "lines": card_lines(one.card, may_see=person.may_see_personal_data),
    }
