"""All of intake's HTTP doors, made together because they share one committer."""

from typing import Final

from fastapi import APIRouter
from starlette.types import ASGIApp

from baton.http import Cursors
from baton.http.context import RequestContext
from baton.http.limits import BodyRule
from baton.parts import Frame
from marketing_intake.api import emails
from marketing_intake.api.activities import make_activities_router
from marketing_intake.api.activity_views import make_activity_views_router
from marketing_intake.api.campaigns import make_campaigns_router
from marketing_intake.api.candidates import make_candidates_router
from marketing_intake.api.consent import make_consent_router
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.emails import make_emails_router
from marketing_intake.api.enrichment import make_enrichment_router
from marketing_intake.api.erasure import make_erasure_router
from marketing_intake.api.failed import make_failed_router
from marketing_intake.api.form_settings import make_form_settings_router
from marketing_intake.api.forms import make_forms_router
from marketing_intake.api.hooks import BODY_BYTES_MAX, make_hooks_router
from marketing_intake.api.hot import HotLeads
from marketing_intake.api.imports import make_imports_router
from marketing_intake.api.leads import make_leads_router
from marketing_intake.api.match_rules import make_match_rules_router
from marketing_intake.api.mending import make_mending_router
from marketing_intake.api.page_works import PageWorks
from marketing_intake.api.payloads import make_payloads_router
from marketing_intake.api.people import make_people_router
from marketing_intake.api.reports import make_reports_router
from marketing_intake.api.source_secrets import make_source_secrets_router
from marketing_intake.api.sources import make_sources_router
from marketing_intake.settings import IntakeSettings

BODY_RULES: Final = (
    BodyRule("/hooks", bytes_max=BODY_BYTES_MAX),
    BodyRule("/v1/campaigns", types=("text/csv",)),
    BodyRule("/v1/emails", types=(emails.MIME,), bytes_max=emails.BODY_BYTES_MAX),
    BodyRule("/v1/failed", types=None, bytes_max=BODY_BYTES_MAX),
)


class Doors:
    """Makes the routers and the hot route over one `LeadDoor`."""

    def __init__(self) -> None:
        self._door: LeadDoor | None = None

    def make_router(self, frame: Frame) -> APIRouter:
        """Every route of the service."""
        door, settings = self._shared(frame), frame.settings
        assert isinstance(settings, IntakeSettings)
        cursors = Cursors(frame.settings.secret.get_secret_value())
        router = APIRouter()
        router.include_router(make_leads_router(door, cursors))
        router.include_router(make_activities_router(door))
        router.include_router(make_activity_views_router(frame.transactions, cursors))
        router.include_router(make_forms_router(door, settings))
        router.include_router(make_form_settings_router(frame.transactions, settings))
        router.include_router(make_hooks_router(door, frame.settings.public_url))
        router.include_router(make_imports_router(door, cursors))
        router.include_router(make_emails_router(door))
        router.include_router(make_mending_router(door, cursors))
        router.include_router(make_failed_router(door, cursors))
        router.include_router(make_payloads_router(door, cursors))
        router.include_router(make_candidates_router(frame.transactions, cursors))
        router.include_router(make_match_rules_router(frame.transactions))
        router.include_router(make_people_router(frame.transactions))
        router.include_router(make_consent_router(frame.transactions))
        router.include_router(make_erasure_router(frame.transactions))
        router.include_router(make_reports_router(frame.transactions))
        router.include_router(make_sources_router(frame.transactions, door.vault))
        router.include_router(make_source_secrets_router(frame.transactions, door.vault))
        router.include_router(make_campaigns_router(frame.transactions))
        router.include_router(make_enrichment_router(frame, door.vault))
        return router

    def wrap(self, context: RequestContext, frame: Frame) -> ASGIApp:
        """Put the hot route ahead of the application."""
        return HotLeads(context, self._shared(frame))

    def works(self, frame: Frame) -> PageWorks:
        """What pages offer of all this."""
        return PageWorks(self._shared(frame))

    def rounds(self) -> int:
        """How often leads were committed; whether it grows shows whether leads come."""
        return 0 if self._door is None else self._door.committer.rounds

    def _shared(self, frame: Frame) -> LeadDoor:
        if self._door is None:
            assert isinstance(frame.settings, IntakeSettings)
            self._door = LeadDoor(frame.transactions, frame.lookups, frame.settings)
        return self._door
