"""Explaining: a receipt is made again from what is recorded, and its score taken apart."""

from dataclasses import dataclass

from baton.database import Reader
from baton.errors import NotFound
from lead_scoring.domain.explaining import Explained, explain
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.receipts import Receipt, score_in
from lead_scoring.domain.verifying import Rules, difference, history_in, moment_of
from lead_scoring.handlers.verifying import recorded_for
from lead_scoring.repository import policies, receipts


@dataclass(frozen=True, slots=True)
class Explanation:
    """A receipt, what its score is made of, and whether it came out again to the last digit."""

    receipt: Receipt
    policy: Policy
    factors: tuple[Explained, ...]
    comes_out: bool


async def explain_receipt(reader: Reader, receipt_id: str) -> Explanation:
    """A receipt explained. Raises `NotFound` when there is none, or what it saw is gone."""
    receipt = await receipts.find(reader, receipt_id)
    if receipt is None:
        raise NotFound("there is no such receipt", field="receipt_id")
    policy = await policies.load(reader, receipt.policy_version)
    recorded = await recorded_for(reader, [receipt])
    found = difference(receipt, recorded, Rules({policy.version: policy}))
    if found is not None and found.found is None:
        raise NotFound("what this receipt looked at is not recorded any more", field="receipt_id")
    history = history_in(receipt.inputs, recorded)
    score = score_in(receipt.decision)
    factors = explain(score, history, policy, moment_of(receipt, recorded, history))
    return Explanation(receipt, policy, factors, found is None)
