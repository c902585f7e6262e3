"""The verdict: what was lost, what happened twice, and what nobody can account for."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from support.auditor.evidence import Evidence, Said
from support.auditor.ledger import Ledger

RESTING: Final = frozenset({"nurtured", "disqualified", "offered", "accepted", "won", "lost"})
"""Where a lead may be when nothing moves any more; an offer waits for a person, not for Baton."""
SHOWN: Final = 10


@dataclass(slots=True)
class Verdict:
    """Findings, each a sentence that names what it is about."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    answered: int = 0
    unanswered: int = 0
    """Leads that are there though their sender never heard so: a kill took the answer."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.double or self.unaccounted)

    def line(self) -> str:
        """The verdict as one line."""
        return (
            f"{self.answered} answered, {self.unanswered} taken without an answer: "
            f"{len(self.lost)} lost, {len(self.double)} double, "
            f"{len(self.unaccounted)} unaccounted"
        )

    def findings(self) -> list[str]:
        """The first of each kind, to look into."""
        kinds = (("lost", self.lost), ("double", self.double), ("unaccounted", self.unaccounted))
        return [f"{kind}: {one}" for kind, found in kinds for one in found[:SHOWN]]


def judge(ledger: Ledger, evidence: Evidence) -> Verdict:
    """Compare what the client was told with everything that there is."""
    verdict = Verdict(answered=len(ledger.leads))
    _judge_capture(ledger, evidence, verdict)
    _judge_scoring(evidence, verdict)
    _judge_prospects(ledger, evidence, verdict)
    _judge_outcomes(ledger, evidence, verdict)
    _judge_states(evidence, verdict)
    return verdict


def _judge_capture(ledger: Ledger, evidence: Evidence, verdict: Verdict) -> None:
    stored = {row["lead_id"] for row in evidence.intake_leads}
    verdict.unanswered = len(stored - set(ledger.leads.values()))
    verdict.lost += [
        f"lead {lead_id} was answered 202 and is not stored"
        for lead_id in ledger.leads.values()
        if lead_id not in stored
    ]
    verdict.double += [
        f"{mark} was answered with {len(ids)} lead ids"
        for mark, ids in ledger.answered_otherwise.items()
    ]
    marks = Counter(json.loads(row["body"])["external_id"] for row in evidence.intake_leads)
    verdict.double += [f"{mark} is stored {n} times" for mark, n in marks.items() if n > 1]
    captured = _ids_of(evidence.said, "LeadCaptured")
    verdict.lost += [f"lead {one} is stored and was never said" for one in stored - set(captured)]
    verdict.unaccounted += [
        f"lead {one} was said and is not stored" for one in set(captured) - stored
    ]
    verdict.double += _twice(captured, "captured")


def _judge_scoring(evidence: Evidence, verdict: Verdict) -> None:
    receipts = {row["lead_id"]: row["receipts"] for row in evidence.scored_leads}
    captured = set(_ids_of(evidence.said, "LeadCaptured"))
    verdict.lost += [f"lead {one} was never scored" for one in captured if not receipts.get(one)]
    verdict.double += [f"lead {one} was scored {n} times" for one, n in receipts.items() if n > 1]
    decided: set[str] = set()
    for type_ in ("ProspectQualified", "LeadNurtured", "LeadDisqualified"):
        said = _ids_of(evidence.said, type_)
        verdict.double += _twice(said, "decided")
        decided |= said.keys()
    verdict.lost += [
        f"the decision on lead {one} was never said" for one in set(receipts) - decided
    ]


def _judge_prospects(ledger: Ledger, evidence: Evidence, verdict: Verdict) -> None:
    held = {row["lead_id"] for row in evidence.prospect_leads}
    qualified = set(_ids_of(evidence.said, "ProspectQualified"))
    verdict.lost += [f"qualified lead {one} is in no prospect" for one in qualified - held]
    verdict.unaccounted += [f"lead {one} is in a prospect, unqualified" for one in held - qualified]
    accepted = {
        row["prospect_id"]: row["rep_id"] for row in evidence.offers if row["state"] == "accepted"
    }
    verdict.lost += [
        f"rep {rep_id}'s accept of prospect {prospect_id} was answered 200 and is gone"
        for prospect_id, rep_id in ledger.accepted.items()
        if accepted.get(prospect_id) != rep_id
    ]
    open_or_taken = Counter(
        row["prospect_id"] for row in evidence.offers if row["state"] in ("open", "accepted")
    )
    verdict.double += [
        f"prospect {one} has {n} holders" for one, n in open_or_taken.items() if n > 1
    ]
    verdict.double += _two_holders(evidence.said)


def _two_holders(said: Iterable[Said]) -> list[str]:
    """Follow each prospect's steps in order: nobody may be asked while somebody else holds it."""
    holders: dict[str, str] = {}
    heard: set[str] = set()
    found = []
    for one in said:
        if one.topic != "sales.handoffs.v1" or one.id in heard:
            continue
        heard.add(one.id)
        prospect_id, rep_id = one.data["prospect_id"], str(one.data.get("rep_id"))
        if one.type in ("ProspectOffered", "ProspectAccepted"):
            if holders.setdefault(prospect_id, rep_id) != rep_id:
                found.append(f"prospect {prospect_id} went to {rep_id} while another held it")
        elif one.type in ("ProspectDeclined", "OfferExpired", "ProspectUnassigned"):
            holders.pop(prospect_id, None)
    return found


def _judge_outcomes(ledger: Ledger, evidence: Evidence, verdict: Verdict) -> None:
    kept = {(row["prospect_id"], row["deal_id"]): row["outcome"] for row in evidence.sales_outcomes}
    learned = {(row["prospect_id"], row["deal_id"]) for row in evidence.learned_outcomes}
    verdict.lost += [
        f"the outcome of deal {deal} was answered 200 and is gone"
        for deal, outcome in ledger.outcomes.items()
        if kept.get(deal) != outcome
    ]
    verdict.lost += [f"scoring never heard how deal {deal} ended" for deal in set(kept) - learned]
    said: dict[str, set[str]] = defaultdict(set)
    for one in evidence.said:
        if one.type == "DealClosed":
            said[f"{one.data['prospect_id']} {one.data['deal_id']}"].add(one.id)
    verdict.lost += [
        f"deal {deal} was never said to be closed" for deal in kept if " ".join(deal) not in said
    ]
    verdict.double += _twice(said, "closed")


def _judge_states(evidence: Evidence, verdict: Verdict) -> None:
    scored = {row["lead_id"]: row["state"] for row in evidence.scored_leads}
    sales = {row["lead_id"]: row for row in evidence.prospect_leads}
    for row in evidence.intake_leads:
        lead_id, state = row["lead_id"], row["state"]
        if state not in RESTING:
            verdict.unaccounted.append(f"lead {lead_id} is {state} and nothing moves it")
        elif lead_id in sales:
            wanted = sales[lead_id]["state"]
            if state != wanted:
                verdict.lost.append(f"lead {lead_id} is {wanted}, marketing sees {state}")
        elif scored.get(lead_id) != state:
            verdict.lost.append(f"lead {lead_id} is {scored.get(lead_id)}, marketing sees {state}")
    if evidence.left:
        verdict.unaccounted.append(f"{evidence.left} rows wait in an outbox or a park")


def _ids_of(said: Iterable[Said], type_: str) -> dict[str, set[str]]:
    """For each lead the ids of the events of a type that speak of it."""
    found: dict[str, set[str]] = {}
    for one in said:
        if one.type == type_:
            found.setdefault(one.data["lead_id"], set()).add(one.id)
    return found


def _twice(ids: dict[str, set[str]], what: str) -> list[str]:
    """What was said under more than one event id. The same id again is harmless, and allowed."""
    return [f"{one} was {what} {len(found)} times" for one, found in ids.items() if len(found) > 1]
