"""API keys by HTTP: make one, list them, revoke one."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from baton.auth import api_keys
from baton.auth.api_keys import Identity
from baton.auth.require import require
from baton.http.problems import PROBLEMS
from baton.http.text import Line, Uuid
from baton.transactions import Transactions

Admin = Annotated[Identity, Depends(require("keys:admin"))]


class KeyForm(BaseModel):
    """A key to be made."""

    name: Line = Field(examples=["shop's web form"])
    scopes: list[Line] = Field(min_length=1, max_length=20, examples=[["leads:write"]])
    source_id: Uuid | None = None
    expires_at: datetime | None = None


class KeyMade(BaseModel):
    """The key, shown this once."""

    key_id: str
    key: str


class KeyView(BaseModel):
    """A key without its secret."""

    key_id: str
    name: str
    scopes: list[str]
    source_id: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def make_keys_router(transactions: Transactions) -> APIRouter:
    """`/v1/keys`: for whoever looks after access."""
    router = APIRouter(prefix="/v1/keys", tags=["keys"], responses=PROBLEMS)

    @router.post("", status_code=201)
    async def create_api_key(form: KeyForm, admin: Admin) -> KeyMade:
        """Make a key; its text is in this answer and nowhere else."""
        async with transactions.begin() as tx:
            text, key_id = await api_keys.create_key(
                tx, form.name, form.scopes, source_id=form.source_id, expires_at=form.expires_at
            )
            new = {"name": form.name, "scopes": form.scopes, "source_id": form.source_id}
            tx.audit(who=admin.who, what="key created", subject=key_id, old=None, new=new)
        return KeyMade(key_id=key_id, key=text)

    @router.get("")
    async def list_api_keys(_: Admin) -> list[KeyView]:
        """All keys, oldest first."""
        async with transactions.read() as reader:
            return [KeyView.model_validate(row) for row in await api_keys.list_keys(reader)]

    @router.delete("/{key_id}", status_code=204)
    async def revoke_api_key(key_id: str, admin: Admin) -> None:
        """End a key; within seconds it opens nothing any more."""
        async with transactions.begin() as tx:
            await api_keys.revoke_key(tx, key_id)
            tx.audit(who=admin.who, what="key revoked", subject=key_id, old=None, new=None)

    return router
