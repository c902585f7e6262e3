"""Settings: every environment variable that all services have, typed, with its default."""

import sys
from typing import Any, Final, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "BATON_"
MIBIBYTE: Final = 1024 * 1024

S = TypeVar("S", bound="ServiceSettings")


class ServiceSettings(BaseSettings):
    """What a service is told by its environment; each name stands there behind `BATON_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    database_url: SecretStr = Field(description="postgresql://role:password@host:port/database")
    kafka_bootstrap: str = Field(description="host:port of one or more brokers, with commas")
    kafka_username: str | None = Field(default=None, description="SASL/SCRAM user; TLS then")
    kafka_password: SecretStr | None = Field(default=None, description="SASL/SCRAM password")
    kafka_idempotence: bool = Field(
        default=False, description="idempotent sends; a dead broker then hangs them"
    )
    topic_prefix: str = Field(
        default="", pattern=r"^[a-z0-9.-]{0,60}$", description="stands before every topic's name"
    )
    http_host: str = Field(default="127.0.0.1", description="address to listen on")
    http_port: int = Field(default=8000, ge=1, le=65535, description="port to listen on")
    public_url: str = Field(default="", description="how people and tools reach this service")
    secret: SecretStr = Field(
        min_length=32,
        description="signs cursors and form tokens, seals secrets; the same for all replicas",
    )
    secret_previous: SecretStr | None = Field(
        default=None, min_length=32, description="the one before, while what it sealed is in use"
    )
    cookies_secure: bool = Field(default=True, description="cookies over HTTPS alone")
    session_hours: int = Field(default=12, ge=1, le=720, description="how long a sign-in lasts")
    body_bytes_max: int = Field(
        default=4 * MIBIBYTE, ge=1024, description="a larger request body is answered 413"
    )
    connections_max: int = Field(
        default=12,
        ge=4,
        le=200,
        description="connections to the database, at most, and as many for look-ups",
    )
    work_at_once: int = Field(
        default=8, ge=1, le=100, description="outside effects that are under way at once, at most"
    )
    batch_max: int = Field(
        default=500, ge=1, le=5000, description="events handled in one transaction, at most"
    )
    relay_batch_max: int = Field(
        default=1000, ge=1, le=10_000, description="events published at a time, at most"
    )
    relay_poll_seconds: float = Field(
        default=0.25, gt=0, le=60, description="how often the outbox is looked at unasked"
    )
    relay_gather_seconds: float = Field(
        default=0.02, ge=0, le=1, description="a busy relay lets events gather this long"
    )
    inbox_days: int = Field(
        default=14, ge=1, le=365, description="how long a repeated event is recognised"
    )
    restored: bool = Field(
        default=False,
        description="the database came from a backup: not ready before erasures are applied again",
    )
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")


def read_settings(kind: type[S], **values: Any) -> S:  # noqa: ANN401 any setting's value
    """Read the environment; a wrong one ends the process with a sentence that repeats no value."""
    try:
        return kind(**values)
    except ValidationError as error:
        faults = (
            f"{PREFIX}{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        )
        sys.exit("The environment is not right. " + "; ".join(faults))
