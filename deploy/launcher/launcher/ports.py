"""Ports: is one free, and which one is."""

import itertools
import os
import socket
from typing import Final

from launcher.errors import CannotStart

FIRST: Final = 10_000
BEYOND: Final = 32_000
"""Below the ports that systems give to outgoing connections, which could take one in between."""
STRIDE: Final = 7
"""Kafka takes the port above its own as well, so that neighbours are left free."""
_turns: Final = itertools.count(os.getpid() * 101)


def require_free(port: int, what: str, setting: str) -> None:
    """Raises `CannotStart` when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(
                f"Port {port} is in use, and {what} wants it: stop what listens there, or set "
                f"{setting} to another port."
            ) from None


def free_port() -> int:
    """A port on which nobody listens at this moment. Raises `CannotStart` when there is none."""
    for turn in itertools.islice(_turns, BEYOND - FIRST):
        port = FIRST + STRIDE * turn % (BEYOND - FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotStart("No port from 10000 to 31999 is free.")
