"""Histories with activities, and policies under which time moves people, made by hypothesis."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from baton.contracts.vocabulary import ActivityKind
from lead_scoring.domain.facts import (
    ActivityFact,
    Enrichment,
    LeadFact,
    PersonFact,
    Profile,
    Retraction,
)
from lead_scoring.domain.policy import Policy
from support.facts import NOON
from support.scoring_values import PERSON, a_policy, an_id, facts

KINDS = (ActivityKind.DEMO_REQUESTED, ActivityKind.EMAIL_CLICKED, ActivityKind.UNSUBSCRIBED)
MINUTES_OF_A_WEEK = 7 * 24 * 60


def an_activity(number: int = 1, *, minutes: int = 0, **changes: Any) -> ActivityFact:
    """A demo that somebody asked for, unless it is changed."""
    fact = ActivityFact(
        activity_id=an_id(number, 6),
        event_id=an_id(number, 7),
        person_id=PERSON,
        happened_at=NOON + timedelta(minutes=minutes),
        kind=ActivityKind.DEMO_REQUESTED,
        profile=Profile({"source": an_id(1, 9)}, frozenset()),
    )
    return replace(fact, **changes)


def a_retraction(fact: ActivityFact) -> Retraction:
    """It did not happen."""
    return Retraction(fact.activity_id, f"{fact.event_id[:-1]}f", fact.person_id)


def an_enrichment(number: int = 1, *, minutes: int = 0, **attributes: Any) -> Enrichment:
    """Something that was found out, by the names of traits."""
    return Enrichment(
        event_id=an_id(number, 8),
        lead_id=an_id(number, 1),
        person_id=PERSON,
        happened_at=NOON + timedelta(minutes=minutes),
        attributes={f"trait:{name}": value for name, value in attributes.items()},
    )


@st.composite
def activities(draw: st.DrawFn, people: tuple[str, ...] = (PERSON,)) -> ActivityFact:
    """Any activity of one of these people within a few weeks; all follows from its number."""
    number = draw(st.integers(1, 400))
    return an_activity(
        number,
        minutes=number * 7919 % (5 * MINUTES_OF_A_WEEK),
        person_id=people[number % len(people)],
        kind=KINDS[number % len(KINDS)],
        is_machine=number % 13 == 0,
    )


def person_facts(people: tuple[str, ...] = (PERSON,)) -> st.SearchStrategy[list[PersonFact]]:
    """Leads and activities, each once, in any order."""
    leads = st.lists(facts(people), max_size=8, unique_by=lambda one: one.lead_id)
    done = st.lists(activities(people), max_size=25, unique_by=lambda one: one.activity_id)
    return st.tuples(leads, done).flatmap(lambda both: st.permutations([*both[0], *both[1]]))


def leads_in(known: list[PersonFact]) -> list[LeadFact]:
    """The leads among them."""
    return [one for one in known if isinstance(one, LeadFact)]


def a_fading_policy(**document: Any) -> Policy:
    """A policy under which most of what happens fades or leaves a time frame."""
    rules = [
        {"id": "size", "group": "fit", "points": 5, "text": "large",
         "when": [{"attribute": "trait:size", "at_least": 100}]},
        {"id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
         "activities": ["demo_requested"], "times_max": 3},
        {"id": "clicked", "group": "engagement", "points": 3, "text": "clicked",
         "activities": ["email_clicked"], "within_days": 9, "times_max": 5},
        {"id": "left", "group": "engagement", "points": -12.5, "text": "unsubscribed",
         "activities": ["unsubscribed"]},
        {"id": "late", "group": "fit", "points": -7, "text": "long ago, and at most thrice",
         "activities": ["demo_requested"], "before_days": 3, "at_most": 3, "times_max": 2},
        {"id": "back", "group": "engagement", "points": 4, "text": "came back",
         "at_least": 2, "within_days": 20, "times_max": 4},
    ]  # fmt: skip
    base: dict[str, Any] = {
        "fit": {"minimum": -10, "maximum": 30, "decay": {"percent": 30, "every_days": 5}},
        "engagement": {"minimum": -10, "maximum": 35, "decay": {"half_life_days": 11.5}},
        "rules": rules,
        "bands": {"fit": {"A": 5, "B": -2}, "engagement": {"1": 25, "2": 8}},
        "line": {"points": 13, "reachable_by": ["email"]},
    }
    return a_policy(**(base | document))


MOVING_POLICIES = st.sampled_from(
    [
        a_fading_policy(),
        a_fading_policy(fit={"minimum": -50, "maximum": 50}),
        a_fading_policy(engagement={"minimum": -50, "maximum": 50}, line={"points": 7}),
        a_fading_policy(
            fit={"minimum": -60, "maximum": 0, "decay": {"half_life_days": 2}},
            line={"points": -3},
        ),
    ]
)
