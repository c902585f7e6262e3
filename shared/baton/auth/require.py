"""What an endpoint asks of its caller: a valid key with these scopes."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from baton.auth.api_keys import Identity, KeyRing
from baton.errors import Forbidden

BEARER = HTTPBearer(
    auto_error=False, scheme_name="apiKey", description="An API key: `Bearer baton_…`"
)


def require(*scopes: str) -> Callable[..., Awaitable[Identity]]:
    """A dependency that gives the caller's identity; it raises `Unauthorized` and `Forbidden`."""

    async def identity(
        request: Request,
        _documented: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)] = None,
    ) -> Identity:
        header = request.headers.get("authorization")
        ring: KeyRing = request.app.state.keyring
        found = await ring.identify(None if header is None else header.encode("latin-1"))
        check_scopes(found, scopes)
        return found

    return identity


def check_scopes(identity: Identity, scopes: tuple[str, ...]) -> None:
    """Raises `Forbidden`, naming what is missing."""
    for scope in scopes:
        if scope not in identity.scopes:
            raise Forbidden(f"the key needs the scope {scope}", scope)
