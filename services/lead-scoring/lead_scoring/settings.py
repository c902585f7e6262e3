"""Every environment variable of lead-scoring beyond the frame's, typed, with its default."""

from pydantic import Field

from baton.settings import ServiceSettings


class ScoringSettings(ServiceSettings):
    """`BATON_SCORING_…`."""

    http_port: int = Field(default=8002, ge=1, le=65535, description="port to listen on")
