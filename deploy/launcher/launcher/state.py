"""What runs on a data folder, as the launcher that started it has noted."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from launcher.settings import LaunchSettings


def state_of(settings: LaunchSettings) -> dict[str, Any] | None:
    """The launcher's own note of what it has started; None when it does not run any more."""
    path: Path = settings.folder / "state.json"
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        state: dict[str, Any] = json.loads(path.read_text())
        return state if is_running(state["launcher"]) else None
    return None


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
