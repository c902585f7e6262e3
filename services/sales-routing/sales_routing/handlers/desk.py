"""The desk: what one transaction has in hand, from load to save."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.sales import Handoff
from baton.errors import Unavailable
from baton.transaction import Origin, Transaction
from sales_routing.domain.people import Merge, Person, kin
from sales_routing.domain.prospect import Lead, Offer, Offered, OfferState, Prospect, holder
from sales_routing.repository import people, prospects, saving
from sales_routing.repository.saving import Answer, Step

FEED: Final = "prospects"
Cause = Event[Fact] | Origin


@dataclass(slots=True)
class Desk:
    """Everything of some people that this transaction may look at and change."""

    tx: Transaction
    actor: str
    prospects: dict[str, Prospect]
    people: dict[str, Person] = field(default_factory=dict)
    merges: dict[str, Merge] = field(default_factory=dict)
    _before: dict[str, Prospect] = field(default_factory=dict)
    _of_person: dict[str, list[str]] = field(default_factory=dict)
    _offers: list[Offer] = field(default_factory=list)
    _answers: dict[str, Answer] = field(default_factory=dict)
    _steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._before = dict(self.prospects)
        for one in self.prospects.values():
            self._of_person.setdefault(one.person_id, []).append(one.id)

    def person(self, person_id: str) -> Person:
        """What was heard of this person."""
        return self.people.get(person_id) or Person(person_id)

    def kin(self, person_id: str) -> frozenset[str]:
        """All ids under which this person is known."""
        if not self.merges:
            return frozenset({person_id})
        erased = {one.id for one in self.people.values() if one.is_erased}
        return kin(person_id, self.merges.values(), erased)

    def of(self, person_ids: Iterable[str]) -> list[Prospect]:
        """The prospects that were opened for these people."""
        return [
            self.prospects[prospect_id]
            for person_id in person_ids
            for prospect_id in self._of_person.get(person_id, ())
        ]

    def put(self, prospect: Prospect) -> None:
        """Change a prospect, or add one. An offer that was open and is not any more has ended."""
        before = self.prospects.get(prospect.id)
        if before is None:
            self._of_person.setdefault(prospect.person_id, []).append(prospect.id)
        elif isinstance(before.place, Offered) and before.place != prospect.place:
            offer_id = before.place.offer.id
            self._answers.setdefault(offer_id, Answer(offer_id, OfferState.ENDED))
        self.prospects[prospect.id] = prospect

    def answered(self, offer: Offer, state: OfferState, reason: str | None = None) -> None:
        """Note what became of an offer; say it before `put`."""
        self._answers[offer.id] = Answer(offer.id, state, reason)

    def offered(self, offer: Offer) -> None:
        """Note a new offer."""
        self._offers.append(offer)

    def cause(self, prospect: Prospect, cause: Cause) -> Cause:
        """The cause of what is said of a prospect: from outside, its own story goes on."""
        if isinstance(cause, Origin):
            return Origin(prospect.correlation_id, prospect.traceparent)
        return cause

    def say(
        self,
        fact: Handoff,
        cause: Cause,
        *,
        rep_id: str | None = None,
        happened_at: datetime | None = None,
        **told: object,
    ) -> None:
        """Say a step of a hand-off, write it down, and tell it in the feed with what is `told`."""
        prospect = self.prospects[fact.prospect_id]
        event = self.tx.publish(
            fact,
            key=fact.person_id,
            subject=fact.prospect_id,
            cause=self.cause(prospect, cause),
            happened_at=happened_at,
        )
        self._steps.append(Step(event.id, type(fact).__name__, fact.prospect_id, rep_id))
        self.tell(type(fact).__name__, prospect, rep_id=rep_id, **told)

    def tell(self, step: str, prospect: Prospect, **told: object) -> None:
        """Tell the readers of the feed, whether or not a fact goes with it. Ids and words only."""
        item = {"step": step, "prospect_id": prospect.id, "at": self.tx.now, **told}
        self.tx.append_feed(FEED, item, key=prospect.id)

    def held(self) -> Counter[str]:
        """By how much this desk has changed what reps hold."""
        changes: Counter[str] = Counter()
        for after in self.prospects.values():
            before = self._before.get(after.id)
            if before is after:
                continue
            for one, change in ((before, -1), (after, 1)):
                rep_id = None if one is None else holder(one)
                if rep_id is not None:
                    changes[rep_id] += change
        return changes

    async def save(self) -> None:
        """Write everything that changed; what ends goes before what begins."""
        changed = [one for one in self.prospects.values() if self._before.get(one.id) is not one]
        old = [one for one in changed if one.id in self._before]
        new = [one for one in changed if one.id not in self._before]
        await saving.answer_offers(self.tx, self._answers.values())
        await saving.update_prospects(self.tx, old)
        await saving.insert_prospects(self.tx, new)
        await self._save_leads(changed)
        await saving.insert_offers(self.tx, self._offers)
        await saving.insert_steps(self.tx, self._steps, self.actor)
        await saving.hold(self.tx, self.held())

    async def _save_leads(self, changed: Sequence[Prospect]) -> None:
        known = {lead.id: one.id for one in self._before.values() for lead in one.leads}
        here = [(lead, one.id) for one in changed for lead in one.leads]
        fresh: list[tuple[Lead, str]] = [pair for pair in here if pair[0].id not in known]
        moved = [pair for pair in here if known.get(pair[0].id, pair[1]) != pair[1]]
        await saving.insert_leads(self.tx, fresh)
        await saving.move_leads(self.tx, moved)


async def open_for_people(
    tx: Transaction, actor: str, person_ids: Iterable[str], merge_ids: Iterable[str] = ()
) -> Desk:
    """Lock these people and their kin, and take everything of theirs in hand.

    Who is kin is read before the locks, so that all are taken in one order, and again under them.
    Raises `Unavailable` when people were merged in between: whoever asked tries again.
    """
    asked, merges_asked = set(person_ids), list(merge_ids)
    ids = _with_members(asked, await people.load_merges(tx, asked, merges_asked))
    await tx.lock_people(ids)
    merges = await people.load_merges(tx, ids, merges_asked)
    if not _with_members(asked, merges) <= ids:
        raise Unavailable("people were merged meanwhile", retry_after_seconds=1)
    known = await people.load_people(tx, ids)
    loaded = await prospects.load_by_person(tx, ids)
    return Desk(tx, actor, {one.id: one for one in loaded}, known, merges)


async def open_for_prospects(tx: Transaction, actor: str, prospect_ids: Iterable[str]) -> Desk:
    """Lock the people of these prospects and take the prospects in hand; unknown ones are missing.

    Kin need no lock here: whoever changes a prospect of theirs locks its own person as well.
    """
    owners = await prospects.people_of(tx, prospect_ids)
    await tx.lock_people(owners.values())
    known = await people.load_people(tx, owners.values())
    loaded = await prospects.load_by_id(tx, owners)
    return Desk(tx, actor, {one.id: one for one in loaded}, known)


def _with_members(person_ids: set[str], merges: dict[str, Merge]) -> set[str]:
    return person_ids.union(*(merge.member_ids for merge in merges.values()))
