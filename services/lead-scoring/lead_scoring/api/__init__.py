"""The HTTP door: policies, scores and receipts; shapes are checked here."""

from fastapi import APIRouter

from baton.parts import Frame
from lead_scoring.api.diffs import make_diffs_router
from lead_scoring.api.export import make_export_router
from lead_scoring.api.overrides import make_overrides_router
from lead_scoring.api.policies import make_policies_router
from lead_scoring.api.policy_schema import make_schema_router
from lead_scoring.api.publications import make_publications_router
from lead_scoring.api.receipts import make_receipts_router
from lead_scoring.api.scores import make_scores_router


def make_router(frame: Frame) -> APIRouter:
    """Everything that tools may ask of lead-scoring."""
    router = APIRouter()
    router.include_router(make_schema_router())
    router.include_router(make_policies_router(frame.transactions, frame.settings))
    router.include_router(make_publications_router(frame.transactions, frame.settings))
    router.include_router(make_diffs_router(frame.transactions, frame.settings))
    router.include_router(make_scores_router(frame.transactions, frame.settings))
    router.include_router(make_overrides_router(frame.transactions))
    router.include_router(make_receipts_router(frame.transactions, frame.settings))
    router.include_router(make_export_router(frame.transactions))
    return router
