"""The auditor can fail: whatever is taken away or done twice, it says so."""

from collections.abc import Callable
from dataclasses import replace

import asyncpg
import pytest

from faults.campaign import Campaign
from support.auditor.evidence import Evidence, Said, gather
from support.auditor.judge import Verdict, judge
from support.auditor.ledger import Ledger

Tamper = Callable[[Evidence], Evidence]


async def _nothing() -> None:
    """No fault."""


def _without(said: Evidence, type_: str) -> Evidence:
    first = next(one for one in said.said if one.type == type_)
    return replace(said, said=[one for one in said.said if one is not first])


def _again(evidence: Evidence, type_: str) -> Evidence:
    first = next(one for one in evidence.said if one.type == type_)
    return replace(evidence, said=[*evidence.said, replace(first, id="another")])


def _to_somebody_else(evidence: Evidence) -> Evidence:
    taken = next(one for one in evidence.said if one.type == "ProspectAccepted")
    other: Said = replace(taken, id="another", data={**taken.data, "rep_id": "somebody else"})
    return replace(evidence, said=[*evidence.said, other])


TAMPERED: dict[str, tuple[str, Tamper]] = {
    "a lead is not stored": (
        "lost",
        lambda found: replace(found, intake_leads=[]),
    ),
    "a lead was never said": ("lost", lambda found: _without(found, "LeadCaptured")),
    "a lead was never scored": (
        "lost",
        lambda found: replace(found, scored_leads=found.scored_leads[1:]),
    ),
    "a decision was never said": ("lost", lambda found: _without(found, "ProspectQualified")),
    "a qualified lead is in no prospect": (
        "lost",
        lambda found: replace(found, prospect_leads=found.prospect_leads[1:]),
    ),
    "an accept is gone": ("lost", lambda found: replace(found, offers=[])),
    "an outcome is gone": ("lost", lambda found: replace(found, sales_outcomes=[])),
    "scoring heard of no outcome": ("lost", lambda found: replace(found, learned_outcomes=[])),
    "a lead was captured twice": ("double", lambda found: _again(found, "LeadCaptured")),
    "a lead was decided twice": ("double", lambda found: _again(found, "ProspectQualified")),
    "a lead was stored twice": (
        "double",
        lambda found: replace(found, intake_leads=[*found.intake_leads, found.intake_leads[0]]),
    ),
    "a lead was scored twice": (
        "double",
        lambda found: replace(
            found, scored_leads=[{**row, "receipts": 2} for row in found.scored_leads]
        ),
    ),
    "a prospect has two holders": ("double", _to_somebody_else),
    "a deal was closed twice": ("double", lambda found: _again(found, "DealClosed")),
    "a row waits for ever": ("unaccounted", lambda found: replace(found, left=1)),
    "a lead stands still": (
        "unaccounted",
        lambda found: replace(
            found, intake_leads=[{**row, "state": "captured"} for row in found.intake_leads]
        ),
    ),
}


async def _finished(campaign: Campaign) -> tuple[Ledger, Evidence]:
    verdict = await campaign.run(_nothing, leads=25, per_second=50)
    assert verdict.findings() == []
    assert campaign.ledger.accepted
    assert campaign.ledger.outcomes
    return campaign.ledger, await gather(campaign.yard.bootstrap, campaign.yard.databases)


async def test_it_finds_whatever_is_tampered_with(campaign: Campaign) -> None:
    ledger, evidence = await _finished(campaign)

    found: dict[str, Verdict] = {
        what: judge(ledger, tamper(evidence)) for what, (_, tamper) in TAMPERED.items()
    }

    unseen = [what for what, (kind, _) in TAMPERED.items() if not getattr(found[what], kind)]
    assert unseen == []


async def test_it_finds_a_receipt_that_was_deleted_by_hand(campaign: Campaign) -> None:
    ledger, _ = await _finished(campaign)
    connection = await asyncpg.connect(campaign.yard.databases.scoring)
    row = await connection.fetchrow(
        "delete from receipts where id = (select id from receipts limit 1) returning *"
    )
    assert row is not None

    verdict = judge(ledger, await gather(campaign.yard.bootstrap, campaign.yard.databases))

    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(f"insert into receipts values ({places})", *row.values())
    await connection.close()
    assert verdict.lost == [f"lead {row['lead_id']} was never scored"]


@pytest.mark.parametrize("lead_id", ["0199aaaa-0000-7000-8000-000000000000"])
async def test_it_finds_a_lead_that_was_answered_and_is_nowhere(
    campaign: Campaign, lead_id: str
) -> None:
    ledger, evidence = await _finished(campaign)

    ledger.lead_taken("never stored", lead_id)

    verdict = judge(ledger, evidence)
    assert verdict.lost == [f"lead {lead_id} was answered 202 and is not stored"]
