"""Problem documents (RFC 9457) for whatever goes wrong at a door; no input value is repeated."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from baton.errors import Conflict, Forbidden, NotFound, Refused, TooMany, Unauthorized, Unavailable

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "https://baton.example/problems/"
QUOTA_EXCEEDED: Final = "https://iana.org/assignments/http-problem-types#quota-exceeded"
TITLES: Final = {
    400: "The request can't be read",
    401: "Who is asking?",
    403: "Not allowed",
    404: "Not found",
    405: "Not done that way here",
    406: "No such form of it",
    409: "Something else holds",
    413: "Too large",
    415: "Not a content type that is taken here",
    422: "Not valid",
    428: "A condition is missing",
    429: "Too many",
    500: "A fault of ours",
    503: "Not available for now",
}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {422: {"description": TITLES[422]}}
"""What a router is made with; the application documents every problem of every operation."""
ERRORS_MAX: Final = 20
UNSTORABLE: Final = "text must be valid Unicode without NUL, and numbers must fit"

log = structlog.get_logger()


class FieldProblem(BaseModel):
    """What is wrong with one field; `pointer` is a JSON Pointer into what was sent."""

    pointer: str = Field(examples=["#/email"])
    detail: str = Field(examples=["must be an e-mail address"])


class Problem(BaseModel):
    """An RFC 9457 problem document."""

    type: str = Field(examples=[TYPE_PREFIX + "refused"])
    title: str = Field(examples=["Not valid"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["email must be an e-mail address"])
    request_id: str | None = None
    errors: list[FieldProblem] = Field(default_factory=list)


def problem_body(
    status: int,
    detail: str,
    *,
    kind: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    request_id: str | None = None,
    further: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """The document as bytes; a kind that is a URI already is a registered one."""
    title = TITLES.get(status, "It did not work")
    document: dict[str, object] = {
        "type": kind
        if ":" in kind
        else TYPE_PREFIX + (kind or title.lower().replace(" ", "-").replace("'", "")),
        "title": title,
        "status": status,
        "detail": detail,
    }
    if request_id is not None:
        document["request_id"] = request_id
    if errors:
        document["errors"] = list(errors)
    return orjson.dumps({**document, **further})


class ProblemResponse(Response):
    """A problem as an answer."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        request: Request,
        status: int,
        detail: str,
        *,
        kind: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        further: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        request_id = request.scope.get("state", {}).get("request_id")
        body = problem_body(
            status, detail, kind=kind, errors=errors, request_id=request_id, further=further
        )
        super().__init__(body, status, headers, MEDIA_TYPE)


def describe_refusal(error: Refused) -> tuple[int, str, list[dict[str, str]]]:
    """Status, detail and field errors of a refusal."""
    match error:
        case NotFound():
            status = 404
        case Conflict():
            status = 409
        case _:
            status = 422
    fields = [{"pointer": pointer_of(error.field), "detail": error.message}] if error.field else []
    return status, error.message, fields


def pointer_of(field: str) -> str:
    """`deal.amount` as a JSON Pointer."""
    return "#/" + field.replace(".", "/")


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as ours: where and what was expected, never what came."""
    found = []
    for error in errors[:ERRORS_MAX]:
        place = [str(part) for part in error["loc"] if part != "body"]
        pointer = "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)
        found.append({"pointer": _printable(pointer), "detail": str(error["msg"])})
    return found


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()[:200]


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every failure with a problem document."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    status, detail, errors = describe_refusal(error)
    return ProblemResponse(request, status, detail, kind=error.kind, errors=errors)


async def _unavailable(request: Request, error: Exception) -> Response:
    seconds = error.retry_after_seconds if isinstance(error, Unavailable) else 5
    detail = error.message if isinstance(error, Unavailable) else "the database is not reachable"
    headers = {"retry-after": str(seconds)}
    return ProblemResponse(request, 503, detail, kind="unavailable", headers=headers)


async def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    headers = {"retry-after": str(error.retry_after_seconds), **error.headers}
    further = {"violated-policies": [error.policy]}
    return ProblemResponse(
        request, 429, error.message, kind=QUOTA_EXCEEDED, headers=headers, further=further
    )


async def _unauthorized(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unauthorized)
    headers = {"www-authenticate": 'Bearer realm="baton"'}
    return ProblemResponse(request, 401, error.message, kind="unauthorized", headers=headers)


async def _forbidden(request: Request, error: Exception) -> Response:
    assert isinstance(error, Forbidden)
    return ProblemResponse(request, 403, error.message, kind="forbidden")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    if any(fault.get("type") == "json_invalid" for fault in errors):
        return ProblemResponse(request, 400, "the body must be valid JSON", kind="malformed")
    found = field_errors(errors)
    first = found[0]
    detail = f"{first['pointer']}: {first['detail']}"
    return ProblemResponse(request, 422, detail, kind="invalid", errors=found)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = TITLES.get(error.status_code, "it did not work")
    if error.status_code in (404, 405):
        detail = f"there is no {request.method} of this path here"
    return ProblemResponse(request, error.status_code, detail, headers=error.headers)


async def _unstorable(request: Request, _error: Exception) -> Response:
    return ProblemResponse(request, 422, UNSTORABLE, kind="unstorable")


async def _bug(request: Request, _error: Exception) -> Response:
    return ProblemResponse(request, 500, "the fault is recorded under request_id", kind="fault")


HANDLERS: Final = {
    Refused: _refused,
    TooMany: _too_many,
    Unavailable: _unavailable,
    asyncpg.PostgresConnectionError: _unavailable,
    asyncpg.QueryCanceledError: _unavailable,
    asyncpg.LockNotAvailableError: _unavailable,
    asyncpg.DeadlockDetectedError: _unavailable,
    Unauthorized: _unauthorized,
    Forbidden: _forbidden,
    RequestValidationError: _invalid,
    HTTPException: _http,
    asyncpg.DataError: _unstorable,
    UnicodeEncodeError: _unstorable,
    Exception: _bug,
}
