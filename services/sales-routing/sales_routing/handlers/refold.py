"""What becomes of pursuits when something about their people changes; told step by step."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ConsentChanged
from baton.contracts.vocabulary import ConsentPurpose
from sales_routing.domain.people import Merge, newer, refuses
from sales_routing.domain.prospect import (
    Accepted,
    Erased,
    Prospect,
    Superseded,
    Waiting,
    Withdrawn,
    moved,
)
from sales_routing.domain.pursuits import pursuit_of, refolded
from sales_routing.handlers import facts
from sales_routing.handlers.desk import Cause, Desk
from sales_routing.handlers.ending import say_withdrawn, withdraw
from sales_routing.repository import people


@dataclass(slots=True)
class Refold:
    """Changes people on a desk, and folds their pursuits anew."""

    desk: Desk
    reopened: list[tuple[str, Cause]] = field(default_factory=list)
    """What waits to be offered again, with the cause."""
    _consents: set[str] = field(default_factory=set)
    _merges: set[str] = field(default_factory=set)
    _erased: set[str] = field(default_factory=set)

    def consent(self, event: Event[Fact], data: ConsentChanged) -> None:
        """A refusal ends the open pursuit of what was asked before it; the latest version holds."""
        known = self.desk.person(data.person_id)
        if data.version <= known.consent_version:
            return
        refused_at = None if ConsentPurpose.CONTACT in data.granted else event.recorded_at
        person = replace(known, consent_version=data.version, refused_at=refused_at)
        self.desk.people[person.id] = person
        self._consents.add(person.id)
        pursuit = pursuit_of(self.desk.of(self.desk.kin(person.id)))
        if pursuit is not None and refuses(person, pursuit.asked_at):
            withdraw(self.desk, pursuit, event)

    def merge(self, event: Event[Fact], heard: Merge) -> None:
        """People are one, or are not any more; their pursuits follow."""
        known = self.desk.merges.get(heard.id)
        holds = newer(known, heard)
        if holds is known:
            return
        touched = set(holds.member_ids)
        if known is not None and not holds.is_active:
            touched |= known.member_ids
            holds = replace(holds, member_ids=frozenset(touched))
        before = self._all_kin(touched)
        self.desk.merges[holds.id] = holds
        self._merges.add(holds.id)
        self._fold(event, before | self._all_kin(touched))

    def erase(self, event: Event[Fact], person_id: str) -> None:
        """Forget a person: their pursuits end without a word, their kin's are their own again."""
        before = self._all_kin({person_id})
        self.desk.people[person_id] = replace(self.desk.person(person_id), is_erased=True)
        self._erased.add(person_id)
        for prospect in self.desk.of({person_id}):
            if not isinstance(prospect.place, Erased):
                self.desk.put(moved(prospect, Erased()))
                self.desk.tell("ProspectErased", prospect)
        self._fold(event, before)

    async def save(self) -> None:
        """Write what is known of people now, and everything on the desk."""
        tx = self.desk.tx
        await people.save_consents(tx, (self.desk.people[one] for one in sorted(self._consents)))
        await people.save_merges(tx, [self.desk.merges[one] for one in sorted(self._merges)])
        await people.save_erasures(tx, sorted(self._erased), tx.now)
        await self.desk.save()

    def _all_kin(self, person_ids: Iterable[str]) -> set[str]:
        return {one for person_id in person_ids for one in self.desk.kin(person_id)}

    def _fold(self, event: Event[Fact], person_ids: Iterable[str]) -> None:
        before = {one.id: one for one in self.desk.of(person_ids)}
        desk = self.desk
        after, joined = refolded(list(before.values()), desk.kin, desk.person, desk.tx.now)
        for prospect in after:
            if prospect != before[prospect.id]:
                desk.put(prospect)
        for one in joined:
            desk.say(facts.joined(one.prospect, one.lead_ids), event, lead_ids=one.lead_ids)
        for prospect in after:
            self._tell_of_return(event, before[prospect.id], prospect)

    def _tell_of_return(self, event: Event[Fact], before: Prospect, after: Prospect) -> None:
        was_remembered = isinstance(before.place, Superseded)
        match after.place:
            case Superseded(by_id=by_id) if not was_remembered:
                self.desk.tell("ProspectSuperseded", after, by_prospect_id=by_id)
            case Accepted(offer=offer) if was_remembered:
                self.desk.say(facts.accepted(after, offer), event, rep_id=offer.rep_id)
            case Waiting() if was_remembered:
                self.reopened.append((after.id, event))
            case Withdrawn() if was_remembered:
                say_withdrawn(self.desk, after, event)
            case _:
                pass
