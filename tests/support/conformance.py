"""Requests made from a service's own OpenAPI document, and answers held against it."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from baton.parts import Parts
from baton.service import Service
from support.open_services import ADDRESS, OpenService

Operation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("message/rfc822")
def as_it_is(_context: object, value: object) -> bytes:
    """A message is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@dataclass(frozen=True)
class Inhabited:
    """A service with something in it, so that not every answer is 404."""

    opened: OpenService
    headers: dict[str, str]
    known: dict[str, str]
    """Ids that are there, by the name of the path's parameter."""
    bodies: dict[str, Any] = field(default_factory=dict)
    """Bodies that will be taken, by operation id: rules between fields are no part of a schema."""
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def send(self, case: AnyCase) -> httpx.Response:
        """Send what was generated, from outside of the loop that the service runs on."""
        sent = case.as_transport_kwargs(base_url=ADDRESS, headers=self.headers)
        prepared = requests.Request(**sent).prepare()
        prepared.headers.update(self.headers)
        request = self.opened.client.build_request(
            method=str(prepared.method),
            url=str(prepared.url),
            headers={name: _text(value) for name, value in prepared.headers.items()},
            content=_bytes(prepared.body),
        )
        return self.loop.run_until_complete(self.opened.client.send(request))


def document_of(parts: Parts) -> dict[str, Any]:
    """The service's OpenAPI document."""
    app = Service(replace(parts, registry=CollectorRegistry())).app
    document: dict[str, Any] = app.fastapi.openapi()  # type: ignore[attr-defined]  # as it is made
    return document


def operations(parts: Parts) -> dict[str, Operation]:
    """Every operation that the service's document describes, by its id."""
    schema = schemathesis.openapi.from_dict(document_of(parts))
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), "the document is not valid"
        found.append(result.ok())
    return {one.definition.raw["operationId"]: one for one in found}


@st.composite
def cases(draw: st.DrawFn, operation: Operation, service: Inhabited) -> AnyCase:
    """What the document allows or, every third time, what it does not; often about a known id."""
    mode = draw(st.sampled_from([GenerationMode.POSITIVE] * 2 + [GenerationMode.NEGATIVE]))
    case: AnyCase = draw(operation.as_strategy(generation_mode=mode))
    for name in set(case.path_parameters or ()) & set(service.known):
        if draw(st.booleans()):
            case.path_parameters[name] = service.known[name]
    body = service.bodies.get(operation.definition.raw["operationId"])
    if body is not None and draw(st.booleans()):
        case.body, case.media_type = body, "application/json"
    return case


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: object) -> bytes:
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case bytes():
            return body
        case _:
            raise TypeError(f"a body of {type(body).__name__} was not foreseen")
