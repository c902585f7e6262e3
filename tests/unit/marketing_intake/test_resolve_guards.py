"""What keeps people apart who share something: limits, weights and browsers."""

from marketing_intake.domain.identity import Identifier
from support.resolving import (
    ADA,
    ADA_EMAIL,
    BOB,
    EXTERNAL,
    NEW_EMAIL,
    OTHER_EXTERNAL,
    PHONE,
    resolved,
)


def test_a_sixth_address_makes_a_new_person_and_gives_up_what_was_shared() -> None:
    found = resolved([(NEW_EMAIL, PHONE)], {PHONE: ADA}, {ADA: {"email": 5, "phone": 1}})

    assert found.person_ids == ("new-1",)
    assert found.learned == {NEW_EMAIL: "new-1"}


def test_a_second_id_of_one_source_is_given_up_when_the_address_weighs_more() -> None:
    found = resolved([(ADA_EMAIL, OTHER_EXTERNAL)], {ADA_EMAIL: ADA, EXTERNAL: ADA})

    assert found.person_ids == (ADA,)
    assert found.learned == {}


def test_a_shared_address_does_not_fuse_two_ids_of_one_source_when_the_id_weighs_more() -> None:
    found = resolved([(OTHER_EXTERNAL, ADA_EMAIL)], {ADA_EMAIL: ADA, EXTERNAL: ADA})

    assert found.person_ids == ("new-1",)
    assert found.learned == {OTHER_EXTERNAL: "new-1"}


def test_a_limit_holds_within_a_batch_too() -> None:
    phones = [Identifier("phone", f"+1202555010{n}") for n in range(4)]

    found = resolved([(NEW_EMAIL, one) for one in phones], {}, limits={"email": 5, "phone": 3})

    assert found.person_ids == ("new-1",) * 4
    assert len(found.learned) == 4


def test_two_known_people_of_whom_one_lead_speaks_are_noted() -> None:
    found = resolved([(ADA_EMAIL, EXTERNAL)], {ADA_EMAIL: ADA, EXTERNAL: BOB})

    assert found.person_ids == (ADA,)
    assert found.met == {(ADA, BOB): {"email+external_id"}}


def test_who_gives_nothing_that_identifies_is_somebody_new_each_time() -> None:
    found = resolved([(), ()])

    assert found.person_ids == ("new-1", "new-2")
    assert found.learned == {}
