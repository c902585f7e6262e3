"""A person's score with its reasons and history; scoring knows nobody's name, only an id."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from baton.database import Reader
from baton.errors import NotFound
from baton.http import PathUuid, Uuid
from baton.web import plots
from baton.web.plots import Plot, Series
from lead_scoring.domain.decisions import Disqualified, Nurtured
from lead_scoring.domain.facts import History
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.domain.receipts import Receipt, Undone, score_in
from lead_scoring.domain.scoring import Score, score_at
from lead_scoring.domain.words import note_of, sentence_of
from lead_scoring.handlers import scores
from lead_scoring.repository import policies, receipts
from lead_scoring.repository.receipts import NEWEST, Place, result_of
from lead_scoring.web.room import Room, Signed, gone_to

HISTORY_MAX: Final = 20
PLOTTED_DAYS: Final = 30


def add_people(router: APIRouter, room: Room) -> None:
    """`/people` and `/people/{person_id}`."""

    @router.get("/people")
    async def people_page(
        request: Request,
        person: Signed,
        id: Annotated[Uuid | None, Query()] = None,  # noqa: A002 it is called so in the address
    ) -> Response:
        if id is not None:
            return gone_to(f"/people/{id}")
        return room.show(request, "people.html", person)

    @router.get("/people/{person_id}")
    async def person_page(
        request: Request,
        person_id: PathUuid,
        person: Signed,
        before: Annotated[Uuid | None, Query()] = None,
    ) -> Response:
        async with room.read() as reader:
            context = await _shown(reader, person_id, room.now())
            context |= await _history(reader, context["known"].person_ids, before)
        return room.show(request, "person.html", person, person_id=person_id, **context)


async def _shown(reader: Reader, person_id: str, now: datetime) -> dict[str, Any]:
    known = await scores.current(person_id, reader, moment=now)
    history = await scores.history_of_people(reader, known.person_ids)
    policy = known.policy
    days = _days(now)
    return {
        "known": known,
        "policy": policy,
        "factors": _factors(known.score, policy),
        "sentence": sentence_of(known.score, policy),
        "line": policy.line,
        "days": days,
        "course": _course(history, policy, days),
    }


async def _history(reader: Reader, person_ids: Sequence[str], before: str | None) -> dict[str, Any]:
    """A page of the history; `before` is the receipt that it goes on behind."""
    place = NEWEST if before is None else await _place(reader, before)
    found = await receipts.of_people(reader, person_ids, before=place, limit=HISTORY_MAX)
    known = await policies.load_many(reader, {one.policy_version for one in found})
    return {
        "receipts": [_receipt(one, known[one.policy_version]) for one in found],
        "is_continued": before is not None,
        "following": found[-1].id if len(found) == HISTORY_MAX else None,
    }


async def _place(reader: Reader, receipt_id: str) -> Place:
    receipt = await receipts.find(reader, receipt_id)
    if receipt is None:
        raise NotFound("there is no such receipt", field="before")
    return receipt.decided_at, receipt.id


def _factors(score: Score, policy: Policy) -> list[dict[str, Any]]:
    """What the score is made of, the weightiest first."""
    texts = texts_of(policy)
    notes = {rule.id: note_of(rule) for rule in policy.rules}
    found = [
        {
            "text": texts[one.rule],
            "note": notes.get(one.rule, ""),
            "points": one.points,
            "times": one.times,
            "full": one.full,
        }
        for one in score.factors
    ]
    return sorted(found, key=lambda one: -abs(one["points"]))


def _receipt(receipt: Receipt, policy: Policy) -> dict[str, Any]:
    decision = receipt.decision
    score = score_in(decision)
    return {
        "receipt": receipt,
        "result": result_of(decision),
        "score": score,
        "sentence": sentence_of(score, policy),
        "reason": decision.reason if isinstance(decision, Disqualified | Undone) else None,
        "missing": decision.missing if isinstance(decision, Nurtured) else (),
        "again_at": decision.again_at if isinstance(decision, Nurtured) else None,
    }


def _days(now: datetime) -> list[date]:
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=n) for n in range(PLOTTED_DAYS - 1, -1, -1)]


def _course(history: History, policy: Policy, days: Sequence[date]) -> Plot:
    """The points at the end of each day by the policy that holds, as far as they are above 0."""
    values = []
    for day in days:
        moment = datetime.combine(day, time(), UTC) + timedelta(days=1)
        values.append(max(0, round(score_at(history, policy, None, moment).points)))
    return plots.curves(
        "Points at the end of each day", days, [Series("points", "one", tuple(values))]
    )
