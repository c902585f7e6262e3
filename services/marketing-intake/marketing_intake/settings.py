"""Every environment variable of marketing-intake."""

from pydantic import Field

from baton.settings import MIBIBYTE, ServiceSettings


class IntakeSettings(ServiceSettings):
    """What all services have, and what intake has besides."""

    http_port: int = Field(default=8001, ge=1, le=65535, description="port to listen on")
    queue_max: int = Field(
        default=2000, ge=1, le=100_000, description="leads waiting for their commit; beyond: 503"
    )
    commit_leads_max: int = Field(
        default=500, ge=1, le=5000, description="leads in one transaction, at most"
    )
    idempotency_hours: int = Field(
        default=24, ge=1, le=720, description="how long an Idempotency-Key is remembered"
    )
    default_region: str = Field(
        default="US", pattern="^[A-Z]{2}$", description="whose phone numbers lack a country code"
    )
    import_bytes_max: int = Field(
        default=1024 * MIBIBYTE, ge=1024, description="a larger file to import is answered 413"
    )
    import_rows_max: int = Field(
        default=500, ge=1, le=500, description="rows of an import in one transaction, at most"
    )
    import_days: int = Field(
        default=90, ge=1, le=3650, description="how long an import that ended is known"
    )
    payload_days: int = Field(
        default=90, ge=1, le=3650, description="how long bodies of what was taken are kept"
    )
    failed_days: int = Field(
        default=180, ge=1, le=3650, description="how long bodies of what was refused are kept"
    )
    stray_days: int = Field(
        default=14, ge=1, le=365, description="how long samples of unverified requests are kept"
    )
