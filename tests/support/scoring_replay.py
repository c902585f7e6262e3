"""Lives of invented people as events, and what they come to when nothing but the log is read."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    LeadCaptured,
    LeadEnriched,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
)
from baton.ids import new_id
from lead_scoring.domain.facts import PersonFact, history_of
from lead_scoring.domain.people import Merge, kin, newer
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.scoring import NOTHING, Score, score_at
from lead_scoring.handlers import heard as reading
from support.facts import NOON
from support.scoring_desk import a_consent, a_lead, a_merge, a_weak_lead, an_erasure, an_unmerge, at
from support.scoring_events import a_retraction, an_activity

KINDS = ("demo_requested", "email_clicked", "page_viewed", "unsubscribed", "webinar_attended")
YEAR_MINUTES = 365 * 24 * 60
REPLAYED: dict[str, Any] = {
    "fit": {"minimum": -20, "maximum": 60},
    "engagement": {"minimum": -20, "maximum": 60, "decay": {"half_life_days": 21}},
    "rules": [
        {"id": "business", "group": "fit", "points": 12, "text": "a business address",
         "when": [{"attribute": "email_kind", "any_of": ["business"]}]},
        {"id": "size", "group": "fit", "points": 9.5, "text": "large",
         "when": [{"attribute": "trait:size", "at_least": 100}]},
        {"id": "demo", "group": "engagement", "points": 17, "text": "asked for a demo",
         "activities": ["demo_requested"], "times_max": 3},
        {"id": "clicks", "group": "engagement", "points": 1.7, "text": "clicked",
         "activities": ["email_clicked", "page_viewed"], "within_days": 30, "at_least": 2,
         "times_max": 8},
        {"id": "left", "group": "engagement", "points": -23.3, "text": "unsubscribed",
         "activities": ["unsubscribed"]},
        {"id": "back", "group": "engagement", "points": 6, "text": "came back",
         "at_least": 2, "times_max": 3},
    ],
    "bands": {"fit": {"A": 20, "B": 10}, "engagement": {"1": 30, "2": 10}},
    "line": {"points": 28, "again_after_days": 120},
}  # fmt: skip


@dataclass
class Lives:
    """Everything that was said about so many people within a year, each person's in an order
    that Kafka allows: not that in which it happened, with repetitions.
    """

    seed: int
    count: int
    events: list[Event[Fact]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Live."""
        chance = random.Random(self.seed)
        people = [new_id() for _ in range(self.count)]
        for person_id in people:
            own = list(_life(person_id, chance))
            # A little out of order, as what is sent again is; a repetition has another id.
            own.sort(key=lambda event: event.happened_at + timedelta(days=chance.gauss(0, 9)))
            own += [one._replace(id=new_id()) for one in own if chance.random() < 0.05]
            self.events += own
        for ann, bob in zip(people[::7], people[1::7], strict=False):
            merge_id = new_id()
            self.events += a_merge(ann, bob, merge_id=merge_id)
            if chance.random() < 0.5:
                self.events += an_unmerge(ann, bob, merge_id=merge_id)
        self.events += [an_erasure(one) for one in people if chance.random() < 0.03]
        _shuffle_across_people(self.events, chance)

    def batches(self, size: int) -> Iterator[Sequence[Event[Fact]]]:
        """As a consumer would hand them over."""
        for start in range(0, len(self.events), size):
            yield self.events[start : start + size]

    def score(self, person_id: str, policy: Policy, moment: datetime) -> Score:
        """What a person comes to, from the log alone."""
        ids = kin(person_id, self._merges.values(), self._erased)
        own = (event for one in ids for event in self._said.get(one, ()))
        history = history_of(fact for event in own for fact in _facts(event))
        if not history:
            return NOTHING
        return score_at(history, policy, None, max(moment, history.newest_at))

    @cached_property
    def _said(self) -> dict[str, list[Event[Fact]]]:
        found: dict[str, list[Event[Fact]]] = {}
        for event in self.events:
            found.setdefault(event.key, []).append(event)
        return found

    @cached_property
    def _merges(self) -> dict[str, Merge]:
        found: dict[str, Merge] = {}
        for event in self.events:
            if isinstance(event.data, PeopleMerged | PeopleUnmerged):
                merge = reading.merge_of(event.data)
                found[merge.id] = newer(found.get(merge.id), merge)
        return found

    @cached_property
    def _erased(self) -> set[str]:
        return {one.data.person_id for one in self.events if isinstance(one.data, PersonErased)}


def _life(person_id: str, chance: random.Random) -> Iterator[Event[Fact]]:
    minutes = chance.randrange(YEAR_MINUTES // 2)
    for _ in range(chance.randint(0, 3)):
        make = chance.choice([a_lead, a_weak_lead])
        yield make(person_id, minutes=minutes, is_test=chance.random() < 0.05)
        minutes += chance.randrange(YEAR_MINUTES // 8)
    for _ in range(chance.randint(0, 9)):
        moment = chance.randrange(YEAR_MINUTES)
        suspicion = "link_scan" if chance.random() < 0.1 else None
        done = an_activity(
            person_id, minutes=moment, kind=chance.choice(KINDS), suspicion=suspicion
        )
        yield done
        if chance.random() < 0.15:
            yield a_retraction(done, minutes=moment + 60)
    if chance.random() < 0.3:
        found = LeadEnriched(
            lead_id=new_id(), person_id=person_id, provider="registry",
            traits={"size": chance.randrange(300)},
        )  # fmt: skip
        yield at(chance.randrange(YEAR_MINUTES), found)
    if chance.random() < 0.1:
        yield a_consent(person_id, minutes=chance.randrange(YEAR_MINUTES))


def _facts(event: Event[Fact]) -> Iterator[PersonFact]:
    # What is said again is the same fact, whatever the id of its envelope.
    match event.data:
        case LeadCaptured() as data:
            yield reading.fact_of(event, data)
        case ActivityRecorded() as data:
            yield reading.activity_of(event, data)
        case ActivityRetracted() as data:
            yield reading.retraction_of(event, data)
        case LeadEnriched() as data:
            fact = reading.enrichment_of(event, data)
            yield replace(fact, event_id=f"{fact.lead_id}")
        case _:
            pass


def _shuffle_across_people(events: list[Event[Fact]], chance: random.Random) -> None:
    """Mix the people; each one's own events keep their order."""
    places = [event.key for event in events]
    chance.shuffle(places)
    own: dict[str, list[Event[Fact]]] = {}
    for event in events:
        own.setdefault(event.key, []).append(event)
    queues = {key: iter(ones) for key, ones in own.items()}
    events[:] = [next(queues[key]) for key in places]


NEXT_YEAR = NOON + timedelta(days=400)
