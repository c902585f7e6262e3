"""Double opt-in's page: a link shows a button, and only the button confirms."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from baton.errors import NotFound, Unavailable
from baton.http import request_origin
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.circumstances import circumstances_of
from marketing_intake.api.committer import ATTEMPTS_MAX
from marketing_intake.api.forms.pages import confirm_page, notice
from marketing_intake.domain.opt_in import Link, read_link, token_hash
from marketing_intake.domain.signing import TOKEN_CHARACTERS_MAX
from marketing_intake.handlers import opt_ins
from marketing_intake.handlers.opt_ins import Pressed
from marketing_intake.repository.capturing import CONFLICTS
from marketing_intake.settings import IntakeSettings

OVER: Final = "This link is over, or is not one of ours. Please fill in the form once more."
THANKS: Final = "Your request is confirmed. We will be in touch."
GONE: Final[dict[int | str, dict[str, Any]]] = {410: {"description": OVER}}


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Where links lead to."""

    transactions: Transactions
    secrets: tuple[bytes, ...]
    settings: IntakeSettings

    def link(self, token: str) -> Link | None:
        """What a token says, while it holds."""
        link = read_link(token, self.secrets)
        if link is None or link.expires_at <= self.transactions.clock.now():
            return None
        return link

    async def confirm(self, token: str, request: Request, origin: Origin) -> bool:
        """Confirm; False when the link is over, or what it was for is forgotten."""
        link = self.link(token)
        pressed = Pressed(token_hash(token), circumstances_of(request, self.settings))
        if link is None:
            return False
        for _ in range(ATTEMPTS_MAX):
            try:
                async with self.transactions.begin() as tx:
                    await opt_ins.confirm(link.lead_id, tx, pressed=pressed, origin=origin)
            except CONFLICTS:
                continue  # another process met the same person just now
            except NotFound:
                return False
            return True
        raise Unavailable("too many at once about the same person")


def add_confirming(router: APIRouter, confirmations: Confirmations) -> None:
    """`GET` and `POST /f/confirm`."""

    @router.get("/f/confirm", response_class=HTMLResponse, responses=GONE)
    async def show_confirmation(
        request: Request, token: Annotated[str, Query(max_length=TOKEN_CHARACTERS_MAX)] = ""
    ) -> Response:
        """A page with a button; opening it changes nothing."""
        if confirmations.link(token) is None:
            return notice(request, "Not confirmed", OVER, status=410)
        return confirm_page(request, token)

    @router.post("/f/confirm", response_class=HTMLResponse, responses=GONE)
    async def confirm_lead(
        request: Request,
        token: Annotated[str, Form(max_length=TOKEN_CHARACTERS_MAX)],
        origin: Annotated[Origin, Depends(request_origin)],
    ) -> Response:
        """The button: the lead is captured now. Pressing it twice changes nothing more."""
        if await confirmations.confirm(token, request, origin):
            return notice(request, "Thank you", THANKS)
        return notice(request, "Not confirmed", OVER, status=410)
