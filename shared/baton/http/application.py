"""The HTTP door of a service: FastAPI inside, limits and context around it, problems everywhere."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from baton.auth.api_keys import KeyRing
from baton.http.context import RequestContext
from baton.http.limits import BodyLimits, BodyRule
from baton.http.problems import MEDIA_TYPE, TITLES, Problem, add_problem_handlers
from baton.settings import ServiceSettings
from baton.transactions import Transactions

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
PROBLEM_REF: Final = "#/components/schemas/Problem"
PAGE: Final = "text/html"
EVERYWHERE: Final = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


def make_application(  # noqa: PLR0913 called once, with all that a service's door is made of
    *,
    name: str,
    version: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    registry: CollectorRegistry,
    settings: ServiceSettings,
    transactions: Transactions,
    wrap: Callable[[RequestContext], ASGIApp] | None = None,
    body_rules: Sequence[BodyRule] = (),
) -> ASGIApp:
    """Make the door. `wrap` puts something ahead of all; what it does not take it hands on."""
    app = FastAPI(
        title=name,
        version=version,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        separate_input_output_schemas=False,
        servers=[{"url": settings.public_url or f"http://127.0.0.1:{settings.http_port}"}],
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.transactions = transactions
    app.state.settings = settings
    app.state.keyring = KeyRing(transactions)
    for router in routers:
        app.include_router(router)
    add_problem_handlers(app)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way to do it
    context = RequestContext(BodyLimits(app, settings.body_bytes_max, body_rules), registry)
    outer: ASGIApp = wrap(context) if wrap else context
    outer.fastapi = app  # type: ignore[attr-defined]  # tests and generators look at its schema
    return outer


def operation_id(route: APIRoute) -> str:
    """An operation is called as its function is."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, in which every failure is a problem."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        servers=app.servers,
        description="Failures are RFC 9457 problem documents.",
    )
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for stale in ("HTTPValidationError", "ValidationError"):
        schemas.pop(stale, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status in EVERYWHERE:
                said = operation["responses"].get(str(status), {}).get("content", {})
                # What browsers are told too is a page to them.
                pages = {type_: one for type_, one in said.items() if type_ == PAGE}
                operation["responses"][str(status)] = {
                    "description": TITLES[status],
                    "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM_REF}}} | pages,
                }
    app.openapi_schema = schema
    return schema
