"""Secrets and keys of a source: two of each may be active, so that one can be changed in peace."""

import hashlib
import secrets
from dataclasses import replace
from typing import Final

from baton.auth import api_keys
from baton.errors import Conflict, NotFound
from baton.transaction import Origin, Transaction
from baton.vault import Vault
from marketing_intake.domain.source import SECRETS_MAX, Source
from marketing_intake.handlers.sealing import seal_secret
from marketing_intake.handlers.sources import KEY_SCOPES, change_source
from marketing_intake.repository import catalogue, contracts

SECRET_BYTES: Final = 32


def secret_id(envelope: bytes) -> str:
    """By what a secret is spoken of; it says nothing of the secret."""
    return hashlib.sha256(envelope).hexdigest()[:12]


async def add_secret(
    source_id: str,
    given: str | None,
    tx: Transaction,
    *,
    vault: Vault,
    who: str,
    origin: Origin,
) -> tuple[str, str]:
    """Make a secret active beside the one before; returns its id and its text.

    Some vendors make it and show it, to be given here; for the others it is made here. Raises
    `NotFound`, and `Conflict` when two are active already.
    """
    text = secrets.token_urlsafe(SECRET_BYTES) if given is None else given
    envelope = seal_secret(text, source_id, vault)

    def added(source: Source) -> Source:
        if len(source.sealed) >= SECRETS_MAX:
            raise Conflict(f"{SECRETS_MAX} secrets are active: end one first", field="source_id")
        return replace(source, sealed=(envelope, *source.sealed))

    await change_source(source_id, added, tx, what="secret added", who=who, origin=origin)
    return secret_id(envelope), text


async def end_secret(
    source_id: str, ended: str, tx: Transaction, *, who: str, origin: Origin
) -> None:
    """End a secret; within seconds nothing is verified by it. Raises `NotFound`."""

    def without(source: Source) -> Source:
        kept = tuple(one for one in source.sealed if secret_id(one) != ended)
        if kept == source.sealed:
            raise NotFound("the source has no such secret", field="secret_id")
        return replace(source, sealed=kept)

    await change_source(source_id, without, tx, what="secret ended", who=who, origin=origin)


async def add_key(source_id: str, tx: Transaction, *, who: str) -> tuple[str, str]:
    """Make an API key beside the one before; returns its id and its text.

    Raises `NotFound`, and `Conflict` when two are active already.
    """
    source = await catalogue.lock_source(tx, source_id)
    if len(await contracts.active_keys(tx, source_id, tx.now)) >= SECRETS_MAX:
        raise Conflict(f"{SECRETS_MAX} keys are active: end one first", field="source_id")
    name = f"source {source.name}"
    text, key_id = await api_keys.create_key(tx, name, KEY_SCOPES, source_id=source_id)
    tx.audit(who=who, what="key created", subject=key_id, old=None, new={"source_id": source_id})
    return key_id, text


async def end_key(source_id: str, key_id: str, tx: Transaction, *, who: str) -> None:
    """End a key of this source; within seconds it opens nothing. Raises `NotFound`."""
    await catalogue.lock_source(tx, source_id)
    if key_id not in await contracts.active_keys(tx, source_id, tx.now):
        raise NotFound("the source has no such active key", field="key_id")
    await api_keys.revoke_key(tx, key_id)
    tx.audit(who=who, what="key revoked", subject=key_id, old=None, new={"source_id": source_id})
