"""What holds of consent after many words, in whatever order they come."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import ConsentPurpose
from marketing_intake.domain.consent import Speaker, Word, standing
from support.facts import NOON

CONTACT, MARKETING = ConsentPurpose.CONTACT, ConsentPurpose.MARKETING
PURPOSES = st.frozensets(st.sampled_from(ConsentPurpose))
WORDS = st.lists(
    st.builds(
        Word,
        granted=PURPOSES,
        withdrawn=PURPOSES,
        speaker=st.sampled_from(Speaker),
        happened_at=st.integers(0, 20).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    max_size=8,
    unique_by=lambda word: word.happened_at,
)


def word(
    minutes: int,
    *,
    granted: tuple[ConsentPurpose, ...] = (),
    withdrawn: tuple[ConsentPurpose, ...] = (),
    speaker: Speaker = Speaker.PERSON,
) -> Word:
    """What somebody said, so many minutes after noon."""
    moment = NOON + timedelta(minutes=minutes)
    return Word(frozenset(granted), frozenset(withdrawn), speaker, moment)


def test_who_has_said_nothing_may_be_answered_and_nothing_more() -> None:
    assert standing([]) == {CONTACT}


def test_a_withdrawal_counts_until_the_person_grants_it_again() -> None:
    words = [word(1, granted=(MARKETING,)), word(2, withdrawn=(MARKETING,))]

    assert standing(words) == {CONTACT}
    assert standing([*words, word(3, granted=(MARKETING,))]) == {CONTACT, MARKETING}


def test_of_one_moment_the_withdrawal_counts() -> None:
    words = [word(1, withdrawn=(CONTACT,)), word(1, granted=(CONTACT,))]

    assert standing(words) == standing(reversed(words)) == frozenset()


def test_a_list_grants_what_was_never_withdrawn_and_nothing_else() -> None:
    refusal = word(1, withdrawn=(CONTACT,))
    listed = word(2, granted=(CONTACT, MARKETING), speaker=Speaker.SOURCE)

    assert standing([refusal, listed]) == {MARKETING}


def test_what_staff_record_is_the_persons_word() -> None:
    refusal = word(1, withdrawn=(CONTACT,))

    assert standing([refusal, word(2, granted=(CONTACT,), speaker=Speaker.STAFF)]) == {CONTACT}


@given(words=WORDS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_words_come_changes_nothing(words: list[Word], order: object) -> None:
    shuffled = list(words)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random

    assert standing(shuffled) == standing(words)


@given(words=WORDS)
def test_what_the_person_withdrew_last_does_not_hold(words: list[Word]) -> None:
    last = word(60, withdrawn=(CONTACT, MARKETING))
    listed = word(61, granted=(CONTACT, MARKETING), speaker=Speaker.SOURCE)

    assert standing([*words, last, listed]) == frozenset()
