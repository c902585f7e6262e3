"""Pairs who may be one: judged when a lead spoke of both, proposed when they are alike."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import takewhile
from typing import Final

from baton.errors import Conflict, NotFound
from baton.transaction import Origin, Transaction
from marketing_intake.domain.candidates import (
    ALIKE_FROM,
    CandidateState,
    Likeness,
    Pair,
    likeness,
    likenesses,
)
from marketing_intake.domain.identity_rules import MatchRules
from marketing_intake.domain.merging import MEMBERS_MAX, Verdict, judge, kin
from marketing_intake.handlers import people
from marketing_intake.repository import candidates, identifiers, match_rules, walks
from marketing_intake.repository.candidates import Candidate
from marketing_intake.repository.people import load_cards, load_merges

MATCHER: Final = "matcher"
"""Who merges, where nobody had to be asked."""
JUDGED_MAX: Final = 50
LOOKED_AT_MAX: Final = 200
BLOCK_MAX: Final = 20
SETTLED_AFTER: Final = timedelta(seconds=30)
"""Ids come before their commit: what is older than any transaction has no gaps any more."""
WALK: Final = "alike"


async def judge_met(tx: Transaction) -> int:
    """Judge pairs of whom one lead spoke; returns how many."""
    waiting = await candidates.met(tx, JUDGED_MAX)
    if not waiting:
        return 0
    await tx.lock_people([people.ALL_MERGES])
    ids = {person_id for one in waiting for person_id in one.pair}
    everybody = kin(ids, await load_merges(tx, ids))
    # All at once, and so in order: pair by pair could wait for a batch that waits for us.
    await tx.lock_people(everybody)
    held = await identifiers.load_held(tx, everybody)
    rules = await match_rules.in_force(tx)
    for one in await candidates.still_met(tx, [one.id for one in waiting]):
        await _judge(one, held, rules, tx)
    return len(waiting)


async def _judge(
    one: Candidate, held: Mapping[str, Mapping[str, int]], rules: MatchRules, tx: Transaction
) -> None:
    merges = await load_merges(tx, one.pair)
    first, second = (kin([person_id], merges) for person_id in one.pair)
    if first == second:
        await candidates.decide(tx, one.id, CandidateState.MERGED, who=MATCHER)
        return
    verdict = judge(
        one.reasons, _together(first, held), _together(second, held), limits=rules.limits
    )
    standing = {card.person_id for card in await load_cards(tx, one.pair)}
    if len(standing) < len(one.pair) or len(first | second) > MEMBERS_MAX:
        verdict = Verdict.APART
    match verdict:
        case Verdict.MERGE:
            # The older one's id is what others have known for longer.
            await people.merge(one.pair, tx, who=MATCHER, origin=Origin.fresh())
        case Verdict.REVIEW:
            await candidates.decide(tx, one.id, CandidateState.OPEN, who=MATCHER)
        case Verdict.APART:
            await candidates.decide(tx, one.id, CandidateState.APART, who=MATCHER)


def _together(ids: Collection[str], held: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    return sum((Counter(held.get(one, {})) for one in ids), Counter())


async def accept(candidate_id: str, tx: Transaction, *, who: str, origin: Origin) -> str:
    """Merge a pair; returns the merge's id. Raises `NotFound`, or `Conflict`: it is decided."""
    await tx.lock_people([people.ALL_MERGES])
    one = await _undecided(candidate_id, tx)
    return await people.merge(one.pair, tx, who=who, origin=origin)


async def dismiss(candidate_id: str, tx: Transaction, *, who: str) -> None:
    """Say of a pair that they are two, for good. Raises as `accept` does."""
    await tx.lock_people([people.ALL_MERGES])
    one = await _undecided(candidate_id, tx)
    await candidates.decide(tx, one.id, CandidateState.DISMISSED, who=who)
    tx.audit(who=who, what="candidate dismissed", subject=one.id, old=None, new=list(one.pair))


async def _undecided(candidate_id: str, tx: Transaction) -> Candidate:
    one = await candidates.find(tx, candidate_id)
    if one is None:
        raise NotFound("there is no such candidate", field="candidate_id")
    if one.state not in (CandidateState.OPEN, CandidateState.MET):
        raise Conflict(f"it is {one.state} already", field="candidate_id")
    return one


async def find_alike(tx: Transaction) -> int:
    """Compare the people of new leads with those who are like them; returns how many leads it saw.

    Nobody is merged: who is alike is proposed.
    """
    position = await walks.position(tx, WALK)
    newest = tx.now - SETTLED_AFTER
    found = await candidates.new_leads(tx, position, LOOKED_AT_MAX)
    leads = list(takewhile(lambda lead: lead.received_at <= newest, found))
    if not leads:
        return 0
    person_ids = sorted({lead.person_id for lead in leads})
    await tx.lock_people(person_ids)  # who is forgotten meanwhile must leave no hash behind
    cards = {one.person_id: one.card for one in await load_cards(tx, person_ids)}
    await candidates.learn_likenesses(tx, {id_: likenesses(card) for id_, card in cards.items()})
    pairs = await candidates.alike(tx, list(cards), BLOCK_MAX)
    await candidates.propose(tx, await _alike_enough(pairs, tx))
    await walks.move(tx, WALK, leads[-1].id)
    return len(leads)


async def _alike_enough(pairs: Collection[Pair], tx: Transaction) -> dict[Pair, Likeness]:
    ids = {person_id for pair in pairs for person_id in pair}
    cards = {one.person_id: one.card for one in await load_cards(tx, ids)}
    merges = await load_merges(tx, ids)
    found = {
        (one, other): likeness(cards[one], cards[other])
        for one, other in pairs
        if one in cards and other in cards and other not in kin([one], merges)
    }
    return {pair: alike for pair, alike in found.items() if alike.score >= ALIKE_FROM}
