"""All of intake's pages, each group from a file of its own."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from baton.http.limits import BodyRule
from baton.parts import Frame
from baton.web.problem_pages import make_page_router
from marketing_intake.web.attribution import add_attribution
from marketing_intake.web.campaigns import add_campaigns
from marketing_intake.web.channels import add_channels
from marketing_intake.web.failed import add_failed
from marketing_intake.web.imports import UPLOAD_BYTES_MAX, add_imports
from marketing_intake.web.journeys import add_journeys
from marketing_intake.web.live import add_live
from marketing_intake.web.mending import add_mending
from marketing_intake.web.merging import add_merging
from marketing_intake.web.overview import add_overview
from marketing_intake.web.people import add_people
from marketing_intake.web.room import Room, Works, make_room
from marketing_intake.web.source_pages import add_source_pages
from marketing_intake.web.sources import add_sources

GROUPS: Final[tuple[Callable[[APIRouter, Room], None], ...]] = (
    add_overview,
    add_journeys,
    add_live,
    add_sources,
    add_source_pages,
    add_failed,
    add_mending,
    add_imports,
    add_merging,
    add_people,
    add_campaigns,
    add_attribution,
    add_channels,
)
BODY_RULES: Final = (BodyRule("/imports", bytes_max=UPLOAD_BYTES_MAX),)


def make_router(frame: Frame, works: Works) -> APIRouter:
    """Every page, and the forms that they post."""
    room = make_room(frame, works)
    router = make_page_router(room.pages)
    for add in GROUPS:
        add(router, room)
    return router
