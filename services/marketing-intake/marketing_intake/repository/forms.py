"""Forms as they are kept: their public keys, and their rules inside their contract."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from baton.contracts.vocabulary import SourceKind
from baton.database import Reader
from baton.errors import NotFound
from baton.transaction import Transaction
from marketing_intake.domain.form import FORM_CONFIG, Form, FormRules
from marketing_intake.domain.source import Source
from marketing_intake.repository import catalogue

RULES: Final = TypeAdapter(FormRules)
KEYS_MAX: Final = 50

FIND_SQL: Final = "select source_id from form_keys where key = $1 and revoked_at is null"
KEY_SQL: Final = "insert into form_keys (key, source_id, created_at) values ($1, $2, $3)"
KEYS_SQL: Final = """
select key, created_at, revoked_at from form_keys where source_id = $1 order by created_at, key
limit $2
"""
REVOKE_SQL: Final = """
update form_keys set revoked_at = $3
where key = $1 and source_id = $2 and revoked_at is null returning key
"""


@dataclass(frozen=True, slots=True)
class FormKey:
    """A public key of a form."""

    key: str
    created_at: datetime
    revoked_at: datetime | None


async def find_form(reader: Reader, key: str) -> Form | None:
    """The form of this public key; a revoked key has none."""
    source_id = await reader.fetchval(FIND_SQL, key)
    source = None if source_id is None else await catalogue.find_source(reader, source_id)
    return None if source is None else Form(key, source, rules_in(source))


async def load_form(reader: Reader, source_id: str) -> Source:
    """The source, which is a form. Raises `NotFound`."""
    source = await catalogue.find_source(reader, source_id)
    if source is None or source.kind is not SourceKind.FORM:
        raise NotFound("there is no such form", field="source_id")
    return source


def rules_in(source: Source) -> FormRules:
    """The rules of a form, which are part of its contract."""
    return RULES.validate_python(source.config.get(FORM_CONFIG) or {})


def document_of(rules: FormRules) -> dict[str, object]:
    """The rules as the contract holds them."""
    document: dict[str, object] = RULES.dump_python(rules, mode="json")
    return document


async def insert_key(tx: Transaction, source_id: str, key: str) -> None:
    """Keep a new public key."""
    await tx.execute(KEY_SQL, key, source_id, tx.now)


async def keys_of(reader: Reader, source_id: str) -> list[FormKey]:
    """A form's public keys, oldest first."""
    rows = await reader.fetch(KEYS_SQL, source_id, KEYS_MAX)
    return [FormKey(row["key"], row["created_at"], row["revoked_at"]) for row in rows]


async def revoke_key(tx: Transaction, source_id: str, key: str) -> None:
    """End a public key. Raises `NotFound`."""
    if await tx.fetchval(REVOKE_SQL, key, source_id, tx.now) is None:
        raise NotFound("this form has no such key in force", field="form_key")
