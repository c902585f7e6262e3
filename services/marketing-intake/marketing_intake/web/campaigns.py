"""Campaigns: the list, a campaign's own page with its costs and calls, and the forms for both."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.contracts.vocabulary import Channel
from baton.errors import Refused
from baton.http import Line, PathUuid
from baton.ids import new_id
from marketing_intake import queries
from marketing_intake.domain.campaign import Campaign, CostEntry, reached
from marketing_intake.domain.channels import CATALOGUE, TITLES
from marketing_intake.domain.period import Period
from marketing_intake.domain.target import Between, Condition
from marketing_intake.handlers import campaigns as handlers
from marketing_intake.queries import named_campaigns
from marketing_intake.queries.named_campaigns import CampaignCounts
from marketing_intake.repository import campaigns
from marketing_intake.web.room import GIVEN, Asked, Room, Signed, Token, gone_to

COSTS_SHOWN: Final = 100


OptionalDate = Annotated[date | None, GIVEN, Form()]
OptionalChannel = Annotated[Channel | None, GIVEN, Form()]
OptionalLine = Annotated[Line | None, GIVEN, Form()]


@dataclass(frozen=True, slots=True)
class CostFilled:
    """What the form of a cost says."""

    csrf_token: Token
    spent_on: Annotated[date, Form()]
    amount: Annotated[Decimal, Form(max_digits=18, decimal_places=4)]
    currency: Annotated[str, Form(pattern="^[A-Z]{3}$")]
    reference: Annotated[Line, Form()]
    channel: OptionalChannel = None
    note: OptionalLine = None

    def entry(self) -> CostEntry:
        """The entry."""
        return CostEntry(
            reference=self.reference,
            spent_on=self.spent_on,
            amount=self.amount,
            currency=self.currency,
            channel=self.channel,
            note=self.note,
        )


def add_campaigns(router: APIRouter, room: Room) -> None:
    """`/campaigns` and `/campaigns/{campaign_id}`."""

    @router.get("/campaigns")
    async def campaigns_page(request: Request, person: Signed) -> Response:
        return await _listed(room, request, person)

    @router.post("/campaigns")
    async def make_campaign(
        request: Request, person: Signed, csrf_token: Token, name: Annotated[Line, Form()], *,
        starts_on: OptionalDate = None, ends_on: OptionalDate = None, owner: OptionalLine = None,
        origin: Asked,
    ) -> Response:  # fmt: skip
        check_csrf(person, csrf_token)
        new = Campaign(id="", name=name, starts_on=starts_on, ends_on=ends_on, owner=owner)
        try:
            async with room.begin() as tx:
                made = await handlers.create(new, tx, who=person.who, origin=origin)
        except Refused as refusal:
            return await _listed(room, request, person, fault=refusal.message, given=new)
        return gone_to(f"/campaigns/{made.id}", "campaign")

    @router.get("/campaigns/{campaign_id}")
    async def campaign_page(request: Request, campaign_id: PathUuid, person: Signed) -> Response:
        async with room.read() as reader:
            campaign = await campaigns.find(reader, campaign_id)
            costs = await campaigns.list_costs(reader, campaign_id)
            counts = await named_campaigns.counts(reader, campaign_id)
            calls = await queries.calls_to_action(reader, Period())
        return room.show(
            request, "campaign.html", person, campaign=campaign, costs=costs[:COSTS_SHOWN],
            more=max(0, len(costs) - COSTS_SHOWN), counts=counts.get(campaign_id, CampaignCounts()),
            calls=[_call(one) for one in calls if one["campaign_id"] == campaign_id],
            target=[condition_words(one) for one in campaign.target], channels=CATALOGUE,
            titles=TITLES, reference=f"page-{new_id()}",
        )  # fmt: skip

    @router.post("/campaigns/{campaign_id}/costs")
    async def add_cost(
        campaign_id: PathUuid, person: Signed, filled: Annotated[CostFilled, Depends()]
    ) -> Response:
        check_csrf(person, filled.csrf_token)
        async with room.begin() as tx:
            await handlers.add_costs(campaign_id, [filled.entry()], tx, who=person.who)
        return gone_to(f"/campaigns/{campaign_id}", "cost")


async def _listed(
    room: Room, request: Request, person: Person, *, fault: str = "", given: Campaign | None = None
) -> Response:
    async with room.read() as reader:
        found = await campaigns.list_all(reader)
        counts = await named_campaigns.counts(reader)
    lines = [(campaign, counts.get(campaign.id, CampaignCounts())) for campaign in found]
    return room.show(
        request, "campaigns.html", person, status=422 if fault else 200, lines=lines, fault=fault,
        given=given or Campaign(id="", name=""),
    )  # fmt: skip


def condition_words(condition: Condition) -> str:
    """A condition of a target as a person says it."""
    if isinstance(condition, Between):
        return f"{condition.attribute} from {condition.at_least:g} to {condition.at_most:g}"
    return f"{condition.attribute} is {' or '.join(sorted(map(str, condition.any_of)))}"


def _call(row: dict[str, Any]) -> dict[str, Any]:
    met = reached(row["audience"], row["seen"], row["answered"])
    return row | {"reached": met, "rate": row["answered"] / met if met else None}
