"""Sources: made and changed by hand, versioned, audited, and told to everybody who reports."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from baton.auth.api_keys import create_key
from baton.contracts.marketing import SourceDescribed
from baton.contracts.vocabulary import SourceKind
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from baton.vault import Vault
from marketing_intake.domain.source import Source, document_of
from marketing_intake.handlers.sealing import seal_config, seal_secret
from marketing_intake.repository import catalogue, contracts, forms, imports

FORM_KEY_BYTES: Final = 12
KEY_SCOPES: Final = ("leads:write", "leads:read")

Change = Callable[[Source], Source]
"""What becomes of a source; it raises `Refused` when that can't be."""


@dataclass(frozen=True, slots=True)
class SourceMade:
    """The source with its keys; the secret one is shown this once."""

    source: Source
    api_key: str | None


async def create_source(
    drawn: Source, secret: str | None, tx: Transaction, *, vault: Vault, who: str, origin: Origin
) -> SourceMade:
    """Make a source as it is drawn, with the key that its kind uses.

    Its id, form key and sealed secrets are given here. Raises `Conflict` when the name is taken.
    """
    is_form, source_id = drawn.kind is SourceKind.FORM, new_id()
    source = replace(
        drawn,
        id=source_id,
        config=seal_config(drawn.config, source_id, vault),
        sealed=() if secret is None else (seal_secret(secret, source_id, vault),),
        form_key=new_form_key() if is_form else None,
    )
    await catalogue.insert_source(tx, source)
    key = None
    if source.form_key is not None:
        await forms.insert_key(tx, source.id, source.form_key)
    else:
        key, _ = await create_key(tx, f"source {source.name}", KEY_SCOPES, source_id=source.id)
    await _say(source, tx, who=who, origin=origin)
    tx.audit(who=who, what="source made", subject=source.id, old=None, new=document_of(source))
    return SourceMade(source, key)


def new_form_key() -> str:
    """A public key: it only has to be nobody else's."""
    return f"form_{secrets.token_hex(FORM_KEY_BYTES)}"


async def change_source(
    source_id: str, change: Change, tx: Transaction, *, what: str, who: str, origin: Origin
) -> Source:
    """Change a source, which is a new version of its contract. Raises `NotFound`, `Conflict`.

    What changes nothing makes no version.
    """
    old = await catalogue.lock_source(tx, source_id)
    changed = change(old)
    if changed == old:
        return old
    source = replace(changed, contract_version=old.contract_version + 1)
    await catalogue.update_source(tx, source)
    if source.limits != old.limits:
        await imports.let_go_on(tx, source_id)
    await _say(source, tx, who=who, origin=origin)
    tx.audit(who=who, what=what, subject=source_id, old=document_of(old), new=document_of(source))
    return source


async def _say(source: Source, tx: Transaction, *, who: str, origin: Origin) -> None:
    """Keep the version, and tell everybody who reports."""
    await contracts.insert_version(
        tx, source.id, source.contract_version, document_of(source), who=who
    )
    fact = SourceDescribed(
        source_id=source.id,
        name=source.name,
        kind=source.kind,
        channel=source.channel,
        is_active=source.is_active,
        role=source.role,
        cost_per_lead=source.cost_per_lead,
        currency=source.currency,
    )
    tx.publish(fact, key=source.id, subject=source.id, cause=origin)
