"""Re-scoring: once another version holds, open people are looked at again, a batch at a time.

A batch and the position behind it are one transaction, under the locks that whatever is heard of
these people takes too. So each of them is looked at once for each publication, whoever dies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.transaction import Transaction
from lead_scoring import metrics
from lead_scoring.domain.decisions import Nurtured, decide
from lead_scoring.domain.due import Due
from lead_scoring.domain.leads import to_look_at_again
from lead_scoring.handlers.casebook import Casebook, Ids
from lead_scoring.handlers.companies import read_companies
from lead_scoring.handlers.deciding import Deciding
from lead_scoring.handlers.occasion import Occasion
from lead_scoring.handlers.opening import load_leads, open_people, policies_of
from lead_scoring.handlers.settling import Settling
from lead_scoring.repository import last_scores, publications
from lead_scoring.repository.last_scores import LastScore
from lead_scoring.repository.publications import Publication, Step

FIRST: Final = "00000000-0000-0000-0000-000000000000"
"""Before every id."""


@dataclass(slots=True)
class Rescoring:
    """The people of one batch, and what was said of them last."""

    settling: Settling
    last: dict[str, LastScore]
    publication: Publication
    said: int = 0

    def look_again(self, ids: Ids) -> None:
        """Decide anew what marketing has of somebody; what sales has stays with them."""
        deciding = self.settling.deciding
        moment = self._moment(ids)
        occasion = Occasion(self.publication.origin, moment, is_due=True)
        lead = to_look_at_again(deciding.book.leads_of(ids))
        known = len(deciding.receipts)
        if lead is not None:
            says_all = self._differs(ids, moment)
            deciding.decide_again(lead, ids, occasion, moment=moment, says_all=says_all)
        else:
            self.settling.say_band(ids, occasion, {self._band(ids)})
        deciding.look_ahead(ids)
        self.said += len(deciding.receipts) > known

    def _moment(self, ids: Ids) -> datetime:
        """The person's present: the publication's, if time matters to anybody under the policy."""
        deciding, published_at = self.settling.deciding, self.publication.published_at
        book = deciding.book
        moment = book.moment(ids, book.history(ids)) or published_at
        if deciding.watches_time:
            moment = max(moment, published_at)
            book.set_due(ids, Due(moment, None), moment)
        return moment

    def _differs(self, ids: Ids, moment: datetime) -> bool:
        """Whether a nurtured lead's score or what it lacks is not what was said last."""
        book = self.settling.deciding.book
        lead = to_look_at_again(book.leads_of(ids))
        assert lead is not None, "it is looked at again"
        decision = decide(book.case_of(lead.fact, ids, moment=moment), book.policy, book.model)
        last = self._last(ids)
        if last is None or not isinstance(decision, Nurtured):
            return True
        score = decision.score
        now = (score.fit, score.engagement, score.band, decision.missing)
        return now != (last.fit, last.engagement, last.band, last.missing)

    def _band(self, ids: Ids) -> str | None:
        last = self._last(ids)
        return None if last is None else last.band

    def _last(self, ids: Ids) -> LastScore | None:
        known = [self.last[one] for one in ids if one in self.last]
        return max(known, key=lambda one: one.place, default=None)


async def rescore_some(tx: Transaction, *, limit: int) -> int:
    """Look at up to so many open people again; returns at how many."""
    publication = await publications.take(tx)
    if publication is None:
        return 0
    after = publication.position or FIRST
    person_ids = await publications.open_people(tx, after=after, limit=limit)
    book = await open_people(tx, set(person_ids), set())
    if await publications.holding(tx) != publication.number:
        return 0  # a newer one was published meanwhile, and begins anew with everybody
    rescoring = await _rescoring(book, publication)
    for ids in await _groups(book, person_ids):
        rescoring.look_again(ids)
    await rescoring.settling.deciding.save()
    await book.save()
    position = person_ids[-1] if person_ids else None
    step = Step(position, len(person_ids), rescoring.said)
    await publications.move(tx, publication, step, is_over=len(person_ids) < limit)
    left = max(0, publication.people_total - publication.people - len(person_ids))
    tx.after_commit(lambda _at: _count(len(person_ids), left))
    return len(person_ids)


async def _rescoring(book: Casebook, publication: Publication) -> Rescoring:
    await load_leads(book)
    await read_companies(book)
    settling = Settling(Deciding.by(book), await policies_of(book))
    last = await last_scores.load(book.tx, sorted(book.facts))
    return Rescoring(settling, last, publication)


async def _groups(book: Casebook, person_ids: Sequence[str]) -> list[Ids]:
    """The people behind these ids, each with the page of the least of their open ids."""
    present = [one for one in person_ids if one not in book.people.erasures]
    groups = {one: book.kin(one) for one in present}
    merged = sorted({own for ids in groups.values() if len(ids) > 1 for own in ids})
    if not merged:
        return list(groups.values())
    opened = await publications.open_among(book.tx, merged)
    return [ids for one, ids in groups.items() if one == min(opened.intersection(ids) or {one})]


def _count(people: int, left: int) -> None:
    metrics.RESCORED.inc(people)
    metrics.RESCORING_LEFT.set(left)
