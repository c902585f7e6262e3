"""What the companies of a batch's people add up to, as of each person's own newest event."""

from collections.abc import Iterable

from baton.database import Reader
from lead_scoring.domain.facts import History, PersonFact, history_of
from lead_scoring.domain.policy import Policy
from lead_scoring.handlers.casebook import Casebook
from lead_scoring.repository import companies
from lead_scoring.repository.companies import Asked


async def read_companies(book: Casebook, news: Iterable[PersonFact] = ()) -> None:
    """Read the roll-ups of everybody in a casebook, as of what is known and what is news."""
    if not book.policy.roll_ups:
        return
    known = {person_id: list(facts) for person_id, facts in book.facts.items()}
    for fact in news:
        known.setdefault(fact.person_id, []).append(fact)
    asked = [
        one
        for person_id in known
        for one in _asked(
            person_id,
            history_of(fact for own in book.kin(person_id) for fact in known.get(own, ())),
        )
    ]
    if asked:
        book.roll_ups.update(await companies.read(book.tx, book.policy.roll_ups, asked))


async def with_roll_ups(reader: Reader, history: History, policy: Policy) -> History:
    """A history with what its company adds up to."""
    asked = _asked("00000000-0000-0000-0000-000000000000", history)
    if not policy.roll_ups or not asked:
        return history
    found = await companies.read(reader, policy.roll_ups, asked)
    return history_of(history.facts(), found[asked[0].person_id])


def _asked(person_id: str, history: History) -> list[Asked]:
    company_id = history.company_id
    return [] if company_id is None else [Asked(person_id, company_id, history.newest_at)]
