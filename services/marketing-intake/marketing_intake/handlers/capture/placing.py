"""Who a batch is of: by what it says of people, and then by the browsers that they sat at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from baton.contracts.vocabulary import LeadState
from baton.ids import new_id
from baton.transaction import Transaction
from marketing_intake.domain.browsers import Owner, Visit, adoptions, place, takers
from marketing_intake.domain.draft import ActivityDraft, LeadDraft
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.identity_rules import ANONYMOUS
from marketing_intake.domain.resolve import NOTHING_HELD, Resolution, learners, resolve
from marketing_intake.repository import browsers, identifiers

Drafts = Sequence[LeadDraft | ActivityDraft]
Known = Mapping[Identifier, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Who everybody is, and which browsers have come to be somebody else's."""

    resolution: Resolution
    moved: Mapping[Identifier, str] = field(default_factory=dict)


async def place_named(drafts: Drafts, known: Known, tx: Transaction) -> Placed:
    """Place people by what they say of themselves alone."""
    if not drafts:
        return Placed(resolve((), known, new_id))
    resolution = await _resolved([one.identifiers for one in drafts], known, drafts, tx)
    if resolution.met:
        await tx.begin()  # who met is written apart from the batch, and must be true with it
    return Placed(resolution)


async def place_visits(drafts: Drafts, known: Known, tx: Transaction) -> Placed:
    """Place people where some of them are known by their browsers, or become so."""
    await tx.begin()  # whose a browser was is written apart from the batch
    visits = [_visit(draft) for draft in drafts]
    owners = await _owners(visits, known, tx)
    adopted = adoptions(visits, known, owners)
    named = [visit.identifiers for visit in visits if visit.is_named]
    resolution = await _resolved(named, {**known, **adopted}, drafts, tx)
    taking = takers(visits, resolution.person_ids, owners) & frozenset(known.values())
    held = await identifiers.load_held(tx, taking) if taking else NOTHING_HELD
    placement = place(
        visits, resolution.person_ids, owners, new_id, held=held, limit=_limits(drafts)[ANONYMOUS]
    )
    whole = replace(
        resolution,
        person_ids=tuple(placement.person_ids),
        new_people=(*resolution.new_people, *placement.new_people),
        learned={**resolution.learned, **adopted, **placement.learned},
        met={**placement.met, **resolution.met},
    )
    return Placed(whole, placement.moved)


def _visit(draft: LeadDraft | ActivityDraft) -> Visit:
    # Neither a bot nor a test, nor who has not proved their address yet, takes a browser over. And
    # who says something by which nobody is known, an office's address say, is not whom the browser
    # knows.
    if isinstance(draft, LeadDraft):
        is_theirs = bool(draft.identifiers) and draft.own_state is LeadState.CAPTURED
    else:
        is_theirs = bool(draft.identifiers) or not draft.card
    return Visit(draft.identifiers, draft.browser if is_theirs else None)


async def _owners(
    visits: Sequence[Visit], known: Known, tx: Transaction
) -> Mapping[Identifier, Owner]:
    at_browsers = {one.browser for one in visits if one.browser is not None}
    owned = sorted(at_browsers & known.keys())
    locked = frozenset(known.values())
    return await browsers.owners(tx, owned, locked) if owned else {}


async def _resolved(
    batch: Sequence[Sequence[Identifier]], known: Known, drafts: Drafts, tx: Transaction
) -> Resolution:
    learning = learners(batch, known) if known else ()
    held = await identifiers.load_held(tx, learning) if learning else NOTHING_HELD
    return resolve(batch, known, new_id, held=held, limits=_limits(drafts))


def _limits(drafts: Drafts) -> Mapping[str, int]:
    return max((draft.rules for draft in drafts), key=lambda rules: rules.version).limits
