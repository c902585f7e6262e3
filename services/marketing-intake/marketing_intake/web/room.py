"""What all of intake's pages share: who may see them, their skin, and how a form is answered."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator

from baton.auth.sessions import Person
from baton.auth.staff import Role
from baton.auth.web import signed_in
from baton.database import Reader
from baton.http import request_origin
from baton.parts import Frame
from baton.transaction import Origin, Transaction
from baton.web import Pages
from marketing_intake.handlers.mending import StillRefused
from marketing_intake.handlers.submission import Outcome

NAME: Final = "marketing-intake"
NAV: Final = (
    ("/", "Overview"),
    ("/live", "Live"),
    ("/sources", "Sources"),
    ("/failed", "Failed"),
    ("/imports", "Imports"),
    ("/people", "People"),
    ("/campaigns", "Campaigns"),
    ("/attribution", "Attribution"),
    ("/channels", "Channels"),
)
# Reps see people in sales' own pages, and of those only whom they hold.
Signed = Annotated[Person, Depends(signed_in(Role.MARKETING, Role.MANAGER, Role.OPERATOR))]
Token = Annotated[str, Form(alias="csrf_token", max_length=300)]
Asked = Annotated[Origin, Depends(request_origin)]
GIVEN: Final = BeforeValidator(lambda value: None if value == "" else value)
"""A field that was left empty was not given: browsers send it all the same."""
Said = str
"""What a form has done: a key of `SAID`, so that an address can't put words on a page."""
SAID: Final[Mapping[str, str]] = {
    "opened": "The source is open: what it sends is taken from now on.",
    "closed": "The source is closed: within seconds, what it sends is turned away.",
    "campaign": "The campaign is made.",
    "cost": "The cost is added.",
    "uploaded": "The file is here, and is read in the background.",
    "mended": "It was read again, and what it holds was taken.",
    "discarded": "It is given up, and why is recorded.",
    "merged": "They are one now. Nothing was moved, so it can be taken back.",
    "parted": "The merge is taken back; they will not be merged again by themselves.",
    "dismissed": "They are two, and are proposed no more.",
    "cancelled": "The import is stopped where it was. The leads that it has brought stay.",
}


class Works(Protocol):
    """What intake's other doors can do and pages offer too; whoever wires hands it in.

    A protocol, because doors know nothing of each other.
    """

    async def take_file(
        self, pieces: AsyncIterator[bytes], source_id: str, *, name: str, who: str, origin: Origin
    ) -> str:
        """Take a file in, to be imported; returns the import's id. Raises `Refused`."""
        ...

    async def try_file(self, pieces: AsyncIterator[bytes], source_id: str) -> dict[str, Any]:
        """How a file would be read, without keeping any of it. Raises `Refused`."""
        ...

    async def replay(
        self, payload_id: str, mended: tuple[bytes, str] | None, *, who: str, origin: Origin
    ) -> list[Outcome] | StillRefused:
        """Read a refused payload again, as it came or as it was mended (a body and its type).

        Raises `NotFound`, `Conflict` and `Unavailable`.
        """
        ...

    def refused_rows(self, row: Mapping[str, Any]) -> AsyncIterator[str]:
        """The refused rows of an import as CSV, piece by piece."""
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """What a page is made with."""

    frame: Frame
    pages: Pages
    works: Works

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
        said = SAID.get(request.query_params.get("said", ""), "")
        shared = {"person": person, "now": self.now(), "said": said, "is_live": False}
        return self.pages.render(request, name, shared | context, status=status)


def make_room(frame: Frame, works: Works) -> Room:
    """The room of this service."""
    return Room(frame, Pages(NAME, Path(__file__).parent / "templates", nav=NAV), works)


def gone_to(path: str, said: Said = "") -> Response:
    """Send the browser to a page once a form is done, so that loading again does nothing twice."""
    return RedirectResponse(f"{path}?said={said}" if said else path, status_code=303)
