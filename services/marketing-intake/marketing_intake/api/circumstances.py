"""In which circumstances somebody said something, as a door that they came through saw it."""

from typing import Final

from starlette.requests import Request

from marketing_intake.api.forms.browsers import hashed_address
from marketing_intake.settings import IntakeSettings

AGENT_CHARACTERS_MAX: Final = 500


def circumstances_of(request: Request, settings: IntakeSettings) -> dict[str, str]:
    """The agent, and a keyed hash of the address: whoever names one can be told if it was it."""
    found = {"address_hash": hashed_address(request, settings, settings.proxy_hops).hex()}
    agent = request.headers.get("user-agent")
    if agent:
        found["user_agent"] = agent[:AGENT_CHARACTERS_MAX].replace("\0", "")
    return found
