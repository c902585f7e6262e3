"""Campaigns by HTTP: what they are, what they cost, and the channels that there are."""

from typing import Any, Final

from fastapi import APIRouter, Depends, Request

from baton.auth.api_keys import Identity
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from marketing_intake.api.campaign_forms import (
    ENTRIES_MAX,
    CampaignForm,
    CampaignMade,
    CampaignPatch,
    CampaignView,
    ChannelView,
    CostForm,
    CostsKept,
    CostView,
    campaign_of,
    changes_of,
    entries_of,
    view_of,
)
from marketing_intake.domain.campaign import CostEntry
from marketing_intake.domain.channels import CATALOGUE
from marketing_intake.handlers import campaigns as handlers
from marketing_intake.reading.cost_file import read_costs
from marketing_intake.repository import campaigns

ADMIN = Depends(require("sources:admin"))
READER = Depends(require("leads:read"))
ORIGIN = Depends(request_origin)
CSV: Final = "text/csv"


def costs_body() -> dict[str, Any]:
    """How the body of costs stands in the OpenAPI document, whose channels are described there."""
    entry = CostForm.model_json_schema(ref_template="#/components/schemas/{model}")
    del entry["$defs"]
    entries = {"type": "array", "items": entry, "minItems": 1, "maxItems": ENTRIES_MAX}
    costs = {"type": "object", "required": ["entries"], "properties": {"entries": entries}}
    content = {"application/json": {"schema": costs}, CSV: {"schema": {"type": "string"}}}
    return {"requestBody": {"required": True, "content": content}}


def make_campaigns_router(transactions: Transactions) -> APIRouter:
    """`/v1/campaigns` and `/v1/channels`."""
    router = APIRouter(prefix="/v1", tags=["campaigns"], responses=PROBLEMS)

    @router.post("/campaigns", status_code=201)
    async def create_campaign(
        form: CampaignForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> CampaignMade:
        """Make a campaign; leads that name it are credited to it."""
        async with transactions.begin() as tx:
            made = await handlers.create(campaign_of(form), tx, who=identity.who, origin=origin)
        return CampaignMade(campaign_id=made.id)

    @router.get("/campaigns")
    async def list_campaigns(_: Identity = ADMIN) -> list[CampaignView]:
        """All campaigns, by name."""
        async with transactions.read() as reader:
            return [view_of(campaign) for campaign in await campaigns.list_all(reader)]

    @router.get("/campaigns/{campaign_id}")
    async def show_campaign(campaign_id: PathUuid, _: Identity = ADMIN) -> CampaignView:
        """One campaign."""
        async with transactions.read() as reader:
            return view_of(await campaigns.find(reader, campaign_id))

    @router.patch("/campaigns/{campaign_id}")
    async def change_campaign(
        campaign_id: PathUuid,
        form: CampaignPatch,
        identity: Identity = ADMIN,
        origin: Origin = ORIGIN,
    ) -> CampaignView:
        """Change the fields that are given; calls to action are added or changed, never removed."""
        async with transactions.begin() as tx:
            changed = await handlers.change(
                campaign_id, changes_of(form), tx, who=identity.who, origin=origin
            )
        return view_of(changed)

    @router.post("/campaigns/{campaign_id}/costs", status_code=201, openapi_extra=costs_body())
    async def add_costs(
        campaign_id: PathUuid, request: Request, identity: Identity = ADMIN
    ) -> CostsKept:
        """Add what was spent, as JSON or a CSV file; the same reference twice is kept once."""
        entries = await _read_entries(request)
        async with transactions.begin() as tx:
            kept = await handlers.add_costs(campaign_id, entries, tx, who=identity.who)
        return CostsKept(added=kept.added, known=kept.known)

    @router.get("/campaigns/{campaign_id}/costs")
    async def list_costs(campaign_id: PathUuid, _: Identity = ADMIN) -> list[CostView]:
        """The newest 1,000 entries, the latest day first."""
        async with transactions.read() as reader:
            await campaigns.find(reader, campaign_id)
            rows = await campaigns.list_costs(reader, campaign_id)
        return [CostView.model_validate(row) for row in rows]

    @router.get("/channels")
    async def list_channels(
        _: Identity = READER,
    ) -> list[ChannelView]:
        """The channels that a source or a lead can name, online and offline."""
        return [ChannelView.model_validate(entry, from_attributes=True) for entry in CATALOGUE]

    return router


async def _read_entries(request: Request) -> list[CostEntry]:
    body = await request.body()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == CSV:
        return read_costs(body)
    return entries_of(body)
