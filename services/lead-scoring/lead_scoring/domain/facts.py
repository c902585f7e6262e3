"""What is known of a person: what was heard about them, and the profile that it adds up to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeVar

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose

Value = str | bool | int | float

FACTS_MAX: Final = 50
"""A person is judged by their newest leads, so that one who has thousands costs no more."""
ACTIVITIES_MAX: Final = 500
"""And by their newest activities, machines' and retracted ones not counted among them."""
ACTIVITIES_OF_KIND_MAX: Final = 50
"""Of those, the newest of each kind: a thousand opened e-mails don't hide a demo that was asked
for. No rule can ask for more than this many of one kind."""
NO_ROLL_UPS: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """What identifies nobody: attributes that are known (a missing one is unknown), fields given.

    Attributes are those that `conditions.ATTRIBUTES` names, and `trait:NAME` for each trait that a
    source has declared.
    """

    attributes: Mapping[str, Value]
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class LeadFact:
    """One lead as it was captured. It never changes; `event_id` is the event that said it."""

    lead_id: str
    event_id: str
    person_id: str
    happened_at: datetime
    received_at: datetime
    is_test: bool
    consent: frozenset[str]
    profile: Profile
    company_id: str | None = None

    @property
    def grants_contact(self) -> bool:
        """Whether this lead came with the consent to be contacted."""
        return ConsentPurpose.CONTACT in self.consent


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """Something that a person did; a machine's counts for nothing."""

    activity_id: str
    event_id: str
    person_id: str
    happened_at: datetime
    kind: ActivityKind
    profile: Profile
    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Enrichment:
    """More that is known of a person or their company than their leads said."""

    event_id: str
    lead_id: str
    person_id: str
    happened_at: datetime
    attributes: Mapping[str, Value]
    company_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    """An activity did not happen: it is as if it had never been heard of, in whatever order."""

    activity_id: str
    event_id: str
    person_id: str


PersonFact = LeadFact | ActivityFact | Enrichment | Retraction
F = TypeVar("F", LeadFact, ActivityFact, Enrichment)


@dataclass(frozen=True, slots=True)
class History:
    """What counts of one person: each fact once, in the order in which they happened.

    `roll_ups` are the values of a policy's roll-ups over the company's people, by rule, as they
    were when this person was looked at: who looks again needs the same ones.
    """

    leads: tuple[LeadFact, ...] = ()
    activities: tuple[ActivityFact, ...] = ()
    enrichments: tuple[Enrichment, ...] = ()
    roll_ups: Mapping[str, float] = field(default_factory=lambda: NO_ROLL_UPS)

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.leads or self.activities or self.enrichments)

    @property
    def newest_at(self) -> datetime:
        """When the newest of it happened. Raises `ValueError` when nothing is known."""
        if len(self.leads) == 1 and not self.activities and not self.enrichments:
            return self.leads[0].happened_at
        return max(fact.happened_at for fact in self.facts())

    @property
    def company_id(self) -> str | None:
        """The company that was named last."""
        known: list[LeadFact | Enrichment] = [*self.leads, *self.enrichments]
        said = [one for one in known if one.company_id is not None]
        return max(said, key=_place).company_id if said else None

    def facts(self) -> Iterator[LeadFact | ActivityFact | Enrichment]:
        """All of it."""
        return chain(self.leads, self.activities, self.enrichments)


def history_of(facts: Iterable[PersonFact], roll_ups: Mapping[str, float] = NO_ROLL_UPS) -> History:
    """What counts of these facts; their order and repetitions do not matter.

    Test leads say nothing about a person, machines' and retracted activities did not happen.
    """
    leads: dict[str, LeadFact] = {}
    activities: dict[str, ActivityFact] = {}
    enrichments: dict[str, Enrichment] = {}
    retracted: set[str] = set()
    for fact in facts:
        if isinstance(fact, LeadFact):
            if not fact.is_test:
                leads[fact.lead_id] = fact
        elif isinstance(fact, ActivityFact):
            if not fact.is_machine:
                activities[fact.activity_id] = fact
        elif isinstance(fact, Enrichment):
            enrichments[fact.event_id] = fact
        else:
            retracted.add(fact.activity_id)
    return History(
        leads=_newest(leads, FACTS_MAX),
        activities=_counted(activities, retracted) if activities else (),
        enrichments=_newest(enrichments, FACTS_MAX),
        roll_ups=roll_ups,
    )


def until(history: History, moment: datetime) -> History:
    """What of it had happened at that moment."""
    if all(fact.happened_at <= moment for fact in history.facts()):
        return history
    return History(
        leads=tuple(one for one in history.leads if one.happened_at <= moment),
        activities=tuple(one for one in history.activities if one.happened_at <= moment),
        enrichments=tuple(one for one in history.enrichments if one.happened_at <= moment),
        roll_ups=history.roll_ups,
    )


def profile_of(history: History) -> Profile:
    """What the leads and what was found out add up to: of each attribute the latest, all fields."""
    leads = history.leads
    if len(leads) == 1 and not history.enrichments:
        return leads[0].profile
    attributes: dict[str, Value] = {}
    fields: frozenset[str] = frozenset()
    known: list[LeadFact | Enrichment] = [*leads, *history.enrichments]
    for fact in sorted(known, key=_place):
        if isinstance(fact, LeadFact):
            attributes |= fact.profile.attributes
            fields |= fact.profile.fields
        else:
            attributes |= fact.attributes
    return Profile(attributes, fields)


def _counted(activities: dict[str, ActivityFact], retracted: set[str]) -> tuple[ActivityFact, ...]:
    held = {key: one for key, one in activities.items() if key not in retracted}
    by_kind: dict[ActivityKind, list[ActivityFact]] = {}
    for one in _newest(held, ACTIVITIES_MAX):
        by_kind.setdefault(one.kind, []).append(one)
    newest = (one for ones in by_kind.values() for one in ones[-ACTIVITIES_OF_KIND_MAX:])
    return tuple(sorted(newest, key=_place))


def _newest(known: dict[str, F], limit: int) -> tuple[F, ...]:
    if len(known) < 2:
        return tuple(known.values())
    return tuple(sorted(known.values(), key=_place)[-limit:])


def _place(fact: LeadFact | ActivityFact | Enrichment) -> tuple[datetime, str]:
    match fact:
        case LeadFact(lead_id=own_id) | ActivityFact(activity_id=own_id):
            return fact.happened_at, own_id
        case Enrichment(event_id=own_id):
            return fact.happened_at, own_id
