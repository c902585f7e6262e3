"""Diffs: what a draft would have changed for everybody, worked out in the background.

A page of people and the position behind it are one transaction, so whoever works may die anywhere.
"""

import asyncio
from datetime import datetime
from typing import Final

from baton.database import Reader
from baton.errors import Conflict, NotFound, Refused, TooMany
from baton.transaction import Transaction
from lead_scoring import metrics
from lead_scoring.domain.diff_counts import counts_of
from lead_scoring.domain.diffing import (
    Compared,
    Judges,
    Past,
    Period,
    Side,
    changes_of,
    compare,
    judge_of,
)
from lead_scoring.handlers.diff_companies import with_roll_ups
from lead_scoring.repository import diffs, facts, pasts, policies
from lead_scoring.repository.diffs import Changed, Diff, DiffStatus
from lead_scoring.repository.pasts import Page

OPEN_MAX: Final = 10
"""So many may wait or run at once; each takes all of a core while it runs."""
KEPT_MAX: Final = 50
RETRY_SECONDS: Final = 30
CHANGED: Final = (Side.NEWLY, Side.NO_LONGER)


async def order(
    version: int, tx: Transaction, period: tuple[datetime | None, datetime | None], *, who: str
) -> Diff:
    """Order a version to be compared with the one that holds; `period` is from when to when.

    Asking for the same again while it is not over gives the same. Raises `NotFound`, `Refused` for
    a period that ends before it begins, `Conflict` for the version that holds, and `TooMany`.
    """
    since, until = period
    wanted = Period(since, until or tx.now)
    if since is not None and since >= wanted.until:
        raise Refused("must be later than since", field="until")
    if await policies.find(tx, version) is None:
        raise NotFound(f"there is no policy with the version {version}", field="version")
    against = await policies.active_version(tx)
    if against is None or against == version:
        raise Conflict("the version that holds differs from itself in nothing", field="version")
    await diffs.lock(tx)
    waiting = await diffs.open_ones(tx)
    for one in waiting:
        asks_same = (one.version, one.against, one.period.since) == (version, against, since)
        if asks_same and until in (None, one.period.until):
            return one
    if len(waiting) >= OPEN_MAX:
        message = f"{OPEN_MAX} diffs wait or run already: wait for one of them, or cancel it"
        raise TooMany(message, policy="diffs", retry_after_seconds=RETRY_SECONDS)
    await diffs.forget_old(tx, kept_max=KEPT_MAX)
    diff_id = await diffs.add(tx, (version, against), wanted, who=who)
    return await found(tx, diff_id)


async def cancel(diff_id: str, tx: Transaction) -> Diff:
    """Stop it where it is; what it has found stays to be looked at. Raises `NotFound`."""
    await diffs.end(tx, diff_id, DiffStatus.CANCELLED)
    return await found(tx, diff_id)


async def found(reader: Reader, diff_id: str) -> Diff:
    """One that is there. Raises `NotFound`."""
    diff = await diffs.find(reader, diff_id)
    if diff is None:
        raise NotFound("there is no such diff, or newer ones have pushed it out", field="diff_id")
    return diff


async def diff_some(tx: Transaction, *, limit: int) -> int:
    """Compare up to so many people more, of the diff whose turn it is; returns how many it took."""
    diff = await diffs.take(tx)
    if diff is None:
        return 0
    await facts.plan_anew(tx)
    if diff.status is DiffStatus.WAITING:
        await diffs.begin(tx, diff.id, await pasts.count(tx))
    page = await pasts.page(
        tx, after=diff.position or pasts.FIRST, until=diff.period.until, limit=limit
    )
    await _compare_page(tx, diff, page)
    if page.last_id is not None:
        await diffs.move(tx, diff.id, position=page.last_id, people=page.looked_at)
    if page.looked_at < limit:
        await diffs.end(tx, diff.id, DiffStatus.ENDED)
    tx.after_commit(lambda _at: metrics.DIFFED.inc(page.looked_at))
    return page.looked_at


async def _compare_page(tx: Transaction, diff: Diff, page: Page) -> None:
    known = await policies.load_many(tx, {diff.version, diff.against})
    judges = Judges(judge_of(known[diff.against]), judge_of(known[diff.version]))
    people = await with_roll_ups(tx, page.pasts, judges, diff.period)
    # In a thread, so that whoever waits for this process meanwhile is answered.
    compared = await asyncio.to_thread(_compare_all, people, judges, diff.period)
    deals = await pasts.won_deals(tx, page)
    changed = [
        Changed(one, changes_of(one), len(deals.get(one.person_id, ())))
        for one in compared
        if one.side in CHANGED
    ]
    await diffs.save(tx, diff.id, counts_of(compared, deals), changed)


def _compare_all(people: list[Past], judges: Judges, period: Period) -> list[Compared]:
    compared = (compare(one, judges, period) for one in people)
    return [one for one in compared if one is not None]
