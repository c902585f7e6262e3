"""What reps say, by CRM, page or API: accept, decline, progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baton.contracts.vocabulary import DealStage
from baton.errors import Refused
from baton.transaction import Origin, Transaction
from sales_routing.domain.answers import DeclineReason, accepted, declined, progressed
from sales_routing.domain.heartbeat import time_that_counts
from sales_routing.domain.offering import Clocks
from sales_routing.domain.prospect import Accepted, Offer, Offered, OfferState, Prospect
from sales_routing.handlers import facts
from sales_routing.handlers.assign import assign
from sales_routing.handlers.desk import Desk, open_for_prospects
from sales_routing.handlers.judging import found, judge_each
from sales_routing.repository import waiting


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A rep takes a prospect."""

    prospect_id: str
    rep_id: str


@dataclass(frozen=True, slots=True)
class Declination:
    """A rep says no."""

    prospect_id: str
    rep_id: str
    reason: DeclineReason


@dataclass(frozen=True, slots=True)
class Progress:
    """A deal reached a step of the sale."""

    prospect_id: str
    stage: DealStage


async def accept(
    requests: Sequence[Acceptance], tx: Transaction, *, who: str, origin: Origin
) -> list[Prospect | Refused]:
    """Let reps take what they are offered; an answer for each, in order."""
    desk = await open_for_prospects(tx, who, {one.prospect_id for one in requests})
    now = time_that_counts(await waiting.last_beat(tx), tx.now)

    def act(request: Acceptance) -> Prospect:
        before = found(desk, request.prospect_id)
        after = accepted(before, request.rep_id, now)
        offer = _offer(before)
        desk.answered(offer, OfferState.ACCEPTED)
        desk.put(after)
        desk.say(facts.accepted(after, offer), origin, rep_id=offer.rep_id, offer_id=offer.id)
        return after

    answered = judge_each(requests, act)
    await desk.save()
    return answered


async def decline(
    request: Declination, tx: Transaction, *, who: str, origin: Origin, clocks: Clocks
) -> Prospect:
    """Let a rep say no, and offer the prospect to the next one. Raises `Refused`."""
    desk = await open_for_prospects(tx, who, {request.prospect_id})
    now = time_that_counts(await waiting.last_beat(tx), tx.now)
    _raised(judge_each([request], lambda one: _decline(desk, one, now, origin)))
    await assign(desk, [(request.prospect_id, origin)], clocks)
    await desk.save()
    return desk.prospects[request.prospect_id]


async def progress(request: Progress, tx: Transaction, *, who: str, origin: Origin) -> Prospect:
    """Note which step of the sale a deal has reached. Raises `Refused`."""
    desk = await open_for_prospects(tx, who, {request.prospect_id})

    def act(one: Progress) -> Prospect:
        after = progressed(found(desk, one.prospect_id), one.stage)
        assert isinstance(after.place, Accepted)
        rep_id = after.place.offer.rep_id
        desk.put(after)
        desk.say(facts.progressed(after, rep_id, one.stage), origin, rep_id=rep_id, stage=one.stage)
        return after

    after = _raised(judge_each([request], act))
    await desk.save()
    return after


def _decline(desk: Desk, request: Declination, now: datetime, origin: Origin) -> Prospect:
    before = found(desk, request.prospect_id)
    after = declined(before, request.rep_id, now)
    offer = _offer(before)
    desk.answered(offer, OfferState.DECLINED, request.reason)
    desk.put(after)
    fact = facts.declined(after, offer, request.reason)
    desk.say(fact, origin, rep_id=offer.rep_id, offer_id=offer.id)
    return after


def _offer(prospect: Prospect) -> Offer:
    assert isinstance(prospect.place, Offered)
    return prospect.place.offer


def _raised(answered: Sequence[Prospect | Refused]) -> Prospect:
    (answer,) = answered
    if isinstance(answer, Refused):
        raise answer
    return answer
