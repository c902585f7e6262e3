"""A pool's decision log, and its replay: the same owners from the recorded entries alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sales_routing.domain.prospect import OfferRole
from sales_routing.domain.routing import Standing, choose


class EntryKind(StrEnum):
    """The word for an entry. Decisions are called as the role in which they ask somebody."""

    ROSTER = "roster"
    RULES = "rules"
    REP = "rep"
    MEMBER = OfferRole.MEMBER.value
    FALLBACK_OWNER = OfferRole.FALLBACK_OWNER.value


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """From here on these are the members with these weights; eligible bits follow their ids."""

    number: int
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """From here on this version of the rules holds, and this rep is the fallback owner."""

    number: int
    version: int
    fallback_owner_id: str | None


@dataclass(frozen=True, slots=True)
class RepChanged:
    """A rep came, went, or may hold more or fewer; the eligible sets after it show it."""

    number: int
    rep_id: str


@dataclass(frozen=True, slots=True)
class MemberAsked:
    """One of the eligible reps was picked."""

    number: int
    prospect_id: str
    eligible: int
    rep_id: str


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """The fallback owner got it."""

    number: int
    prospect_id: str
    rep_id: str


Entry = RosterChanged | RulesChanged | RepChanged | MemberAsked | OwnerAsked


def set_of(kept: bytes | None) -> int:
    """An eligible set, as bits, from how it is kept."""
    return int.from_bytes(kept or b"", "little")


def kept_set(eligible: int) -> bytes:
    """How an eligible set is kept: a bit per member, the first in the lowest."""
    return eligible.to_bytes((eligible.bit_length() + 7) // 8, "little")


@dataclass(slots=True)
class _Replay:
    standings: dict[str, Standing] = field(default_factory=dict)
    roster: list[str] = field(default_factory=list)
    owner_id: str | None = None

    def seat(self, weights: Mapping[str, int]) -> None:
        self.roster = sorted(weights)
        for rep_id, weight in weights.items():
            known = self.standings.get(rep_id, Standing(rep_id, weight))
            self.standings[rep_id] = Standing(rep_id, weight, known.received, known.shortfall)

    def pick(self, eligible: int) -> str:
        names = {rep_id for n, rep_id in enumerate(self.roster) if eligible >> n & 1}
        choice = choose([self.standings[rep_id] for rep_id in self.roster], names)
        self.standings |= {one.rep_id: one for one in choice.standings}
        return choice.rep_id


def replayed(entries: Iterable[Entry]) -> dict[int, str | None]:
    """Who each numbered decision gives its prospect to, recomputed from a whole log in order."""
    replay = _Replay()
    owners: dict[int, str | None] = {}
    for entry in entries:
        match entry:
            case RosterChanged(weights=weights):
                replay.seat(weights)
            case RulesChanged(fallback_owner_id=owner_id):
                replay.owner_id = owner_id
            case RepChanged():
                pass
            case MemberAsked(number=number, eligible=eligible):
                owners[number] = replay.pick(eligible)
            case OwnerAsked(number=number):
                owners[number] = replay.owner_id
    return owners


def recorded(entries: Iterable[Entry]) -> dict[int, str | None]:
    """Who each numbered decision gave its prospect to, as the log has it."""
    return {
        entry.number: entry.rep_id
        for entry in entries
        if isinstance(entry, MemberAsked | OwnerAsked)
    }
