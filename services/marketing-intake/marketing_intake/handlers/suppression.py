"""Who was forgotten stays forgotten when a list names them, and comes back when they come."""

from collections.abc import Collection, Iterable, Sequence

from baton.contracts.vocabulary import LeadState
from baton.transaction import Transaction
from marketing_intake.domain.draft import ActivityDraft, Draft, LeadDraft
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.suppression import OWN_ACTIVITIES, is_suppressible, suppressed_by
from marketing_intake.repository import erasure
from marketing_intake.repository.capturing import Found


def mac_of(identifier: Identifier, tx: Transaction) -> bytes:
    """The keyed hash by which an identifier of somebody who was forgotten is recognised."""
    return tx.mac(f"{identifier.kind} {identifier.value}")


def macs_of(identifiers: Iterable[Identifier], tx: Transaction) -> list[bytes]:
    """The keyed hashes of those that may be suppressed: under a microsecond for each."""
    return [mac_of(one, tx) for one in identifiers if is_suppressible(one)]


def judge(
    drafts: Sequence[Draft], found: Found, tx: Transaction
) -> tuple[frozenset[int], frozenset[bytes]]:
    """The places of the drafts that are not taken, and the hashes that their owners have lifted."""
    if not found.suppressed:
        return frozenset(), frozenset()
    suppressed: set[int] = set()
    lifted: set[bytes] = set()
    for place, draft in enumerate(drafts):
        if not isinstance(draft, LeadDraft | ActivityDraft):
            continue
        hits = {
            one: mac
            for one in draft.identifiers
            if is_suppressible(one) and (mac := mac_of(one, tx)) in found.suppressed
        }
        if not _is_own_act(draft):
            if suppressed_by(draft.identifiers, found.people, hits):
                suppressed.add(place)
        elif _is_certain(draft):
            lifted |= set(hits.values())
    return frozenset(suppressed), frozenset(lifted)


def _is_certain(draft: LeadDraft | ActivityDraft) -> bool:
    """Whether it is the person beyond doubt: no bot, no test, nobody who has still to confirm."""
    return isinstance(draft, ActivityDraft) or draft.own_state is LeadState.CAPTURED


async def lift(macs: Collection[bytes], tx: Transaction) -> None:
    """Forget that these were forgotten: their owners have come themselves."""
    if macs:
        await erasure.lift(tx, macs)


def _is_own_act(draft: LeadDraft | ActivityDraft) -> bool:
    match draft:
        case LeadDraft():
            return draft.is_own_act
        case ActivityDraft():
            return draft.kind in OWN_ACTIVITIES
