"""What goes wrong on a page is a page too: in words, with the way back."""

from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from typing_extensions import override

from baton.errors import Forbidden, Refused, Unavailable
from baton.http.problems import TITLES, describe_refusal, field_errors
from baton.web.pages import Pages

EXPECTED: Final = (Refused, Forbidden, Unavailable, RequestValidationError)
Answer = Callable[[Request], Coroutine[Any, Any, Response]]


def make_page_router(pages: Pages) -> APIRouter:
    """A router whose failures are shown as pages of this skin."""

    class PageRoute(APIRoute):
        @override
        def get_route_handler(self) -> Answer:
            inner = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    return await inner(request)
                except EXPECTED as error:
                    return _shown(pages, request, error)

            return answer

    return APIRouter(include_in_schema=False, route_class=PageRoute)


def _shown(pages: Pages, request: Request, error: Exception) -> Response:
    status, detail, faults = 422, "", list[dict[str, str]]()
    match error:
        case Refused():
            status, detail, _ = describe_refusal(error)
        case Forbidden():
            status, detail = 403, error.message
        case Unavailable():
            status, detail = 503, error.message
        case RequestValidationError():
            faults = field_errors(error.errors())
            detail = "the form was not filled in as expected"
        case _:
            raise error
    context = {
        "person": getattr(request.state, "person", None),
        "title": TITLES[status],
        "detail": f"{detail[:1].upper()}{detail[1:]}.",
        "faults": faults,
        "back": _back(request),
    }
    return pages.render(request, "problem.html", context, status=status)


def _back(request: Request) -> str:
    """Where the reader came from, when it was a page of ours."""
    referer = urlsplit(request.headers.get("referer", ""))
    is_ours = referer.netloc != "" and referer.netloc == request.url.netloc
    if not is_ours or not referer.path.startswith("/") or referer.path.startswith("//"):
        return "/"
    return referer.path + (f"?{referer.query}" if referer.query else "")
