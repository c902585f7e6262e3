"""Which field of a lead each column fills: as it is told, else as the column is called."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from baton.contracts.vocabulary import ConsentPurpose
from marketing_intake.domain.contract import CONSENT, TRAIT
from marketing_intake.domain.imports import Layout
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.json_lead import NAMES

COLUMNS_MAX: Final = 500
COLUMN_CHARACTERS_MAX: Final = 200
TRAIT_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
BETWEEN_WORDS: Final = re.compile(r"[\s\-_./:]+")
TARGETS: Final = (NAMES - {"traits"}) | {f"{CONSENT}{purpose}" for purpose in ConsentPurpose}
"""Fields of a lead; `consent.x` is a box that was ticked or not."""
ALIASES: Final = {
    "mail": "email", "e_mail": "email", "email_address": "email", "e_mail_address": "email",
    "work_email": "email", "business_email": "email", "courriel": "email", "correo": "email",
    "phone_number": "phone", "telephone": "phone", "tel": "phone", "mobile": "phone",
    "mobile_phone": "phone", "telefon": "phone", "cell": "phone", "work_phone": "phone",
    "id": "external_id", "lead_id": "external_id", "contact_id": "external_id",
    "record_id": "external_id", "customer_id": "external_id",
    "full_name": "name", "contact_name": "name", "contact": "name",
    "first_name": "given_name", "firstname": "given_name", "forename": "given_name",
    "vorname": "given_name", "prenom": "given_name",
    "last_name": "family_name", "lastname": "family_name", "surname": "family_name",
    "nachname": "family_name", "nom": "family_name",
    "company_name": "company", "organisation": "company", "organization": "company",
    "account": "company", "account_name": "company", "firma": "company", "employer": "company",
    "title": "job_title", "jobtitle": "job_title", "position": "job_title", "role": "job_title",
    "country_code": "country",
    "comment": "message", "comments": "message", "notes": "message", "note": "message",
    "campaign_name": "campaign", "url": "page_url", "page": "page_url",
    "created": "occurred_at", "created_at": "occurred_at", "created_time": "occurred_at",
    "created_date": "occurred_at", "create_date": "occurred_at", "date": "occurred_at",
    "timestamp": "occurred_at", "submitted_at": "occurred_at",
}  # fmt: skip
"""What tools and people call a column that is one of ours."""


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Names for the columns of a header, each different. Raises `Unreadable` for too many."""
    if len(header) > COLUMNS_MAX:
        raise Unreadable(f"there may be at most {COLUMNS_MAX} columns", "columns")
    found: dict[str, None] = {}
    for number, text in enumerate(header, 1):
        name = text.strip()[:COLUMN_CHARACTERS_MAX] or numbered(number)
        found[name if name not in found else f"{name} ({number})"] = None
    if len(found) < len(header):
        raise Unreadable("columns must have different names", "columns")
    return tuple(found)


def numbered(number: int) -> str:
    """What a column without a name is called; they are counted from 1."""
    return f"column {number}"


def field_of(column: str) -> str | None:
    """The field that a column of this name most likely holds."""
    plain = BETWEEN_WORDS.sub("_", column.strip().lower()).strip("_")
    if plain in TARGETS:
        return plain
    if column.startswith(TRAIT) and TRAIT_NAME.match(column.removeprefix(TRAIT)):
        return column
    return ALIASES.get(plain)


def mapping_of(
    columns: Sequence[str], told: Mapping[str, str], agreed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The field of each column that has one; an empty word in `told` keeps a column out.

    What is told comes before what is `agreed` with the source, and that before what a column's
    name suggests.

    A told column may be called by its name, in any case, or by its number. Raises `Unreadable` for
    one that is not there, a field that no lead has, and two columns for one field.
    """
    known = {name.casefold(): name for name in columns}
    known |= {
        str(number): name for number, name in enumerate(columns, 1) if str(number) not in known
    }
    chosen: dict[str, str] = {}
    for column, target in told.items():
        name = known.get(column.strip().casefold())
        if name is None:
            raise Unreadable("the mapping names a column that is not in the file", "map")
        chosen[name] = _checked(target.strip())
    given = [target for target in chosen.values() if target]
    if len(set(given)) < len(given):
        raise Unreadable("the mapping must not fill a field from two columns", "map")
    names = {name.casefold(): target for name, target in (agreed or {}).items()}
    for suggested in (lambda name: names.get(name.casefold()), field_of):
        for name in columns:
            field = suggested(name) if name not in chosen else None
            if field is not None and field not in chosen.values():
                chosen[name] = field
    return {name: target for name, target in chosen.items() if target}


def learned(layout: Layout, agreed: Mapping[str, str]) -> dict[str, str]:
    """The mapping of a file that was sent, and the columns that have been agreed on since.

    A column that nobody read before grants no consent now.
    """
    names = {name.casefold(): target for name, target in agreed.items()}
    found = dict(layout.mapping)
    for column in layout.columns:
        target = names.get(column.casefold(), CONSENT)
        if column not in found and target not in found.values() and not target.startswith(CONSENT):
            found[column] = target
    return found


def told_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """`Column=field`, each; the column may have `=` in it. Raises `Unreadable`."""
    told: dict[str, str] = {}
    for pair in pairs:
        column, separator, target = pair.rpartition("=")
        if not separator or not column.strip():
            raise Unreadable("a mapping must be of the form column=field", "map")
        told[column.strip()] = target.strip()
    return told


def _checked(target: str) -> str:
    is_trait = target.startswith(TRAIT) and TRAIT_NAME.match(target.removeprefix(TRAIT))
    if target and target not in TARGETS and not is_trait:
        raise Unreadable(
            f"a column must be mapped to traits.NAME or one of {', '.join(sorted(TARGETS))}", "map"
        )
    return target
