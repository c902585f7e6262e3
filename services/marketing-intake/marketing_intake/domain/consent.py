"""What people have said about the use of their data, and what holds of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from baton.contracts.vocabulary import ConsentPurpose


class How(StrEnum):
    """In which way a word about consent came."""

    LEAD = "lead"  # it came with a lead
    ACTIVITY = "activity"  # something that the person did says so, such as to unsubscribe
    BY_HAND = "by_hand"  # an administrator recorded it
    OPT_IN = "opt_in"  # the person followed a link that only they were sent


class Speaker(StrEnum):
    """Whose word it is."""

    PERSON = "person"
    STAFF = "staff"  # for the person, who told them
    SOURCE = "source"  # a list or a partner says that the person once said so


@dataclass(frozen=True, slots=True)
class Wording:
    """The text that somebody agreed to: its SHA-256 in hexadecimal digits, and its version as the
    source counts them.
    """

    sha256: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What was granted and withdrawn at once."""

    granted: frozenset[ConsentPurpose]
    withdrawn: frozenset[ConsentPurpose]
    speaker: Speaker
    happened_at: datetime


def standing(words: Iterable[Word]) -> frozenset[ConsentPurpose]:
    """What holds after these words, which may come in any order.

    Of each purpose the last word counts, by when it happened; of two at one moment the withdrawal.
    What a list or a partner says never undoes a withdrawal by the person. Who has written to us
    and said nothing may be answered, so `contact` holds until it is withdrawn.
    """
    found = {ConsentPurpose.CONTACT}
    withdrawn: set[ConsentPurpose] = set()
    for word in sorted(words, key=lambda one: (one.happened_at, bool(one.withdrawn))):
        grants = set(word.granted)
        if word.speaker is Speaker.SOURCE:
            grants -= withdrawn
        found = (found | grants) - word.withdrawn
        withdrawn = (withdrawn - grants) | word.withdrawn
    return frozenset(found)
