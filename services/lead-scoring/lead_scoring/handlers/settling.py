"""Settling: what follows for a person when something more is known of them, or time has passed.

What sales has is taken back if it would not have been given to them; a nurtured lead is looked at
again; another band is said; and it is found out when time will do something next.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from baton.transaction import Cause
from lead_scoring.domain.decisions import Case
from lead_scoring.domain.due import Due
from lead_scoring.domain.leads import OpenLead, may_be_undone, moved, to_look_at_again
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.receipts import (
    Undone,
    is_refused,
    rescoring_of,
    undoing_of,
)
from lead_scoring.domain.scoring import score_at
from lead_scoring.handlers import sayings
from lead_scoring.handlers.casebook import Ids
from lead_scoring.handlers.deciding import Deciding
from lead_scoring.handlers.occasion import Occasion


@dataclass(slots=True)
class Settling:
    """The consequences of one batch."""

    deciding: Deciding
    policies: dict[int, Policy]

    def change(
        self, person_ids: Iterable[str], occasion: Occasion, apply: Callable[[], None]
    ) -> None:
        """Apply what was heard of these people, and settle what follows for each of them."""
        before = self._bands(person_ids, occasion)
        members = sorted({one for ids in before for one in ids})
        apply()
        for ids in self._present(members):
            was = {before[old] for old in before if not set(old).isdisjoint(ids)}
            self.settle(ids, occasion, was)

    def pass_time(self, ids: Ids, until: datetime, cause: Cause) -> None:
        """Say what time alone has done to a person up to a moment."""
        book = self.deciding.book
        while (due := book.due_of(ids)) and due.due_at is not None and due.due_at <= until:
            band = self._band(ids, due.as_of)
            book.set_due(ids, Due(due.due_at, None), due.due_at)
            self.settle(ids, Occasion(cause, due.due_at, is_due=True), {band})

    def settle(self, ids: Ids, occasion: Occasion, bands_before: set[str | None]) -> None:
        """What follows for one person, who was in one of these bands."""
        for lead in self.deciding.book.leads_of(ids):
            self.take_back(lead, ids, occasion)
        if not self._look_again(ids, occasion):
            self.say_band(ids, occasion, bands_before)
        self.deciding.look_ahead(ids)

    def take_back(self, lead: OpenLead, ids: Ids, occasion: Occasion) -> None:
        """Take back what sales has of a lead, if it would not have been given to them."""
        if not lead.is_with_sales:
            return
        book = self.deciding.book
        history = book.history(ids)
        case = Case(lead.fact, history, book.word(ids), None, lead.moment)
        is_later = occasion.undoes_from is not None and lead.moment >= occasion.undoes_from
        is_known = lead.model_version == (book.model and book.model.version)
        if not is_refused(case) and not (is_later and is_known and may_be_undone(lead, history)):
            return
        policy, now = self.policies[lead.policy_version], book.tx.now
        receipt = undoing_of(case, policy, now, receipt_id=new_id(), model=book.model)
        if receipt is not None:
            assert isinstance(receipt.decision, Undone)
            self.deciding.keep(moved(lead, LeadState.WITHDRAWN))
            fact = sayings.taken_back(receipt, lead, receipt.decision)
            self.deciding.say(fact, receipt, occasion)

    def _bands(self, person_ids: Iterable[str], occasion: Occasion) -> dict[Ids, str | None]:
        found: dict[Ids, str | None] = {}
        for ids in self._present(person_ids):
            self.pass_time(ids, occasion.happened_at, occasion.cause)
            found[ids] = self._band(ids, occasion.happened_at)
        return found

    def _present(self, person_ids: Iterable[str]) -> list[Ids]:
        """The people behind these ids; who is forgotten is nobody."""
        book = self.deciding.book
        present = (one for one in person_ids if one not in book.people.erasures)
        return sorted({book.kin(one) for one in present})

    def _band(self, ids: Ids, at_least: datetime) -> str | None:
        """The band at the person's present, or at a moment that is later; None for nobody."""
        book = self.deciding.book
        if book.policy.bands is None:
            return None
        history = book.history(ids)
        moment = max(book.moment(ids, history) or at_least, at_least)
        return score_at(history, book.policy, None, moment).band

    def _look_again(self, ids: Ids, occasion: Occasion) -> bool:
        lead = to_look_at_again(self.deciding.book.leads_of(ids))
        if lead is None:
            return False
        again_at = lead.again_at if occasion.is_due else None
        says_all = again_at is not None and again_at <= occasion.happened_at
        return self.deciding.decide_again(
            lead,
            ids,
            occasion,
            moment=occasion.happened_at if occasion.is_due else None,
            says_all=says_all,
        )

    def say_band(self, ids: Ids, occasion: Occasion, before: set[str | None]) -> None:
        book = self.deciding.book
        history = book.history(ids)
        moment = book.moment(ids, history)
        if book.policy.bands is None or moment is None:
            return
        score = score_at(history, book.policy, book.model, moment)
        # Who was nobody before was where nobody has points.
        nobodys = book.policy.bands.band_of(0.0, 0.0)
        known = {band for band in before if band is not None} or {nobodys}
        others = known - {score.band or nobodys}
        if not others:
            return
        receipt = rescoring_of(
            ids[0],
            (history, moment, score),
            book.policy,
            receipt_id=new_id(),
            decided_at=book.tx.now,
        )
        fact = sayings.changed(receipt, min(others), self.deciding.texts)
        self.deciding.say(fact, receipt, occasion)
