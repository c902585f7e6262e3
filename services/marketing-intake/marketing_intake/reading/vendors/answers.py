"""Answers to a form under the names of `LeadForm`, wherever a vendor's own name means the same.

Names are compared by their letters and digits: `First Name`, `first_name` and `FIRST_NAME` are one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from baton.contracts.vocabulary import ConsentPurpose
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.lead_form import LeadForm

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PURPOSES: Final = frozenset(ConsentPurpose)
DECIDED_HERE: Final = frozenset(
    {"external_id", "channel", "consent", "traits", "occurred_at", "is_test"}
)
"""What no answer may say: a form's address is everybody's to change, and these move people."""
TEXTS: Final = frozenset(LeadForm.model_fields) - DECIDED_HERE
SYNONYMS: Final = {
    "email": ("emailaddress", "workemail", "businessemail", "useremail"),
    "phone": (
        *("phonenumber", "workphone", "workphonenumber", "userphone"),
        *("mobile", "mobilephone", "mobilenumber", "telephone"),
    ),
    "name": ("fullname", "yourname"),
    "given_name": ("firstname",),
    "family_name": ("lastname", "surname"),
    "company": ("companyname", "organization", "organisation"),
    "country": ("countrycode",),
    "referrer": ("referer",),
}
KNOWN: Final = {name.replace("_", ""): name for name in TEXTS} | {
    synonym: name for name, synonyms in SYNONYMS.items() for synonym in synonyms
}


def known_name(name: str) -> str | None:
    """The name of `LeadForm` that means the same; None when there is none."""
    return KNOWN.get("".join(filter(str.isalnum, name)).lower())


def put(fields: dict[str, object], name: str, value: object) -> None:
    """Add an answer, under a known name when it has one and can be a text; nothing is overwritten.

    An empty answer is none.
    """
    known = known_name(name)
    if known is not None and put_known(fields, known, value):
        return
    put_further(fields, name, value)


def put_known(fields: dict[str, object], name: str, value: object) -> bool:
    """Add an answer under a name of `LeadForm`; False when it is taken, or the answer no text."""
    text = as_text(value)
    if text is None or name in fields:
        return False
    if name == "country" and not (len(text) == 2 and text.isascii() and text.isalpha()):
        return False
    fields[name] = text
    return True


def put_as(fields: dict[str, object], known: str, name: str, value: object) -> None:
    """Add an answer whose type says what it is: under the known name, and under its own too."""
    if not put_known(fields, known, value) or known_name(name) != known:
        put_further(fields, name, value)


def put_further(fields: dict[str, object], name: str, value: object) -> None:
    """Add a field that is kept as it is, and never taken for one that intake acts upon.

    Of a name that comes three times, the first and the last are kept.
    """
    if value is None or value in ("", [], {}):
        return
    if name in TEXTS or name in DECIDED_HERE or name in fields:
        name = f"answer_{name}"
    fields[name] = value


def put_texts(
    fields: dict[str, object], document: Mapping[str, Any], names: Mapping[str, str]
) -> None:
    """Add what a vendor says of its form or ad as texts; numbers too, whose digits must stay."""
    for name, ours in names.items():
        put_further(fields, ours, as_text(document.get(name)))


def as_text(value: object) -> str | None:
    """A text or number as text without spaces around; None for anything else, and for nothing."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moment(document: Mapping[str, Any], name: str) -> str | None:
    """The time in milliseconds since 1970 under a name as RFC 3339; None when there is none.

    Raises `Unreadable`, naming it.
    """
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{name} must be a time in milliseconds", name)
    try:
        return (EPOCH + timedelta(milliseconds=value)).isoformat()
    except OverflowError:
        raise Unreadable(f"{name} must be a time in milliseconds", name) from None


def consented(checked: Mapping[str, bool], config: Mapping[str, Any]) -> list[ConsentPurpose]:
    """The purposes of the boxes that were ticked: `consent` of the configuration says which box
    stands for which purpose, for a vendor can't know. A box that nobody has named grants nothing.
    """
    meanings = config.get("consent")
    if not isinstance(meanings, Mapping):
        return []
    granted = {str(meanings.get(box)) for box, ticked in checked.items() if ticked}
    return sorted(PURPOSES & granted)
