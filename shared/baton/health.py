"""What a supervisor asks: is it alive, is it ready and why not, and what do its numbers say."""

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from baton import migrations
from baton.errors import Unavailable

if TYPE_CHECKING:
    from baton.service import Service

REVISION_SQL: Final = "select version_num from alembic_version"


def make_router(service: "Service") -> APIRouter:
    """`/livez`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operations"])
    head = migrations.head(service.parts.migrations)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """Alive: the event loop answers. Never looks at the database or Kafka."""
        return {"status": "alive"}

    @router.get("/readyz", response_class=JSONResponse)
    async def readyz() -> JSONResponse:
        """Ready when the database answers, is migrated, and holds nobody who was forgotten.

        Kafka is shown but not waited for, unless the database came from a backup.
        """
        checks = {
            "database": await _database(service, head),
            "kafka": _kafka(service),
            "erasures": "ok" if service.erasures is None else service.erasures.state(),
        }
        is_blocked = service.erasures is not None and service.erasures.is_blocking
        is_ready = checks["database"] == "ok" and not is_blocked
        body = {"status": "ready" if is_ready else "not ready", "checks": checks}
        return JSONResponse(body, status_code=200 if is_ready else 503)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """The service's own registry in Prometheus' text format."""
        return Response(generate_latest(service.parts.registry), media_type=CONTENT_TYPE_LATEST)

    return router


async def _database(service: "Service", head: str | None) -> str:
    try:
        async with service.transactions.read() as reader:
            revision = await reader.fetchval(REVISION_SQL)
    except Unavailable as outage:
        return outage.message
    except Exception as error:  # noqa: BLE001 a reason is what is asked for
        return f"can't be asked for its migrations ({type(error).__name__})"
    return "ok" if revision == head else f"migrations are at {revision}, the code wants {head}"


def _kafka(service: "Service") -> str:
    listening = service.listening
    if not service.parts.subscriptions:
        return "nothing is heard"
    if listening is None or not listening.is_joined:
        return "not joined"
    return "stopped: too many messages were parked" if listening.is_stopped else "ok"
