"""Where a request's events come from: its correlation id and trace."""

from fastapi import Request

from baton.transaction import Origin


def request_origin(request: Request) -> Origin:
    """The origin that the request's context has made."""
    origin: Origin = request.scope["state"]["origin"]
    return origin
