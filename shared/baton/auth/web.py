"""Signing in and out of pages, by password or one-time link; forms carry a token of the session."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from baton.auth import sessions, staff
from baton.auth.sessions import ATTEMPTS_MAX, Person
from baton.auth.staff import Role
from baton.errors import Forbidden
from baton.settings import ServiceSettings
from baton.transactions import Transactions
from baton.web import Pages

COOKIE: Final = "baton_session"
FORM_COOKIE: Final = "baton_form"
FIELD_CHARACTERS_MAX: Final = 300
Field = Annotated[str, Form(max_length=FIELD_CHARACTERS_MAX)]


class SignInNeeded(HTTPException):
    """Nobody is signed in: the browser is sent to the sign-in page."""

    def __init__(self, path: str) -> None:
        super().__init__(303, headers={"location": f"/sign-in?next={quote(path, safe='')}"})


def signed_in(*roles: Role) -> Callable[[Request], Awaitable[Person]]:
    """A dependency that gives who is signed in; without roles, any role will do."""

    async def person(request: Request) -> Person:
        transactions: Transactions = request.app.state.transactions
        token = request.cookies.get(COOKIE)
        found = None
        if token:
            async with transactions.read() as reader:
                found = await sessions.find_session(reader, token, transactions.clock.now())
        if found is None:
            raise SignInNeeded(request.url.path)
        if roles and found.role not in roles:
            raise Forbidden(f"this page is for {', '.join(roles)}", "page")
        request.state.person = found  # for the page that says what went wrong
        return found

    return person


def check_csrf(person: Person, token: str) -> None:
    """A form's token must be its session's. Raises `Forbidden`."""
    if not hmac.compare_digest(person.csrf_token.encode(), token.encode()):
        raise Forbidden("the form is out of date: load the page again", "csrf")


class SignIn:
    """The sign-in pages of one service."""

    def __init__(self, transactions: Transactions, settings: ServiceSettings, name: str) -> None:
        self._transactions = transactions
        self._settings = settings
        self._secret = settings.secret.get_secret_value().encode()
        self._pages = Pages(name)

    def show(self, request: Request, name: str, status: int = 200, **context: str) -> Response:
        """A page with a form; its token is in the form and in a cookie, since nobody is known."""
        nonce = secrets.token_urlsafe(16)
        values = {**context, "csrf_token": self._sign(nonce)}
        response = self._pages.render(request, name, values, status=status)
        self._set_cookie(response, FORM_COOKIE, nonce, seconds=3600)
        return response

    def check_form(self, request: Request, token: str) -> None:
        """Raises `Forbidden` when the form did not come from our page in this browser."""
        nonce = request.cookies.get(FORM_COOKIE, "")
        if not nonce or not hmac.compare_digest(self._sign(nonce).encode(), token.encode()):
            raise Forbidden("the form is out of date: load the page again", "csrf")

    async def by_password(self, request: Request, email: str, password: str, path: str) -> Response:
        """Sign in, or show the form again; too many attempts are turned away."""
        address = request.client.host if request.client else ""
        async with self._transactions.begin() as tx:
            attempts = await sessions.count_attempt(tx, f"{address} {email.lower()}")
        if attempts > ATTEMPTS_MAX:
            raise HTTPException(429, headers={"retry-after": "900"})
        async with self._transactions.read() as reader:
            account = await staff.check_password(reader, email, password)
        if account is None:
            fault = "E-mail and password do not fit."
            return self.show(request, "sign_in.html", 422, fault=fault, next=path)
        return await self._begin(account.staff_id, path)

    async def by_link(self, request: Request, token: str) -> Response:
        """Use a one-time link."""
        async with self._transactions.begin() as tx:
            staff_id = await staff.use_sign_in_link(tx, token)
        if staff_id is None:
            fault = "This link was used before, or is too old."
            return self.show(request, "confirm.html", 422, fault=fault, token="")
        return await self._begin(staff_id, "/")

    async def out(self, request: Request, token: str) -> Response:
        """End the session."""
        person = await signed_in()(request)
        check_csrf(person, token)
        async with self._transactions.begin() as tx:
            await sessions.end_session(tx, request.cookies[COOKIE])
        response = RedirectResponse("/sign-in", status_code=303)
        response.delete_cookie(COOKIE)
        return response

    async def _begin(self, staff_id: str, path: str) -> Response:
        hours = self._settings.session_hours
        async with self._transactions.begin() as tx:
            token = await sessions.begin_session(tx, staff_id, hours=hours)
        response = RedirectResponse(local(path), status_code=303)
        self._set_cookie(response, COOKIE, token, seconds=hours * 3600)
        return response

    def _set_cookie(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        secure = self._settings.cookies_secure
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure
        )

    def _sign(self, nonce: str) -> str:
        return hmac.new(self._secret, nonce.encode(), hashlib.sha256).hexdigest()


def local(path: str) -> str:
    """A path of this service; anything else becomes its front page."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and "\n" not in path and "\r" not in path else "/"


def make_sign_in_router(
    transactions: Transactions, settings: ServiceSettings, name: str
) -> APIRouter:
    """`/sign-in`, `/sign-in/link` and `/sign-out`."""
    router = APIRouter(include_in_schema=False)
    pages = SignIn(transactions, settings, name)

    @router.get("/sign-in")
    async def sign_in_page(
        request: Request, path: Annotated[str, Query(alias="next", max_length=500)] = "/"
    ) -> Response:
        return pages.show(request, "sign_in.html", fault="", next=local(path))

    @router.post("/sign-in")
    async def sign_in(
        request: Request,
        email: Field,
        password: Field,
        csrf_token: Field,
        *,
        path: Annotated[str, Form(alias="next", max_length=500)] = "/",
    ) -> Response:
        pages.check_form(request, csrf_token)
        return await pages.by_password(request, email, password, path)

    @router.get("/sign-in/link")
    async def link_page(request: Request, token: Annotated[str, Query(max_length=300)]) -> Response:
        # Looking does not use the link: mail scanners look at every link they see.
        return pages.show(request, "confirm.html", fault="", token=token)

    @router.post("/sign-in/link")
    async def sign_in_by_link(request: Request, token: Field, csrf_token: Field) -> Response:
        pages.check_form(request, csrf_token)
        return await pages.by_link(request, token)

    @router.post("/sign-out")
    async def sign_out(request: Request, csrf_token: Field) -> Response:
        return await pages.out(request, csrf_token)

    return router
