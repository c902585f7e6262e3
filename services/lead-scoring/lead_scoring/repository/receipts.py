"""Receipts: written once for each decision, read again to make the decision anew."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from asyncpg import Record

from baton.database import Reader
from baton.transaction import Transaction
from lead_scoring.domain.course import Factor
from lead_scoring.domain.decisions import Disqualified, Missing, Nurtured, Qualified
from lead_scoring.domain.receipts import Inputs, Receipt, Rescored, Undone, Verdict, score_in
from lead_scoring.domain.scoring import Odds, Score
from lead_scoring.tables import ReceiptRow

Place = tuple[datetime, str]
"""When a receipt was written, and its id."""
NEWEST: Final[Place] = (
    datetime(9999, 1, 1, tzinfo=UTC),
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
)
QUALIFIED: Final = "qualified"
NURTURED: Final = "nurtured"
DISQUALIFIED: Final = "disqualified"
RESCORED: Final = "rescored"
UNDONE: Final = "undone"
COLUMNS: Final = (
    "id",
    "lead_id",
    "person_id",
    "policy_version",
    "result",
    "reason",
    "fit",
    "engagement",
    "band",
    "details",
    "decided_at",
)
NAMES: Final = ", ".join(COLUMNS)

PAGE_SQL: Final = f"""
select {NAMES} from receipts where id > $1 order by id limit $2
"""  # noqa: S608 our own names
FIND_SQL: Final = f"select {NAMES} from receipts where id = $1"  # noqa: S608 our own names
OF_PEOPLE_SQL: Final = f"""
select {NAMES} from receipts
where person_id = any ($1::uuid[]) and (decided_at, id) < ($2, $3::uuid)
order by decided_at desc, id desc limit $4
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


async def of_people(
    reader: Reader, person_ids: Sequence[str], *, before: Place = NEWEST, limit: int
) -> list[Receipt]:
    """The newest receipts of these people before a place, newest first."""
    rows = await reader.fetch(OF_PEOPLE_SQL, person_ids, *before, limit)
    return [receipt_of(row) for row in rows]


def result_of(decision: Verdict) -> str:
    """The word for a decision."""
    match decision:
        case Qualified():
            return QUALIFIED
        case Nurtured():
            return NURTURED
        case Disqualified():
            return DISQUALIFIED
        case Rescored():
            return RESCORED
        case Undone():
            return UNDONE


def _row(receipt: Receipt) -> tuple[object, ...]:
    decision = receipt.decision
    score = score_in(decision)
    return (
        receipt.id,
        receipt.lead_id,
        receipt.person_id,
        receipt.policy_version,
        result_of(decision),
        decision.reason if isinstance(decision, Disqualified | Undone) else None,
        score.fit,
        score.engagement,
        score.band,
        _details(receipt, score),
        receipt.decided_at,
    )


def _details(receipt: Receipt, score: Score) -> dict[str, object]:
    """The rest, as short as it can be: what is as it mostly is has no place here."""
    inputs, decision = receipt.inputs, receipt.decision
    details: dict[str, object] = {"factors": [_short(factor) for factor in score.factors]}
    if inputs.leads != (receipt.id,):
        details["leads"] = inputs.leads
    if inputs.moment is not None:
        details["moment"] = inputs.moment
    for name in ("consent", "erasure", "activities", "enrichments", "roll_ups"):
        if value := getattr(inputs, name):
            details[name] = value
    if isinstance(decision, Nurtured):
        details["missing"] = decision.missing
    again_at = decision.again_at if isinstance(decision, Nurtured) else None
    odds = score.odds and (score.odds.probability, score.odds.base, score.odds.contributions)
    rare = {"again_at": again_at, "model": receipt.model_version, "odds": odds}
    return details | {name: value for name, value in rare.items() if value is not None}


def _short(factor: Factor) -> tuple[object, ...]:
    if factor.full is not None:
        return factor.rule, factor.points, factor.times, factor.full
    if factor.times != 1:
        return factor.rule, factor.points, factor.times
    return factor.rule, factor.points


def receipt_of(row: Record) -> Receipt:
    """The receipt in a row."""
    details = row["details"]
    return Receipt(
        id=row["id"],
        lead_id=row["lead_id"],
        person_id=row["person_id"],
        policy_version=row["policy_version"],
        inputs=Inputs(
            leads=tuple(details.get("leads", (row["id"],))),
            consent=details.get("consent"),
            erasure=details.get("erasure"),
            activities=tuple(details.get("activities", ())),
            enrichments=tuple(details.get("enrichments", ())),
            roll_ups=details.get("roll_ups", {}),
            moment=instant_in(details, "moment"),
        ),
        decision=_decision(row),
        decided_at=row["decided_at"],
        model_version=details.get("model"),
    )


def _decision(row: Record) -> Verdict:
    score = _score(row)
    match row["result"]:
        case "qualified":
            return Qualified(score)
        case "nurtured":
            details = row["details"]
            missing = tuple(Missing(word) for word in details["missing"])
            return Nurtured(score, missing, instant_in(details, "again_at"))
        case "rescored":
            return Rescored(score)
        case "undone":
            return Undone(score, row["reason"])
        case _:
            return Disqualified(score, row["reason"])


def _score(row: Record) -> Score:
    details = row["details"]
    odds = details.get("odds")
    return Score(
        row["fit"],
        row["engagement"],
        tuple(Factor(*factor) for factor in details["factors"]),
        row["band"],
        None if odds is None else _odds(odds, details["model"]),
    )


def _odds(said: Sequence[Any], model_version: int) -> Odds:
    probability, base, contributions = said
    added = tuple((trait, log_odds) for trait, log_odds in contributions)
    return Odds(probability, base, added, model_version)


def instant_in(details: Mapping[str, Any], name: str) -> datetime | None:
    """A moment among the details."""
    text = details.get(name)
    return None if text is None else datetime.fromisoformat(text)
