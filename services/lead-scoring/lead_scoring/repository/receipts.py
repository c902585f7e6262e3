"""Receipts: written once for each decision, read again to make the decision anew."""

from collections.abc import Sequence
from typing import Final

from asyncpg import Record

from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.domain.decisions import Decision, Disqualified, Missing, Nurtured, Qualified
from lead_scoring.domain.receipts import Inputs, Receipt, score_in
from lead_scoring.domain.scoring import Factor, Score
from lead_scoring.tables import ReceiptRow

QUALIFIED: Final = "qualified"
NURTURED: Final = "nurtured"
DISQUALIFIED: Final = "disqualified"
COLUMNS: Final = (
    "id",
    "lead_id",
    "person_id",
    "policy_version",
    "result",
    "reason",
    "fit",
    "engagement",
    "details",
    "decided_at",
)
NAMES: Final = ", ".join(COLUMNS)

PAGE_SQL: Final = f"""
select {NAMES} from receipts where id > $1 order by id limit $2
"""  # noqa: S608 our own names
FIND_SQL: Final = f"select {NAMES} from receipts where id = $1"  # noqa: S608 our own names
OF_EVENTS_SQL: Final = f"""
select {NAMES} from receipts where id = any ($1::uuid[]) order by decided_at desc, id desc limit $2
"""  # noqa: S608 our own names


async def save(tx: Transaction, receipts: Sequence[Receipt]) -> None:
    """Write receipts."""
    await tx.insert(ReceiptRow, COLUMNS, [_row(receipt) for receipt in receipts])


async def page(reader: Reader, *, after: str, limit: int) -> list[Receipt]:
    """Receipts behind an id, in order of ids."""
    return [receipt_of(row) for row in await reader.fetch(PAGE_SQL, after, limit)]


async def find(reader: Reader, receipt_id: str) -> Receipt | None:
    """One receipt."""
    row = await reader.fetchrow(FIND_SQL, receipt_id)
    return None if row is None else receipt_of(row)


async def of_events(reader: Reader, event_ids: Sequence[str], *, limit: int) -> list[Receipt]:
    """The newest receipts that answer these events, newest first."""
    return [receipt_of(row) for row in await reader.fetch(OF_EVENTS_SQL, event_ids, limit)]


def result_of(decision: Decision) -> str:
    """The word for a decision."""
    match decision:
        case Qualified():
            return QUALIFIED
        case Nurtured():
            return NURTURED
        case Disqualified():
            return DISQUALIFIED


def _row(receipt: Receipt) -> tuple[object, ...]:
    decision, inputs = receipt.decision, receipt.inputs
    score = score_in(decision)
    details: dict[str, object] = {
        "leads": inputs.leads,
        "factors": [(factor.rule, factor.points) for factor in score.factors],
    }
    if inputs.consent is not None:
        details["consent"] = inputs.consent
    if inputs.erasure is not None:
        details["erasure"] = inputs.erasure
    if isinstance(decision, Nurtured):
        details["missing"] = decision.missing
    return (
        receipt.id,
        receipt.lead_id,
        receipt.person_id,
        receipt.policy_version,
        result_of(decision),
        decision.reason if isinstance(decision, Disqualified) else None,
        score.fit,
        score.engagement,
        details,
        receipt.decided_at,
    )


def receipt_of(row: Record) -> Receipt:
    """The receipt in a row."""
    details = row["details"]
    return Receipt(
        id=row["id"],
        lead_id=row["lead_id"],
        person_id=row["person_id"],
        policy_version=row["policy_version"],
        inputs=Inputs(tuple(details["leads"]), details.get("consent"), details.get("erasure")),
        decision=_decision(row),
        decided_at=row["decided_at"],
    )


def _decision(row: Record) -> Decision:
    details = row["details"]
    factors = tuple(Factor(rule, points) for rule, points in details["factors"])
    score = Score(row["fit"], row["engagement"], factors)
    match row["result"]:
        case "qualified":
            return Qualified(score)
        case "nurtured":
            return Nurtured(score, tuple(Missing(word) for word in details["missing"]))
        case _:
            return Disqualified(score, row["reason"])
