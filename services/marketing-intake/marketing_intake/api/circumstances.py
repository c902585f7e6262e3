"""In which circumstances somebody said something, as a door that they came through saw it."""

from typing import Final

from starlette.requests import Request

AGENT_CHARACTERS_MAX: Final = 500


def circumstances_of(request: Request) -> dict[str, str]:
    """Address and agent of a request that a person's own browser has made."""
    found: dict[str, str] = {}
    if request.client is not None:
        found["ip"] = request.client.host
    agent = request.headers.get("user-agent")
    if agent:
        found["user_agent"] = agent[:AGENT_CHARACTERS_MAX].replace("\0", "")
    return found
