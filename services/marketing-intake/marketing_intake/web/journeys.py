"""The page of one lead: what its person did before, and every step of its way as a timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from baton.contracts.topics import FACT_OF, TOPIC_OF
from baton.errors import NotFound
from baton.http import PathUuid
from marketing_intake import queries
from marketing_intake.domain.merging import kin
from marketing_intake.queries import touches
from marketing_intake.repository import people
from marketing_intake.web.people_shown import lead_shown
from marketing_intake.web.room import Room, Signed

WORDS: Final = {
    "ProspectQualified": "became a prospect",
    "LeadNurtured": "is nurtured: not ready yet",
    "LeadDisqualified": "was disqualified",
    "ProspectWithdrawn": "was withdrawn",
    "ProspectOffered": "was offered to a rep",
    "OfferExpired": "the offer expired",
    "ProspectAccepted": "was accepted",
    "ProspectDeclined": "was declined",
    "ProspectUnassigned": "has no rep for now",
    "LeadJoined": "joined a prospect that there was",
    "DealProgressed": "the deal moved on",
    "DealClosed": "the deal was closed",
    "OutcomeCorrected": "the outcome was corrected",
}
"""What each event says to a person; an event without words here is shown by its name alone."""
ACTORS: Final = {"lead-scoring": "scoring", "sales-routing": "sales"}


def add_journeys(router: APIRouter, room: Room) -> None:
    """`/leads/{lead_id}`."""

    @router.get("/leads/{lead_id}")
    async def lead_page(request: Request, lead_id: PathUuid, person: Signed) -> Response:
        async with room.read() as reader:
            lead = await queries.lead_with_card(reader, lead_id)
            if lead is None:
                raise NotFound("there is no such lead", field="lead_id")
            steps = await queries.steps(reader, lead_id)
            merges = await people.load_merges(reader, [lead["person_id"]])
            members = sorted(kin([lead["person_id"]], merges))
            met = await touches.touches(reader, members, besides=lead_id)
        came = lead["happened_at"]
        return room.show(
            request, "lead.html", person, lead=lead_shown(lead), steps=timed(lead, steps),
            before=[touch_shown(one, came) for one in met if one["happened_at"] <= came],
            after=[touch_shown(one, came) for one in met if one["happened_at"] > came],
            others=len(members) - 1,
        )  # fmt: skip


def timed(lead: dict[str, Any], steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps behind the lead's arrival, each with who took it and the seconds since the last."""
    received = {"name": "received", "words": "came in", "actor": lead["source"]}
    found = [received | {"happened_at": lead["received_at"], "seconds": None}]
    before = lead["received_at"]
    for step in steps:
        seconds = (step["recorded_at"] - before).total_seconds()
        # `io.baton.ProspectOffered.v1` is said to people as it is called in the code.
        name = step["type"].split(".")[-2]
        actor = _actor(step["type"])
        if name in {"ProspectAccepted", "DealProgressed", "DealClosed"} and lead["rep"]:
            actor = f"{actor}, {lead['rep']}"
        found.append(
            step | {"name": name, "words": WORDS.get(name, ""), "actor": actor, "seconds": seconds}
        )
        before = step["recorded_at"]
    return found


def touch_shown(touch: dict[str, Any], came: datetime) -> dict[str, Any]:
    """A touch, with how long before the lead it was."""
    return touch | {"seconds": abs((came - touch["happened_at"]).total_seconds())}


def _actor(type_: str) -> str:
    fact = FACT_OF.get(type_)
    return "" if fact is None else ACTORS.get(TOPIC_OF[fact].owner, "marketing")
