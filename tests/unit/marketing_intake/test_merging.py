"""Merged people: one card by stated rules, one id for all, and merging only when it is certain."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.card import KeptCard, changed_fields, folded_card, merged_card
from marketing_intake.domain.identity_rules import DEFAULT_LIMITS
from marketing_intake.domain.merging import (
    Merge,
    Verdict,
    beyond_limits,
    fold,
    judge,
    kin,
)

NOON: Final = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Saying = tuple[str, dict[str, object]]
PEOPLE: Final = ("a", "b", "c", "d", "e")
CARDS = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(["Ada", "Ben", "n/a", ""]),
        "email": st.sampled_from(
            ["ada@example.org", "ada@gmail.com", "info@example.org", "ada@yopmail.com"]
        ),
        "company": st.sampled_from(["Crumpet", "Teacake", "unknown"]),
        "external_ids": st.dictionaries(st.sampled_from(["crm", "shop"]), st.sampled_from("12")),
    },
)
SAYINGS = st.lists(st.tuples(st.sampled_from(PEOPLE), CARDS), min_size=1, max_size=12)
MERGES = st.lists(
    st.builds(
        lambda members, number: Merge(f"m{number}", min(members), members),
        st.frozensets(st.sampled_from(PEOPLE), min_size=2, max_size=3),
        st.integers(0, 9),
    ),
    max_size=4,
    unique_by=lambda merge: merge.id,
)


def at(minutes: int) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def kept(sayings: Sequence[tuple[str | None, dict[str, object]]]) -> list[KeptCard]:
    """Everybody's card after all that was said, a minute each, kept as capture keeps it."""
    cards: dict[str, KeptCard] = {}
    for minutes, (person_id, said) in enumerate(sayings):
        if person_id is None:
            continue
        known = cards.get(person_id)
        if known is None:
            cards[person_id] = KeptCard(person_id, at(minutes), said)
            continue
        card = merged_card(known.card, said)
        changed = dict.fromkeys(changed_fields(known.card, card), at(minutes))
        cards[person_id] = KeptCard(person_id, known.created_at, card, {**known.times, **changed})
    return list(cards.values())


def kept_in_time(sayings: Sequence[Saying], person_id: str) -> KeptCard:
    """One person's card, at the times it was said, as if nobody else had ever said anything."""
    (card,) = kept([one if one[0] == person_id else (None, {}) for one in sayings])
    return card


def told_apart(card: dict[str, object], place: int) -> dict[str, object]:
    """A card whose values nobody said before; those that say nothing stay as they are."""
    return {
        name: {source: f"{place}-{id_}" for source, id_ in value.items()}
        if isinstance(value, dict)
        else _told_apart(str(value), place)
        for name, value in card.items()
        if value not in ("", {}, "Ben", "Teacake", "Crumpet")
    }


def _told_apart(value: str, place: int) -> str:
    own = value.replace("Ada", f"Ada{place}").replace("ada@", f"ada{place}@")
    # A role's address is one by what stands before the @.
    return own.replace("info@", f"info@no{place}.")


def as_one(sayings: Sequence[Saying]) -> dict[str, object]:
    """The card of one person who had said all of it."""
    card: dict[str, object] = {}
    for _, said in sayings:
        card = merged_card(card, said) if card else dict(said)
    return card


@pytest.mark.parametrize(
    ("old", "new", "survivor"),
    [
        ({"company": "Crumpet"}, {"company": "Teacake"}, {"company": "Teacake"}),
        ({"company": "Crumpet"}, {"company": None}, {"company": "Crumpet"}),
        ({"company": "Crumpet"}, {"company": ""}, {"company": "Crumpet"}),
        ({"company": "Crumpet"}, {"company": "unknown"}, {"company": "Crumpet"}),
        ({"company": "unknown"}, {"company": "Crumpet"}, {"company": "Crumpet"}),
        ({"email": "a@b.org"}, {"email": "a@gmail.com"}, {"email": "a@b.org"}),
        ({"email": "a@gmail.com"}, {"email": "a@b.org"}, {"email": "a@b.org"}),
        ({"email": "a@gmail.com"}, {"email": "a@yopmail.com"}, {"email": "a@gmail.com"}),
        ({"email": "a@b.org"}, {"email": "info@b.org"}, {"email": "a@b.org"}),
        ({"email": "a@b.org"}, {"email": "b@b.org"}, {"email": "b@b.org"}),
    ],
)
def test_the_better_value_survives_and_of_equal_ones_the_newer(
    old: dict[str, object], new: dict[str, object], survivor: dict[str, object]
) -> None:
    assert merged_card(old, new) == survivor


@given(SAYINGS)
def test_a_merged_card_is_that_of_one_person_who_had_said_it_all(
    sayings: list[Saying],
) -> None:
    said = [(who, told_apart(card, place)) for place, (who, card) in enumerate(sayings)]

    assert folded_card(kept(said)) == as_one(said)


@given(SAYINGS, st.permutations(range(5)))
def test_members_fold_alike_in_any_order(sayings: list[Saying], order: list[int]) -> None:
    members = kept(sayings)
    shuffled = [members[place] for place in order if place < len(members)]

    assert fold(shuffled, ()) == fold(members, ())


@given(SAYINGS, MERGES, st.data())
def test_a_merge_that_was_taken_back_leaves_no_trace(
    sayings: list[Saying], merges: list[Merge], data: st.DataObject
) -> None:
    taken_back = data.draw(st.sets(st.sampled_from(merges))) if merges else set()
    standing = [merge for merge in merges if merge not in taken_back]
    alone = {one.person_id: one for one in kept(sayings)}

    people = {
        one: fold([alone[id_] for id_ in kin([one], standing) if id_ in alone], standing)
        for one in alone
    }

    for one, person in people.items():
        if not any(one in merge.member_ids for merge in standing):
            said_alone = kept_in_time(sayings, one)
            assert person == fold([said_alone], ())


@given(MERGES)
def test_kin_is_mutual_and_a_chain_of_merges_makes_one(merges: list[Merge]) -> None:
    groups = {person: kin([person], merges) for person in PEOPLE}

    for merge in merges:
        assert len({groups[member] for member in merge.member_ids}) == 1
    for person, group in groups.items():
        assert all(groups[other] == group for other in group)
        assert person in group


def test_the_latest_merge_says_whose_id_speaks_for_all() -> None:
    members = [KeptCard(one, at(n), {}) for n, one in enumerate("abc")]
    first = Merge("m1", "b", frozenset("ab"))
    second = Merge("m2", "c", frozenset("bc"))

    assert fold(members, ()).person_id == "a"
    assert fold(members[:2], [first]).person_id == "b"
    assert fold(members, [first, second]).person_id == "c"
    assert fold(members, [first, second]).created_at == NOON


def test_two_who_hold_too_much_together_are_named_with_kind_count_and_limit() -> None:
    held = [{"external:crm": 1, "email": 3}, {"external:crm": 1, "email": 2}]

    assert beyond_limits(held, DEFAULT_LIMITS) == {"external:crm": (2, 1)}


@pytest.mark.parametrize(
    ("reasons", "first", "second", "verdict"),
    [
        (["email+external_id"], {"email": 1}, {"external:crm": 1}, Verdict.MERGE),
        (["email+external_id"], {"email": 1, "external:crm": 1}, {"external:crm": 1}, "apart"),
        (["email+phone"], {"email": 1}, {"phone&family_name": 1}, Verdict.REVIEW),
        (["email+phone", "email+external_id"], {"email": 1}, {"external:crm": 1}, Verdict.MERGE),
        (["phone"], {"email": 1}, {"email": 1}, Verdict.REVIEW),
        (["email+phone"], {"email": 3}, {"email": 3}, Verdict.APART),
        (["anonymous_id+email"], {"email": 1}, {"anonymous:web": 2}, Verdict.MERGE),
        (["anonymous_id+email"], {"email": 1}, {"email": 1, "anonymous:web": 1}, Verdict.APART),
        (["anonymous_id+email", "email+phone"], {"email": 1}, {"email": 1}, Verdict.REVIEW),
    ],
)
def test_only_what_is_certain_is_merged_without_asking(
    reasons: list[str], first: dict[str, int], second: dict[str, int], verdict: str
) -> None:
    assert judge(reasons, first, second, limits=DEFAULT_LIMITS) == verdict
    assert judge(reasons, second, first, limits=DEFAULT_LIMITS) == verdict
