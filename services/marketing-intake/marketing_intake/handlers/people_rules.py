"""The rules of matching: put in force, and applied to everybody who was known before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from baton.transaction import Transaction
from marketing_intake.domain.candidates import Pair, pair_of
from marketing_intake.domain.identity import Identifier, counted_as, identifiers_of
from marketing_intake.domain.identity_rules import (
    MatchRules,
    checked_blocked,
    checked_limits,
    key_text,
    parsed_keys,
)
from marketing_intake.repository import (
    candidates,
    capturing,
    identifiers,
    match_rules,
    people,
    walks,
)

RULES: Final = "match-rules"
"""The lock of whoever changes them."""
WALK: Final = "keys"
KEYED_MAX: Final = 500
DOORS_KNOW_AFTER: Final = timedelta(seconds=10)
"""Doors remember a source with its rules for less: whoever comes later is matched by the new."""


async def put_rules(
    keys: Sequence[str],
    limits: Mapping[str, int],
    blocked: Sequence[str],
    tx: Transaction,
    *,
    who: str,
) -> MatchRules:
    """Put rules in force, and let everybody who is known learn their keys. Raises `BadRules`."""
    await tx.lock_people([RULES])
    old = await match_rules.in_force(tx)
    rules = MatchRules(
        keys=parsed_keys(keys),
        limits=checked_limits(limits),
        blocked=checked_blocked(blocked),
        pepper=old.pepper,
        version=old.version + 1,
    )
    await match_rules.insert(tx, rules, who=who)
    await walks.move(tx, WALK, walks.BEGINNING)
    tx.audit(
        who=who,
        what="match rules changed",
        subject=str(rules.version),
        old=_told(old),
        new=_told(rules),
    )
    return rules


def _told(rules: MatchRules) -> dict[str, object]:
    """What the audit says of rules; what is blocked may be somebody's, so it is only counted."""
    keys = [key_text(key) for key in rules.keys]
    return {"keys": keys, "limits": dict(rules.limits), "blocked": len(rules.blocked)}


async def learn_keys(tx: Transaction) -> int:
    """Let the next people learn the keys that new rules give them; returns how many.

    A key that is somebody else's already says that the two may be one: they are judged as when a
    lead speaks of both.
    """
    position = await walks.position(tx, WALK)
    changed_at = await match_rules.changed_at(tx)
    if position is None or changed_at is None or changed_at > tx.now - DOORS_KNOW_AFTER:
        return 0
    person_ids = await people.next_people(tx, position, KEYED_MAX)
    if not person_ids:
        await walks.move(tx, WALK, None)
        return 0
    await tx.lock_people(person_ids)
    rules = await match_rules.in_force(tx)
    own = {
        card.person_id: identifiers_of(card.card, rules)
        for card in await people.load_cards(tx, person_ids)
    }
    await candidates.record(tx, await _learn(own, tx))
    await walks.move(tx, WALK, person_ids[-1])
    return len(person_ids)


async def _learn(
    own: Mapping[str, Collection[Identifier]], tx: Transaction
) -> dict[Pair, frozenset[str]]:
    """Learn what is nobody's yet; returns whose is somebody else's, and by which key."""
    wanted = {one for keys in own.values() for one in keys}
    known = (await capturing.find(tx, wanted, campaigns=(), macs=())).people
    learned: dict[Identifier, str] = {}
    met: dict[Pair, frozenset[str]] = {}
    for person_id, keys in own.items():
        for one in keys:
            owner = known.get(one) or learned.setdefault(one, person_id)
            if owner != person_id:
                pair = pair_of(owner, person_id)
                met[pair] = met.get(pair, frozenset()) | {counted_as(one.kind)}
    await identifiers.learn(tx, learned)
    return met
