"""Whose lead is it: a batch of leads finds its people, or makes them."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.identity import Identifier, counted_as
from marketing_intake.domain.resolve import Resolution, learners
from support.resolving import (
    ADA,
    ADA_EMAIL,
    BOB,
    BOB_EMAIL,
    EXTERNAL,
    KNOWN,
    NEW_EMAIL,
    OTHER_EXTERNAL,
    PHONE,
    held_of,
    resolved,
)

EMAILS = st.sampled_from([ADA_EMAIL, BOB_EMAIL, NEW_EMAIL, Identifier("email", "x@example.org")])
PHONES = st.sampled_from([PHONE, Identifier("phone", "+12025550199")])
EXTERNALS = st.sampled_from([EXTERNAL, OTHER_EXTERNAL])
LEADS = st.tuples(*(st.none() | kind for kind in (EMAILS, PHONES, EXTERNALS))).map(
    lambda given_keys: tuple(one for one in given_keys if one is not None)
)
BATCHES = st.lists(LEADS, max_size=8)
KNOWLEDGE = st.dictionaries(st.one_of(EMAILS, PHONES, EXTERNALS), st.sampled_from([ADA, BOB]))
LIMITS = st.fixed_dictionaries(
    {name: st.integers(1, 3) for name in ("email", "phone", "external_id")}
)


def landed(batch: list[tuple[Identifier, ...]], found: Resolution) -> set[frozenset[int]]:
    """Which places of the batch landed on one person."""
    people: dict[str, set[int]] = {}
    for place, person_id in enumerate(found.person_ids):
        people.setdefault(person_id, set()).add(place)
    return {frozenset(places) for places in people.values()}


def test_two_known_people_who_share_a_new_phone_stay_two() -> None:
    found = resolved([(ADA_EMAIL, PHONE), (BOB_EMAIL, PHONE)])

    assert found.person_ids == (ADA, BOB)
    assert found.learned == {PHONE: ADA}
    assert found.new_people == ()


def test_a_stranger_ahead_of_the_known_owner_does_not_take_the_shared_phone_away() -> None:
    found = resolved([(PHONE,), (ADA_EMAIL, PHONE)])

    assert found.person_ids == (ADA, ADA)


def test_a_known_email_decides_over_somebody_elses_phone() -> None:
    found = resolved([(ADA_EMAIL, PHONE)], KNOWN | {PHONE: BOB})

    assert found.person_ids == (ADA,)
    assert found.learned == {}


def test_a_known_phone_decides_when_the_email_is_new() -> None:
    found = resolved([(NEW_EMAIL, PHONE)], {PHONE: BOB})

    assert found.person_ids == (BOB,)
    assert found.learned == {NEW_EMAIL: BOB}


def test_the_same_new_email_twice_is_one_new_person() -> None:
    found = resolved([(NEW_EMAIL,), (NEW_EMAIL, PHONE)])

    assert found.person_ids == ("new-1", "new-1")
    assert found.new_people == ("new-1",)
    assert found.learned == {NEW_EMAIL: "new-1", PHONE: "new-1"}


def test_strangers_of_one_batch_are_placed_in_the_order_they_came() -> None:
    found = resolved([(NEW_EMAIL,), (NEW_EMAIL, PHONE), (PHONE,)])

    assert found.person_ids == ("new-1", "new-1", "new-1")


def test_the_same_external_id_of_two_sources_is_two_people() -> None:
    elsewhere = Identifier("external:shop", EXTERNAL.value)

    found = resolved([(EXTERNAL,), (elsewhere,)])

    assert len(set(found.person_ids)) == 2


@given(BATCHES.map(lambda batch: [own for own in batch if own]), KNOWLEDGE)
def test_whoever_writes_again_is_found_again(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    again = resolved(batch, known | dict(found.learned))

    assert again.person_ids == found.person_ids
    assert again.new_people == ()


@given(BATCHES, KNOWLEDGE)
def test_nobody_is_moved_and_nobody_is_made_for_nothing(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    assert not set(found.learned) & set(known)
    assert set(found.new_people) <= set(found.person_ids)
    assert set(found.person_ids) <= set(found.new_people) | set(known.values())
    assert set(found.learned.values()) <= set(found.person_ids)


@given(BATCHES, KNOWLEDGE, LIMITS, st.randoms(use_true_random=False))
def test_who_lands_with_whom_does_not_depend_on_the_order_of_a_batch(
    batch: list[tuple[Identifier, ...]],
    known: dict[Identifier, str],
    limits: dict[str, int],
    dice: Random,
) -> None:
    order = list(range(len(batch)))
    dice.shuffle(order)

    straight = resolved(batch, known, limits=limits)
    shuffled = resolved([batch[place] for place in order], known, limits=limits)

    put_back = {frozenset(order[place] for place in places) for places in landed(batch, shuffled)}
    assert put_back == landed(batch, straight)
    assert set(shuffled.learned) == set(straight.learned)
    for place, person_id in enumerate(shuffled.person_ids):
        if person_id in (ADA, BOB):
            assert straight.person_ids[order[place]] == person_id


@given(BATCHES, KNOWLEDGE, LIMITS)
def test_nobody_learns_more_than_a_person_may_have(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str], limits: dict[str, int]
) -> None:
    found = resolved(batch, known, limits=limits)

    before, after = held_of(known), held_of(known | dict(found.learned))
    for person_id, kinds in after.items():
        for kind, count in kinds.items():
            was = before.get(person_id, {}).get(kind, 0)
            assert count <= max(was, limits[counted_as(kind)])


@given(BATCHES, KNOWLEDGE)
def test_two_different_known_addresses_never_land_on_one_person(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    for own, person_id in zip(batch, found.person_ids, strict=True):
        if own and own[0].kind == "email" and own[0] in known:
            assert person_id == known[own[0]]


@given(BATCHES, KNOWLEDGE)
def test_all_who_learn_something_were_asked_what_they_hold(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    assert set(found.learned.values()) & set(known.values()) <= learners(batch, known)
