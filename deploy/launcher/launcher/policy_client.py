"""How `baton policy` asks lead-scoring, here or elsewhere, and what it makes of a refusal."""

import os
from typing import Any, Final

import httpx

from launcher.errors import CannotStart
from launcher.installation import Installation
from launcher.settings import read_launch_settings

KEY_SETTING: Final = "BATON_API_KEY"
SCORING: Final = "lead-scoring"
TIMEOUT_SECONDS: Final = 60.0

Told = dict[str, Any]


def client_of(url: str) -> httpx.Client:
    """A client of what `baton up` runs here, or of a URL with the key in the environment."""
    key = os.environ.get(KEY_SETTING, "")
    if not url:
        installation = Installation(read_launch_settings(), lambda _: None)
        installation.read_keys()
        url, key = installation.url(SCORING), key or installation.keys.get(SCORING, "")
    if not key:
        raise CannotStart(f"{KEY_SETTING} must hold a key of lead-scoring with policies:admin.")
    headers = {"authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS)


def answered(answer: httpx.Response) -> Told:
    """What was answered. Raises `CannotStart` with each fault and its place for a refusal."""
    if answer.is_success:
        told: Told = answer.json()
        return told
    try:
        problem = answer.json()
        detail = problem["detail"]
    except (ValueError, KeyError):
        raise CannotStart(f"lead-scoring answered {answer.status_code}.") from None
    faults = [
        f"\n  {one['pointer'].removeprefix('#/').replace('/', '.')}: {one['detail']}"
        for one in problem.get("errors", ())
    ]
    raise CannotStart(f"lead-scoring answered {answer.status_code}: {detail}{''.join(faults)}")
