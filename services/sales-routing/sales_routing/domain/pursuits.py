"""One person, one pursuit: whom a lead joins, and what a merge of people does to their pursuits.

Each lead remembers its *home*, the prospect it would be in if no people were merged. So a merge
only points pursuits at another, and taking it back points them home again: nothing is recomputed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from baton.contracts.vocabulary import UnassignedReason
from sales_routing.domain.people import Person, refuses
from sales_routing.domain.prospect import (
    Erased,
    Lead,
    Offered,
    Open,
    Prospect,
    Superseded,
    Waiting,
    Withdrawn,
    is_open,
    moved,
)


@dataclass(frozen=True, slots=True)
class Joined:
    """A prospect that speaks for more leads than before; `lead_ids` are the new ones."""

    prospect: Prospect
    lead_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a qualified lead changes: prospects that are new or changed, and what it joined."""

    changed: tuple[Prospect, ...]
    joined: Joined | None = None


def arrived(fresh: Prospect, kin: Sequence[Prospect], people: Sequence[Person]) -> Arrival:
    """Let a lead join the open pursuit of its person, or open a fresh one.

    `fresh` is the pursuit that would be opened, waiting and with this lead alone. `kin` are the
    prospects of all ids that its person is known under, `people` what was heard of them.
    """
    own = next((one for one in people if one.id == fresh.person_id), None)
    if own is not None and own.is_erased:
        return Arrival((moved(fresh, Erased()),))
    pursuit = pursuit_of(kin)
    if pursuit is not None:
        return _joining(fresh, kin, pursuit)
    if any(refuses(one, fresh.asked_at) for one in people):
        return Arrival((moved(fresh, Withdrawn()),))
    return Arrival((fresh,))


def _joining(fresh: Prospect, kin: Sequence[Prospect], pursuit: Prospect) -> Arrival:
    own = [one for one in kin if one.person_id == fresh.person_id]
    home = pursuit_of(own) or min(filter(_is_remembered, own), key=_age, default=None)
    lead = replace(fresh.leads[0], home_id=fresh.id if home is None else home.id)
    joined = replace(pursuit, leads=_in_order((*pursuit.leads, lead)))
    # Its own pursuit is remembered beside the one it joins, for the day the merge is taken back.
    beside = (replace(superseded(fresh, pursuit.id), leads=()),) if home is None else ()
    return Arrival((*beside, joined), Joined(joined, (lead.id,)))


def pursuit_of(prospects: Iterable[Prospect]) -> Prospect | None:
    """The open pursuit among a person's prospects: the oldest."""
    return min(filter(is_open, prospects), key=_age, default=None)


def pursuit_behind(prospect_id: str, kin: Sequence[Prospect]) -> Prospect | None:
    """What goes by this id now: the prospect, the one it is joined to, or what its lead joined."""
    by_id = {one.id: one for one in kin}
    found = by_id.get(prospect_id)
    if found is not None and isinstance(found.place, Superseded):
        return by_id.get(found.place.by_id)
    if found is not None:
        return found
    return next((one for one in kin if any(x.proposed_id == prospect_id for x in one.leads)), None)


def superseded(prospect: Prospect, by_id: str) -> Prospect:
    """The prospect, pointed at the one that goes on in its place."""
    before = prospect.place.before if isinstance(prospect.place, Superseded) else prospect.place
    assert isinstance(before, Open)
    return moved(prospect, Superseded(by_id, before))


def restored(prospect: Prospect, person: Person, now: datetime) -> Prospect:
    """The prospect as it was before it was superseded; who was only asked is chosen anew."""
    assert isinstance(prospect.place, Superseded)
    if refuses(person, prospect.asked_at):
        return moved(prospect, Withdrawn())
    before = prospect.place.before
    if isinstance(before, Offered):
        return moved(prospect, Waiting(UnassignedReason.NO_REP, now))
    return moved(prospect, before)


def refolded(
    prospects: Sequence[Prospect],
    kin_of: Callable[[str], frozenset[str]],
    person_of: Callable[[str], Person],
    now: datetime,
) -> tuple[list[Prospect], list[Joined]]:
    """Fold the pursuits of people anew after they were merged, unmerged or erased.

    Of several open pursuits of one person the oldest goes on and the others are superseded by it.
    What was superseded by somebody else's pursuit is restored, or points at the one that goes on.
    Returns all prospects as they are then, and which of them speak for leads they did not before.
    """
    folded: dict[str, Prospect] = {}
    for ids in {kin_of(one.person_id) for one in prospects}:
        group = [one for one in prospects if one.person_id in ids]
        folded |= {one.id: one for one in _fold_one_person(group, person_of, now)}
    return _send_leads_home(prospects, folded)


def _fold_one_person(
    group: Sequence[Prospect], person_of: Callable[[str], Person], now: datetime
) -> list[Prospect]:
    present = {one.id: one for one in group}
    for one in sorted(group, key=_age):
        if isinstance(one.place, Superseded) and one.place.by_id not in present:
            going_on = pursuit_of(present.values())
            present[one.id] = (
                restored(one, person_of(one.person_id), now)
                if going_on is None
                else superseded(one, going_on.id)
            )
    going_on = pursuit_of(present.values())
    if going_on is None:
        return list(present.values())
    return [_after(one, going_on, present) for one in present.values()]


def _after(one: Prospect, going_on: Prospect, present: dict[str, Prospect]) -> Prospect:
    """Superseded when it is open beside the one that goes on, or pointed at one that now is."""
    if one.id == going_on.id:
        return one
    if is_open(one):
        return superseded(one, going_on.id)
    if isinstance(one.place, Superseded) and is_open(present[one.place.by_id]):
        return superseded(one, going_on.id)
    return one


def _send_leads_home(
    prospects: Sequence[Prospect], folded: dict[str, Prospect]
) -> tuple[list[Prospect], list[Joined]]:
    leads: dict[str, list[Lead]] = {one.id: [] for one in prospects}
    for lead in (lead for one in prospects for lead in one.leads):
        leads[_destination(folded[lead.home_id])].append(lead)
    after: list[Prospect] = []
    joined: list[Joined] = []
    for one in prospects:
        now_with = replace(folded[one.id], leads=_in_order(leads[one.id]))
        new = tuple(lead.id for lead in now_with.leads if lead not in one.leads)
        after.append(now_with)
        if new and not isinstance(now_with.place, Erased):
            joined.append(Joined(now_with, new))
    return after, joined


def _destination(home: Prospect) -> str:
    return home.place.by_id if isinstance(home.place, Superseded) else home.id


def _in_order(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    return tuple(sorted(leads, key=lambda lead: (lead.received_at, lead.id)))


def _is_remembered(prospect: Prospect) -> bool:
    return isinstance(prospect.place, Superseded)


def _age(prospect: Prospect) -> tuple[datetime, str]:
    return prospect.opened_at, prospect.id
