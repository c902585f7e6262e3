"""What time alone does to people: found by its index, and said as if somebody had been looking."""

from baton.transaction import Origin, Transaction
from lead_scoring.handlers.companies import read_companies
from lead_scoring.handlers.deciding import Deciding
from lead_scoring.handlers.opening import load_leads, open_people, policies_of
from lead_scoring.handlers.settling import Settling
from lead_scoring.repository import due


async def pass_due(tx: Transaction, *, limit: int) -> int:
    """Say what has become due for up to so many people; returns for how many it was looked.

    Whoever else is at it has them locked, and what they have said is not due any more.
    """
    person_ids = await due.find(tx, until=tx.now, limit=limit)
    if not person_ids:
        return 0
    book = await open_people(tx, set(person_ids), set())
    await load_leads(book)
    await read_companies(book)
    settling = Settling(Deciding.by(book), await policies_of(book))
    for person_id in person_ids:
        if person_id in book.people.erasures:
            book.due.pop(person_id, None)
        else:
            settling.pass_time(book.kin(person_id), tx.now, Origin.fresh())
    await settling.deciding.save()
    await book.save()
    return len(person_ids)
