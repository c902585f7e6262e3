"""All pages of scoring on one router, in the skin that failures are shown in as well."""

from typing import Final

from fastapi import APIRouter

from baton.http.limits import BodyRule
from baton.parts import Frame
from baton.web.problem_pages import make_page_router
from lead_scoring.repository.policy_text import TEXT_CHARACTERS_MAX
from lead_scoring.web.diffs import add_diffs
from lead_scoring.web.editor import add_editor
from lead_scoring.web.overview import add_overview
from lead_scoring.web.people import add_people
from lead_scoring.web.policies import add_policies
from lead_scoring.web.publishing import add_publishing
from lead_scoring.web.room import make_room

# The editor comes first: `/policies/new` is no version.
GROUPS: Final = (add_overview, add_people, add_editor, add_publishing, add_diffs, add_policies)
FORM_FACTOR: Final = 6
"""A form writes a character with up to so many bytes, as good as always with fewer."""
BODY_RULES: Final = (BodyRule("/policies", bytes_max=TEXT_CHARACTERS_MAX * FORM_FACTOR),)


def make_router(frame: Frame) -> APIRouter:
    """Every page, and the forms that they post."""
    room = make_room(frame)
    router = make_page_router(room.pages)
    for add in GROUPS:
        add(router, room)
    return router
