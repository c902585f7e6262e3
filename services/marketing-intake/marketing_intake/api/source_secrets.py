"""Secrets and keys of a source by HTTP: each is shown once, when it is made."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from baton.vault import Vault
from marketing_intake.api.source_forms import Secret
from marketing_intake.handlers import source_secrets

ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)


class SecretForm(BaseModel):
    """A secret that a vendor has made; without one, it is made here."""

    secret: Secret | None = None


class SecretMade(BaseModel):
    """The secret, shown this once."""

    secret_id: str
    secret: str


class SourceKeyMade(BaseModel):
    """The API key, shown this once."""

    key_id: str
    key: str


def make_source_secrets_router(transactions: Transactions, vault: Vault) -> APIRouter:
    """`/v1/sources/{source_id}/secrets` and `/keys`."""
    router = APIRouter(prefix="/v1/sources/{source_id}", tags=["sources"], responses=PROBLEMS)

    @router.post("/secrets", status_code=201)
    async def add_secret(
        source_id: PathUuid, form: SecretForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> SecretMade:
        """Make a secret active beside the one before it; two may be."""
        given = None if form.secret is None else form.secret.get_secret_value()
        async with transactions.begin() as tx:
            made, text = await source_secrets.add_secret(
                source_id, given, tx, vault=vault, who=identity.who, origin=origin
            )
        return SecretMade(secret_id=made, secret=text)

    @router.delete("/secrets/{secret_id}", status_code=204)
    async def end_secret(
        source_id: PathUuid, secret_id: str, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> None:
        """End a secret; within seconds nothing is verified by it."""
        async with transactions.begin() as tx:
            await source_secrets.end_secret(
                source_id, secret_id, tx, who=identity.who, origin=origin
            )

    @router.post("/keys", status_code=201)
    async def add_source_key(source_id: PathUuid, identity: Identity = ADMIN) -> SourceKeyMade:
        """Make an API key for the source beside the one before it; two may be active."""
        async with transactions.begin() as tx:
            key_id, text = await source_secrets.add_key(source_id, tx, who=identity.who)
        return SourceKeyMade(key_id=key_id, key=text)

    @router.delete("/keys/{key_id}", status_code=204)
    async def end_source_key(source_id: PathUuid, key_id: str, identity: Identity = ADMIN) -> None:
        """End one of the source's keys; within seconds it opens nothing."""
        async with transactions.begin() as tx:
            await source_secrets.end_key(source_id, key_id, tx, who=identity.who)

    return router
