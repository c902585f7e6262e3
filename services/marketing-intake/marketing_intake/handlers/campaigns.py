"""Campaigns: made and changed by hand, audited, told to everybody who reports; and their costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from baton.contracts.marketing import CALLS_MAX, CampaignDescribed
from baton.errors import Conflict, Refused
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.domain.campaign import Campaign, CostEntry, period_fault, with_calls
from marketing_intake.repository import campaigns


@dataclass(frozen=True, slots=True)
class CostsKept:
    """How many entries are new, and how many were known."""

    added: int
    known: int


async def create(new: Campaign, tx: Transaction, *, who: str, origin: Origin) -> Campaign:
    """Make a campaign; leads that name it are credited to it. Raises `Conflict` and `Refused`."""
    campaign = replace(new, id=new_id())
    _check(campaign)
    await campaigns.insert(tx, campaign)
    _describe(campaign, tx, origin)
    tx.audit(who=who, what="campaign made", subject=campaign.id, old=None, new=_shown(campaign))
    return campaign


async def change(
    campaign_id: str, changes: Mapping[str, Any], tx: Transaction, *, who: str, origin: Origin
) -> Campaign:
    """Change the fields that are given. Raises `NotFound`, `Conflict` and `Refused`.

    Calls to action are added and changed, and never taken away: leads have answered them.
    """
    old = await campaigns.locked(tx, campaign_id)
    calls = changes.get("calls_to_action", ())
    changed = replace(old, **{**changes, "calls_to_action": with_calls(old.calls_to_action, calls)})
    _check(changed)
    await campaigns.update(tx, changed)
    _describe(changed, tx, origin)
    tx.audit(
        who=who, what="campaign changed", subject=campaign_id, old=_shown(old), new=_shown(changed)
    )
    return changed


async def add_costs(
    campaign_id: str, entries: Sequence[CostEntry], tx: Transaction, *, who: str
) -> CostsKept:
    """Keep what was spent; what comes again under its reference is kept once.

    Raises `NotFound`, and `Conflict` when a reference comes with something else.
    """
    await campaigns.locked(tx, campaign_id)
    known = await campaigns.known_costs(tx, campaign_id, [entry.reference for entry in entries])
    said = dict(known)
    for entry in entries:
        if said.setdefault(entry.reference, entry) != entry:
            raise Conflict("a reference names one entry, which never changes", field="reference")
    new = [entry for reference, entry in said.items() if reference not in known]
    await campaigns.insert_costs(tx, campaign_id, new)
    if new:
        tx.audit(
            who=who, what="campaign costs added", subject=campaign_id, old=None,
            new={"entries": len(new), "references": [entry.reference for entry in new[:10]]},
        )  # fmt: skip
    return CostsKept(added=len(new), known=len(entries) - len(new))


def _check(campaign: Campaign) -> None:
    fault = period_fault(campaign.starts_on, campaign.ends_on)
    if fault is not None:
        raise Refused(fault, field="ends_on")
    if len(campaign.calls_to_action) > CALLS_MAX:
        raise Refused(f"a campaign may have {CALLS_MAX} calls to action", field="calls_to_action")


def _describe(campaign: Campaign, tx: Transaction, origin: Origin) -> None:
    fact = CampaignDescribed(
        campaign_id=campaign.id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        calls_to_action={call.id: call.title for call in campaign.calls_to_action},
    )
    tx.publish(fact, key=campaign.id, subject=campaign.id, cause=origin)


def _shown(campaign: Campaign) -> dict[str, object]:
    return {
        "name": campaign.name,
        "starts_on": campaign.starts_on,
        "ends_on": campaign.ends_on,
        "owner": campaign.owner,
        "target": campaigns.documents(campaign.target),
        "calls_to_action": [call.id for call in campaign.calls_to_action],
    }
