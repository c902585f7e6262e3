"""The published JSON Schema of a policy's document, for editors and for those who write one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, require
from lead_scoring.repository.schema import policy_schema

Admin = Annotated[Identity, Depends(require("policies:admin"))]


def make_schema_router() -> APIRouter:
    """`/v1/policies/schema`."""
    router = APIRouter(prefix="/v1/policies", tags=["policies"], responses=PROBLEMS)

    @router.get("/schema")
    async def get_policy_schema(_admin: Admin) -> dict[str, Any]:
        """The JSON Schema (2020-12) that `POST /v1/policies` checks a document by."""
        return policy_schema()

    return router
