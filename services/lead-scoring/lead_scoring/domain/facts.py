"""What is known of a person: one fact for each lead, and the profile that they add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.contracts.vocabulary import ConsentPurpose

Value = str | bool | int | float

FACTS_MAX: Final = 50
"""A person is judged by their newest leads, so that one who has thousands costs no more."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What identifies nobody: attributes that are known (a missing one is unknown), fields given.

    Attributes are `source`, `campaign`, `channel`, `email_kind`, `seniority`, `country` and
    `trait:NAME` for each trait that a source has declared.
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

    @property
    def grants_contact(self) -> bool:
        """Whether this lead came with the consent to be contacted."""
        return ConsentPurpose.CONTACT in self.consent


History = tuple[LeadFact, ...]
"""Leads that count, each once, in the order in which they happened."""


def history_of(facts: Iterable[LeadFact]) -> History:
    """The newest leads that count; the order and the repetitions of `facts` do not matter.

    Test leads say nothing about a person.
    """
    known = {fact.lead_id: fact for fact in facts if not fact.is_test}
    if len(known) < 2:
        return tuple(known.values())
    return tuple(sorted(known.values(), key=_place)[-FACTS_MAX:])


def profile_of(history: History) -> Profile:
    """What the leads add up to: of each attribute the latest that was known, and all fields."""
    if len(history) == 1:
        return history[0].profile
    attributes: dict[str, Value] = {}
    fields: frozenset[str] = frozenset()
    for fact in history:
        attributes |= fact.profile.attributes
        fields |= fact.profile.fields
    return Profile(attributes, fields)


def _place(fact: LeadFact) -> tuple[datetime, str]:
    return fact.happened_at, fact.lead_id
