"""The composition root of sales-routing: the only place that wires."""

from functools import partial
from pathlib import Path

from baton.command_line import main
from baton.parts import Parts
from baton.settings import read_settings
from sales_routing.api import make_router as make_api_router
from sales_routing.consumers import subscriptions
from sales_routing.handlers.desk import FEED
from sales_routing.handlers.hear_people import hear_people
from sales_routing.metrics import REGISTRY
from sales_routing.queries.books import census
from sales_routing.settings import Settings
from sales_routing.tables import METADATA
from sales_routing.timers import timers
from sales_routing.web import make_router as make_web_router


def make_parts() -> Parts:
    """What this service is made of, as the environment has it."""
    return parts_of(read_settings(Settings))


def parts_of(settings: Settings) -> Parts:
    """What this service is made of under these settings."""
    clocks = settings.clocks()
    return Parts(
        name="sales-routing",
        version="0.1.0",
        settings=settings,
        metadata=METADATA,
        migrations=Path(__file__).parents[1] / "migrations",
        registry=REGISTRY,
        make_routers=(make_api_router, make_web_router),
        census=census,
        subscriptions=subscriptions(clocks),
        timers=timers(clocks, settings.routing_timer_limit),
        feeds=(FEED,),
        erase_again=partial(hear_people, clocks=clocks),
    )


if __name__ == "__main__":
    main(make_parts)
