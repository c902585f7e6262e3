"""The HTTP door: prospects for CRMs and reps, the team for whoever looks after it.

The rules of this room: translate, call a handler in a transaction, translate back; no decision.
"""

from fastapi import APIRouter

from baton.parts import Frame
from sales_routing.api.answers import make_answers_router
from sales_routing.api.batches import make_batches_router
from sales_routing.api.export import make_export_router
from sales_routing.api.prospects import make_prospects_router
from sales_routing.api.team import make_team_router


def make_router(frame: Frame) -> APIRouter:
    """Everything under `/v1`."""
    router = APIRouter()
    # Fixed paths before those with an id in them.
    for make in (
        make_batches_router,
        make_prospects_router,
        make_answers_router,
        make_team_router,
        make_export_router,
    ):
        router.include_router(make(frame))
    return router
