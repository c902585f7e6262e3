"""Facts and policies that tests of scoring speak with, made by hand and by hypothesis."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from baton.contracts.vocabulary import Channel, ConsentPurpose, EmailKind, Field, Seniority
from lead_scoring.domain.facts import LeadFact, Profile, Value
from lead_scoring.domain.people import ConsentChange
from lead_scoring.domain.policy import Policy
from lead_scoring.repository.default_policy import DEFAULT
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policy_reading import policy_of
from support.facts import NOON

PERSON = "00000000-0000-7000-8000-00000000000a"
OTHER = "00000000-0000-7000-8000-00000000000b"
DEFAULT_POLICY = policy_of(1, DEFAULT)
EVERYBODY = policy_of(
    1,
    PolicyDocument.model_validate(
        {"name": "Everybody", "line": {"points": 0, "reachable_by": ["external_id"]}}
    ),
)
"""The policy of a history that is brought in: whoever has an id is a prospect."""

ANY_SOURCE: st.SearchStrategy[Value] = st.sampled_from([PERSON, OTHER])


def an_id(number: int, kind: int = 0) -> str:
    """An id that looks like one."""
    return f"{number:08x}-0000-7000-8000-{kind:012x}"


def a_fact(number: int = 1, *, minutes: int = 0, **changes: Any) -> LeadFact:
    """A lead of a manager with a business address and a company, unless it is changed.

    `attributes` and `fields` change the profile, everything else the fact itself.
    """
    attributes: dict[str, Value] = {"source": an_id(1, 9), "email_kind": "business"}
    profile = Profile(
        attributes | {"seniority": "manager"} | changes.pop("attributes", {}),
        frozenset(changes.pop("fields", ("email", "company"))),
    )
    fact = LeadFact(
        lead_id=an_id(number, 1),
        event_id=an_id(number, 2),
        person_id=PERSON,
        happened_at=NOON + timedelta(minutes=minutes),
        received_at=NOON + timedelta(minutes=minutes),
        is_test=False,
        consent=frozenset(),
        profile=profile,
    )
    return replace(fact, **changes)


def a_weak_fact(number: int = 1, *, minutes: int = 0, **changes: Any) -> LeadFact:
    """A lead of which nothing is known but a free e-mail address."""
    profile = Profile({"email_kind": "free"}, frozenset({"email"}))
    return replace(a_fact(number, minutes=minutes), profile=profile, **changes)


def a_word(*, grants: bool, minutes: int = 0, version: int = 1, number: int = 1) -> ConsentChange:
    """Somebody allows or refuses to be contacted."""
    at: datetime = NOON + timedelta(minutes=minutes)
    return ConsentChange(an_id(number, 3), PERSON, version, grants_contact=grants, happened_at=at)


def a_policy(version: int = 1, **document: Any) -> Policy:
    """A policy with this document; the line is at 0 points, reached by e-mail, if not given."""
    line = {"points": 0, "reachable_by": ["email"]} | document.pop("line", {})
    return policy_of(
        version, PolicyDocument.model_validate({"name": "Test", "line": line} | document)
    )


def known(kinds: type[Any], unknown: str) -> st.SearchStrategy[str]:
    """A word of the vocabulary that says something."""
    return st.sampled_from([word.value for word in kinds if word != unknown])


@st.composite
def facts(draw: st.DrawFn, people: tuple[str, ...] = (PERSON,)) -> LeadFact:
    """Any lead of one of these people."""
    number = draw(st.integers(1, 400))
    optional: dict[str, st.SearchStrategy[Value]] = {
        "channel": known(Channel, "unknown"),
        "email_kind": known(EmailKind, "none"),
        "seniority": known(Seniority, "unknown"),
        "country": st.sampled_from(["DE", "BR", "US"]),
        "trait:size": st.integers(-10, 500),
    }
    attributes = draw(st.fixed_dictionaries({"source": ANY_SOURCE}, optional=optional))
    return LeadFact(
        lead_id=an_id(number, 1),
        event_id=an_id(number, 2),
        # One lead has one person, one time and one content: all of them follow from its number.
        person_id=people[number % len(people)],
        happened_at=NOON + timedelta(minutes=number % 40),
        received_at=NOON,
        is_test=number % 11 == 0,
        consent=draw(st.sampled_from([frozenset(), frozenset({ConsentPurpose.CONTACT.value})])),
        profile=Profile(attributes, draw(st.frozensets(known(Field, "")))),
    )


def histories(people: tuple[str, ...] = (PERSON,)) -> st.SearchStrategy[list[LeadFact]]:
    """Leads, each id once, in any order."""
    return st.lists(facts(people), max_size=60, unique_by=lambda fact: fact.lead_id)


def words() -> st.SearchStrategy[ConsentChange | None]:
    """What somebody said about consent, or that they said nothing."""
    return st.none() | st.builds(
        lambda grants, minutes: a_word(grants=grants, minutes=minutes),
        st.booleans(),
        st.integers(-5, 45),
    )


POLICIES = st.sampled_from(
    [
        DEFAULT_POLICY,
        EVERYBODY,
        a_policy(
            fit={"minimum": -3, "maximum": 7.3},
            engagement={"minimum": -1.1, "maximum": 2.2},
            rules=[
                {
                    "id": "large",
                    "group": "fit",
                    "points": 4.1,
                    "text": "large",
                    "when": [{"attribute": "trait:size", "at_least": 100}],
                },
                {
                    "id": "not_free",
                    "group": "fit",
                    "points": 3.7,
                    "text": "no free address",
                    "when": [{"attribute": "email_kind", "none_of": ["free", "disposable"]}],
                },
                {
                    "id": "nothing",
                    "group": "fit",
                    "points": -9,
                    "text": "?",
                    "when": [{"gave_none_of": ["email", "phone"]}],
                },
                {
                    "id": "again",
                    "group": "engagement",
                    "points": 0.3,
                    "text": "again",
                    "from_lead": 2,
                    "to_lead": 9,
                },
            ],
            line={"points": 4, "needs_consent": True, "without_consent": "disqualify"},
            disqualify=[
                {
                    "id": "brazil",
                    "text": "not there",
                    "when": [{"attribute": "country", "any_of": ["BR"]}],
                }
            ],
        ),
    ]
)
