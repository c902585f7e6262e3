"""Every environment variable of sales-routing beyond the frame's, typed, with its default."""

from pydantic import Field

from baton.settings import ServiceSettings
from sales_routing.domain.offering import Clocks


class Settings(ServiceSettings):
    """`BATON_ROUTING_…`; times are seconds."""

    routing_accept_seconds: float = Field(default=900.0, gt=0, le=30 * 86400)
    """So long a rep has to answer, unless their pool says otherwise."""
    routing_manager_seconds: float = Field(default=14400.0, gt=0, le=30 * 86400)
    """So long the fallback owner has."""
    routing_card_wait_seconds: float = Field(default=2.0, ge=0, le=3600)
    """So long a prospect waits for its contact card before it is offered without it."""
    routing_retry_seconds: float = Field(default=60.0, gt=0, le=86400)
    """After so long a prospect that nobody could have is tried again, whatever has changed."""
    routing_timer_limit: int = Field(default=500, ge=1, le=5000)
    """So many prospects does a timer take in one transaction."""
    routing_wait_seconds_max: float = Field(default=30.0, ge=0, le=300)
    """So long may a reader of the feed wait for news."""

    def clocks(self) -> Clocks:
        """The settings that decide when something is due."""
        return Clocks(
            accept_seconds=self.routing_accept_seconds,
            manager_seconds=self.routing_manager_seconds,
            card_wait_seconds=self.routing_card_wait_seconds,
            retry_seconds=self.routing_retry_seconds,
        )
