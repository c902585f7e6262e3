"""Ports: is one free, and which one is."""

import socket

from launcher.errors import CannotStart


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
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
