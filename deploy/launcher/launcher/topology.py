"""Which services there are and what each is told; read it like a deployment diagram."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service: its name, its module, and what a development key of it may do."""

    name: str
    module: str
    scopes: tuple[str, ...]

    @property
    def database(self) -> str:
        """Its database, and the role that owns it."""
        return self.module

    def command(self, *words: str) -> list[str]:
        """How it, or one of its commands, is started."""
        return [sys.executable, "-m", self.module, *words]


COMMON: Final = ("keys:admin", "parking:admin", "pii:read")
SERVICES: Final = (
    ServiceSpec(
        "marketing-intake",
        "marketing_intake",
        (*COMMON, "leads:read", "people:admin", "reports:read", "sources:admin"),
    ),
    ServiceSpec("lead-scoring", "lead_scoring", (*COMMON, "policies:admin", "scores:read")),
    ServiceSpec(
        "sales-routing",
        "sales_routing",
        (*COMMON, "prospects:read", "prospects:write", "reps:admin"),
    ),
)


def service_environment(
    inherited: Mapping[str, str],
    *,
    database_url: str,
    kafka_bootstrap: str,
    port: int,
    secret: str,
) -> dict[str, str]:
    """What a service is told; whatever the person has set stands, addresses and secret apart."""
    return {
        **inherited,
        "BATON_DATABASE_URL": database_url,
        "BATON_KAFKA_BOOTSTRAP": kafka_bootstrap,
        "BATON_HTTP_PORT": str(port),
        "BATON_SECRET": secret,
        "BATON_COOKIES_SECURE": inherited.get("BATON_COOKIES_SECURE", "false"),
        "PYTHONUNBUFFERED": "1",
    }
