"""Every environment variable of marketing-intake."""

from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, field_validator

from baton.macs import derived_key
from baton.settings import MIBIBYTE, ServiceSettings

SUPPRESSION: Final = "baton suppression"


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
    suppression_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="hashes the identifiers of who was forgotten; by default made of the secret",
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
    disposable_domains_file: Path | None = Field(
        default=None, description="further disposable mail domains, a line each"
    )
    machines_file: Path | None = Field(
        default=None, description="further agents and networks of machines, a line each"
    )
    scan_links_min: int = Field(
        default=3, ge=2, le=100, description="links of a message clicked at once that are a scan"
    )
    scan_within_seconds: int = Field(
        default=5, ge=1, le=60, description="what at once is, for a scan of a message's links"
    )
    proxy_hops: int = Field(
        default=0, ge=0, le=10, description="our own proxies in front: whose address a form's is"
    )
    captcha_seconds: float = Field(
        default=3.0, gt=0, le=15, description="how long a captcha's provider may take"
    )
    turnstile_url: str = Field(
        default="https://challenges.cloudflare.com/turnstile/v0/siteverify",
        description="where Turnstile verifies",
    )
    turnstile_secret: SecretStr | None = Field(default=None, description="Turnstile's secret key")
    hcaptcha_url: str = Field(
        default="https://api.hcaptcha.com/siteverify", description="where hCaptcha verifies"
    )
    hcaptcha_secret: SecretStr | None = Field(default=None, description="hCaptcha's secret key")
    recaptcha_url: str = Field(
        default="https://www.google.com/recaptcha/api/siteverify",
        description="where reCAPTCHA verifies",
    )
    recaptcha_secret: SecretStr | None = Field(default=None, description="reCAPTCHA's secret key")
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp:// (STARTTLS) or smtps:// user:password@host:port"
    )
    smtp_from: str = Field(default="", max_length=320, description="whom our messages are from")
    smtp_ca_file: str | None = Field(
        default=None, description="certificates to trust for an SMTP server of your own"
    )
    opt_in_hours: int = Field(
        default=48, ge=1, le=720, description="how long a confirmation link works"
    )
    opt_in_days: int = Field(
        default=30, ge=1, le=365, description="an unconfirmed lead is forgotten after that"
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

    meta_graph_url: str = Field(
        default="https://graph.facebook.com/v25.0",
        pattern="^https?://",
        description="where Meta's leads are fetched, with the version of its API",
    )
    linkedin_api_url: str = Field(
        default="https://api.linkedin.com/rest",
        pattern="^https?://",
        description="where LinkedIn's leads are fetched",
    )
    linkedin_version: str = Field(
        default="202606", pattern="^20[0-9]{4}$", description="the version of LinkedIn's API"
    )
    fetch_seconds: float = Field(
        default=10.0, gt=0, le=25, description="how long a vendor may take to give a lead"
    )
    enrichment_file: str | None = Field(
        default=None, description="a CSV file of companies by domain, for enrichment"
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("must begin with smtp:// or smtps://")
        return url

    def mac_key(self) -> bytes:
        """The key under which those who were forgotten are recognised; never in the database.

        With another key nobody of them is recognised any more.
        """
        return derived_key((self.suppression_secret or self.secret).get_secret_value(), SUPPRESSION)
