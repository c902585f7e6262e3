"""Whose lead is it: a batch of leads finds its people, or makes them."""

import itertools
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.resolve import Resolution, resolve

ADA, BOB = "person-ada", "person-bob"
ADA_EMAIL = Identifier("email", "ada@example.org")
BOB_EMAIL = Identifier("email", "bob@example.org")
NEW_EMAIL = Identifier("email", "new@example.org")
PHONE = Identifier("phone", "+12025550123")
EXTERNAL = Identifier("external:crm", "4711")
KNOWN = {ADA_EMAIL: ADA, BOB_EMAIL: BOB}

EMAILS = st.sampled_from([ADA_EMAIL, BOB_EMAIL, NEW_EMAIL, Identifier("email", "x@example.org")])
PHONES = st.sampled_from([PHONE, Identifier("phone", "+12025550199")])
LEADS = st.one_of(
    st.tuples(EMAILS), st.tuples(PHONES), st.tuples(EMAILS, PHONES), st.just((EXTERNAL,))
)
BATCHES = st.lists(LEADS, max_size=8)
KNOWLEDGE = st.dictionaries(st.one_of(EMAILS, PHONES), st.sampled_from([ADA, BOB]))


def resolved(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str] | None = None
) -> Resolution:
    """The batch's people, where new ones are called new-1, new-2 and so on."""
    numbers: Iterator[int] = itertools.count(1)
    return resolve(batch, KNOWN if known is None else known, lambda: f"new-{next(numbers)}")


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


@given(BATCHES, KNOWLEDGE)
def test_whoever_writes_again_is_found_again(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    again = resolved(batch, known | dict(found.learned))

    assert again.person_ids == found.person_ids
    assert again.new_people == ()
    assert again.learned == {}


@given(BATCHES, KNOWLEDGE)
def test_nobody_is_moved_and_nobody_is_made_for_nothing(
    batch: list[tuple[Identifier, ...]], known: dict[Identifier, str]
) -> None:
    found = resolved(batch, known)

    assert not set(found.learned) & set(known)
    assert set(found.new_people) <= set(found.person_ids)
    assert set(found.person_ids) <= set(found.new_people) | set(known.values())
    for own, person_id in zip(batch, found.person_ids, strict=True):
        assert (known | dict(found.learned))[own[0]] == person_id
