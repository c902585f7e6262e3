"""The composition root of lead-scoring: the only place that wires."""

from pathlib import Path

from baton.command_line import main
from baton.parts import Parts
from baton.settings import read_settings
from lead_scoring.api import make_router
from lead_scoring.api.toml import BODY_RULE
from lead_scoring.consumers import SUBSCRIPTIONS
from lead_scoring.handlers.hear_marketing import hear_marketing
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.metrics import REGISTRY
from lead_scoring.queries import census
from lead_scoring.settings import ScoringSettings
from lead_scoring.tables import METADATA
from lead_scoring.timers import timers
from lead_scoring.web import BODY_RULES as PAGE_RULES
from lead_scoring.web import make_router as make_web_router


def make_parts() -> Parts:
    """What this service is made of, as the environment has it."""
    return parts_of(read_settings(ScoringSettings))


def parts_of(settings: ScoringSettings) -> Parts:
    """What this service is made of under these settings."""
    return Parts(
        name="lead-scoring",
        version="0.1.0",
        settings=settings,
        metadata=METADATA,
        migrations=Path(__file__).parents[1] / "migrations",
        registry=REGISTRY,
        make_routers=(make_router, make_web_router),
        body_rules=(BODY_RULE, *PAGE_RULES),
        census=census,
        subscriptions=SUBSCRIPTIONS,
        timers=timers(settings.batch_max),
        bootstrap=ensure_policy,
        erase_again=hear_marketing,
    )


if __name__ == "__main__":
    main(make_parts)
