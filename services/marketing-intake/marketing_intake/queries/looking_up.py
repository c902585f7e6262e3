"""Finding a person by the exact address or number that somebody has given."""

from typing import Any, Final

from baton.database import Reader

FOUND_MAX: Final = 20
# What many share (`info@`) identifies nobody, and stands in cards alone.
BY_EMAIL_SQL: Final = """
select person_id from identifiers where kind = 'email' and value = $1
union select id from people where card ->> 'email' = $2 limit $3
"""
BY_PHONE_SQL: Final = """
select person_id from identifiers where kind like 'phone%' and split_part(value, '|', 1) = $1
union select id from people where card ->> 'phone' = $1 limit $2
"""
CARDS_SQL: Final = """
select id as person_id, card, created_at from people
where id = any ($1::uuid[]) and erased_at is null order by created_at
"""
CONSENT_SQL: Final = """
select id as person_id, consent, consent_version from people
where id = any ($1::uuid[]) order by created_at
"""


async def by_email(reader: Reader, mailbox: str, email: str) -> list[dict[str, Any]]:
    """Who is known by a mailbox, or gave this address."""
    return await _cards(reader, await reader.fetch(BY_EMAIL_SQL, mailbox, email, FOUND_MAX))


async def by_phone(reader: Reader, phone: str) -> list[dict[str, Any]]:
    """Who is known by a number, or gave it."""
    return await _cards(reader, await reader.fetch(BY_PHONE_SQL, phone, FOUND_MAX))


async def consents(reader: Reader, person_ids: list[str]) -> list[dict[str, Any]]:
    """What these people allow, each by the last word of it."""
    return [dict(row) for row in await reader.fetch(CONSENT_SQL, person_ids)]


async def _cards(reader: Reader, rows: list[Any]) -> list[dict[str, Any]]:
    ids = [row["person_id"] for row in rows]
    return [dict(row) for row in await reader.fetch(CARDS_SQL, ids)]
