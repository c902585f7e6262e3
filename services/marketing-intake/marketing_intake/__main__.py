"""The composition root of marketing-intake: the only place that wires."""

from pathlib import Path

from baton.command_line import main
from baton.parts import Parts
from baton.settings import read_settings
from marketing_intake.api.imports import imports_rule
from marketing_intake.api.known_domains import learn_disposable_domains
from marketing_intake.api.router import BODY_RULES, Doors
from marketing_intake.commands import source_commands
from marketing_intake.consumers import SUBSCRIPTIONS, hear_again
from marketing_intake.metrics import REGISTRY
from marketing_intake.queries import census
from marketing_intake.settings import IntakeSettings
from marketing_intake.tables import METADATA
from marketing_intake.timers import make_timers
from marketing_intake.web import BODY_RULES as PAGE_RULES
from marketing_intake.web import make_router as make_web_router
from marketing_intake.work import make_work
from marketing_intake.work.imports import make_import_loop


def make_parts() -> Parts:
    """What this service is made of, as the environment has it."""
    return parts_of(read_settings(IntakeSettings))


def parts_of(settings: IntakeSettings) -> Parts:
    """What this service is made of under these settings."""
    doors = Doors()
    learn_disposable_domains(settings)
    return Parts(
        name="marketing-intake",
        version="0.1.0",
        settings=settings,
        metadata=METADATA,
        migrations=Path(__file__).parents[1] / "migrations",
        registry=REGISTRY,
        make_routers=(
            doors.make_router,
            lambda frame: make_web_router(frame, doors.works(frame)),
        ),
        census=census,
        subscriptions=SUBSCRIPTIONS,
        body_rules=(*BODY_RULES, *PAGE_RULES, imports_rule(settings.import_bytes_max)),
        timers=make_timers(settings),
        loops={"imports": make_import_loop(doors.rounds)},
        mac_key=settings.mac_key(),
        erase_again=hear_again,
        wrap_app=doors.wrap,
        make_work=make_work,
    )


if __name__ == "__main__":
    main(make_parts, further={"source": source_commands})
