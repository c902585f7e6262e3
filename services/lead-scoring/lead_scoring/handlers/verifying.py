"""Verifying: decisions are made again from recorded inputs and compared with their receipts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from baton.database import Reader
from lead_scoring.domain.receipts import Receipt
from lead_scoring.domain.verifying import Difference, Recorded, Rules, difference
from lead_scoring.repository import activities, facts, people, policies, receipts

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
    recorded = await recorded_for(reader, page)
    versions = {receipt.policy_version for receipt in page}
    rules = Rules(await policies.load_many(reader, versions))
    found = [difference(receipt, recorded, rules) for receipt in page]
    return Verified(
        checked=len(page),
        differences=[one for one in found if one is not None],
        last_id=page[-1].id if len(page) == limit else None,
    )


async def recorded_for(reader: Reader, page: Sequence[Receipt]) -> Recorded:
    """Everything that these receipts point to."""
    inputs = [receipt.inputs for receipt in page]
    return Recorded(
        facts=await facts.by_event(reader, _all(one.leads for one in inputs)),
        consents=await people.consents_by_id(
            reader, [one.consent for one in inputs if one.consent]
        ),
        erasures=await people.erasures_by_id(
            reader, [one.erasure for one in inputs if one.erasure]
        ),
        activities=await activities.by_event(reader, _all(one.activities for one in inputs)),
        enrichments=await activities.enrichments_by_event(
            reader, _all(one.enrichments for one in inputs)
        ),
    )


def _all(event_ids: Iterable[Sequence[str]]) -> list[str]:
    return sorted({one for ids in event_ids for one in ids})
