"""Verifying: decisions are made again from recorded inputs and compared with their receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baton.database import Reader
from lead_scoring.domain.receipts import Difference, Recorded, difference
from lead_scoring.repository import facts, people, policies, receipts

FIRST: Final = "00000000-0000-0000-0000-000000000000"
"""Before every id."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A page of receipts, made again; `last_id` is None when there are no more."""

    checked: int
    differences: Sequence[Difference]
    last_id: str | None


async def verify(reader: Reader, *, after: str = FIRST, limit: int) -> Verified:
    """Make the decisions behind an id again; returns those that come out differently."""
    page = await receipts.page(reader, after=after, limit=limit)
    recorded = Recorded(
        facts=await facts.by_event(
            reader, list({one for receipt in page for one in receipt.inputs.leads})
        ),
        consents=await people.consents_by_id(
            reader, [one.inputs.consent for one in page if one.inputs.consent]
        ),
        erasures=await people.erasures_by_id(
            reader, [one.inputs.erasure for one in page if one.inputs.erasure]
        ),
    )
    versions = await policies.load_many(reader, {receipt.policy_version for receipt in page})
    found = [difference(receipt, recorded, versions) for receipt in page]
    return Verified(
        checked=len(page),
        differences=[one for one in found if one is not None],
        last_id=page[-1].id if len(page) == limit else None,
    )
