"""Diffs: ordered from a policy's page, watched while they grow, and looked at per source."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from baton.auth.web import check_csrf
from baton.errors import Refused, TooMany
from baton.http import PathUuid, Uuid
from lead_scoring.domain.diff_counts import Count
from lead_scoring.domain.diffing import Side
from lead_scoring.domain.policy import Policy, texts_of
from lead_scoring.handlers import diffing
from lead_scoring.queries import diffs as queries
from lead_scoring.repository import policies
from lead_scoring.repository.pasts import FIRST
from lead_scoring.web.policies import share_of
from lead_scoring.web.room import Drafting, Room, Signed, Token, Version, gone_to

PEOPLE_MAX: Final = 50
SOURCES_MAX: Final = 100
WORDS: Final[Mapping[Side, str]] = {
    Side.NEWLY: "newly beyond the line",
    Side.NO_LONGER: "no longer beyond it",
    Side.STILL: "beyond it either way",
    Side.NEVER: "beyond it in no way",
}
SHORT: Final[Mapping[Side, str]] = {
    Side.NEWLY: "Newly",
    Side.NO_LONGER: "No longer",
    Side.STILL: "Either way",
    Side.NEVER: "In no way",
}


def add_diffs(router: APIRouter, room: Room) -> None:
    """`/policies/{version}/diff` and `/diffs/{diff_id}`."""
    _add_orders(router, room)
    _add_result(router, room)


def totals_of(rows: Sequence[Mapping[str, Any]]) -> dict[Side, Count]:
    """The counts of all sources together, by side."""
    totals = {side: Count() for side in Side}
    for row in rows:
        _add(totals[Side(row["side"])], row)
    return totals


def _add_orders(router: APIRouter, room: Room) -> None:
    @router.post("/policies/{version}/diff")
    async def order(
        version: Version, person: Drafting, csrf_token: Token, *,
        since: Annotated[str, Form(max_length=10)] = "",
        until: Annotated[str, Form(max_length=10)] = "",
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        try:
            times = (_begin_of(since, "since"), _end_of(until))
            async with room.begin() as tx:
                diff = await diffing.order(version, tx, times, who=person.who)
        except TooMany as refusal:
            raise Refused(refusal.message) from None
        return gone_to(f"/diffs/{diff.id}", "ordered")

    @router.post("/diffs/{diff_id}/cancel")
    async def cancel(diff_id: PathUuid, person: Drafting, csrf_token: Token) -> Response:
        check_csrf(person, csrf_token)
        async with room.begin() as tx:
            await diffing.cancel(diff_id, tx)
        return gone_to(f"/diffs/{diff_id}", "cancelled")


def _add_result(router: APIRouter, room: Room) -> None:
    @router.get("/diffs/{diff_id}")
    async def diff_page(
        request: Request, diff_id: PathUuid, person: Signed, *,
        side: Side = Side.NEWLY, after: Annotated[Uuid | None, Query()] = None, live: bool = False,
    ) -> Response:  # fmt: skip
        async with room.read() as reader:
            diff = await diffing.found(reader, diff_id)
            rows = await queries.counts(reader, diff_id)
            people = await queries.people(
                reader, diff_id, side, after=after or FIRST, limit=PEOPLE_MAX
            )
            known = await policies.load_many(reader, {diff.version, diff.against})
        is_over = diff.ended_at is not None
        return room.show(
            request, "diff.html", person, is_live=live and not is_over, diff=diff,
            is_over=is_over, share=share_of(diff), totals=totals_of(rows), words=WORDS, short=SHORT,
            sides=Side, side=side, sources=_by_source(rows), people=_people(people, known),
            following=people[-1]["person_id"] if len(people) == PEOPLE_MAX else None,
        )  # fmt: skip


def _by_source(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[Side, Count]]]:
    """The most changed sources first; one is called by its id until it has a name."""
    found: dict[str, dict[Side, Count]] = {}
    for row in rows:
        sides = found.setdefault(row["name"] or row["source_id"], {one: Count() for one in Side})
        _add(sides[Side(row["side"])], row)
    return list(found.items())[:SOURCES_MAX]


def _add(count: Count, row: Mapping[str, Any]) -> None:
    count.people += row["people"]
    count.won += row["won"]
    for currency, text in row["amounts"].items():
        count.amounts[currency] = count.amounts.get(currency, Decimal(0)) + Decimal(text)


def _people(rows: Sequence[Mapping[str, Any]], known: Mapping[int, Policy]) -> list[dict[str, Any]]:
    texts = {rule: text for policy in known.values() for rule, text in texts_of(policy).items()}
    return [
        {**row, "reasons": [(texts.get(rule, rule), after - before)
                            for rule, before, after in row["reasons"]]}
        for row in rows
    ]  # fmt: skip


def _begin_of(text: str, field: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise Refused("must be a day, as 2026-05-31", field=field) from None


def _end_of(text: str) -> datetime | None:
    """The end of a last day."""
    first = _begin_of(text, "until")
    return None if first is None else first + timedelta(days=1)
