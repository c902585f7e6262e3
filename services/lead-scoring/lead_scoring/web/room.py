"""What all of scoring's pages share: who may do what, their skin, and how a form is answered."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response

from baton.auth.sessions import Person
from baton.auth.staff import Role
from baton.auth.web import signed_in
from baton.database import Reader
from baton.http import request_origin
from baton.parts import Frame
from baton.transaction import Origin, Transaction
from baton.web import Pages

NAME: Final = "lead-scoring"
NAV: Final = (("/", "The line"), ("/policies", "Policies"), ("/people", "People"))
VERSION_MAX: Final = 2**31 - 1
# Scores help marketing and managers to draw the line; a rep sees a score with its prospect.
Signed = Annotated[Person, Depends(signed_in(Role.MARKETING, Role.MANAGER, Role.OPERATOR))]
Drafting = Annotated[Person, Depends(signed_in(Role.MARKETING, Role.MANAGER))]
"""Marketing proposes a line, and may see what it would have changed."""
Publishing = Annotated[Person, Depends(signed_in(Role.MANAGER))]
"""The line is a contract of two teams: who answers for both draws it."""
Token = Annotated[str, Form(alias="csrf_token", max_length=300)]
Asked = Annotated[Origin, Depends(request_origin)]
Version = Annotated[int, InPath(ge=1, le=VERSION_MAX)]
SAID: Final[Mapping[str, str]] = {
    "kept": "The draft is kept. Nothing is decided by it until it is published.",
    "published": "It holds from now on, and open people are scored by it in the background.",
    "ordered": "The diff is worked out in the background.",
    "cancelled": "The diff is stopped where it was. What it has found stays.",
}
"""What a form has done, by a word, so that an address can't put words on a page."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page is made with."""

    frame: Frame
    pages: Pages

    def read(self) -> AbstractAsyncContextManager[Reader]:
        """A snapshot to read from."""
        return self.frame.transactions.read()

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction for a form."""
        return self.frame.transactions.begin()

    def now(self) -> datetime:
        """The moment by the service's clock."""
        return self.frame.transactions.clock.now()

    def show(
        self, request: Request, name: str, person: Person, *, status: int = 200, **context: object
    ) -> Response:
        """A page for who is signed in."""
        shared = {
            "person": person,
            "now": self.now(),
            "said": SAID.get(request.query_params.get("said", ""), ""),
            "is_live": False,
            "may_draft": person.role in (Role.MARKETING, Role.MANAGER),
            "may_publish": person.role == Role.MANAGER,
        }
        return self.pages.render(request, name, shared | context, status=status)


def make_room(frame: Frame) -> Room:
    """The room of this service."""
    return Room(frame, Pages(NAME, Path(__file__).parent / "templates", nav=NAV))


def gone_to(path: str, said: str = "") -> Response:
    """Send the browser to a page once a form is done, so that loading again does nothing twice."""
    return RedirectResponse(f"{path}?said={said}" if said else path, status_code=303)
