"""What one batch knows while it is decided, and what it will write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from baton.contracts.vocabulary import LeadState
from baton.transaction import Origin, Transaction
from marketing_intake.domain.card import changed_fields, merged_card
from marketing_intake.domain.draft import ActivityDraft, Draft, LeadDraft, RefusedDraft
from marketing_intake.domain.identity import Identifier, shared_address
from marketing_intake.domain.resolve import Resolution
from marketing_intake.handlers import suppression
from marketing_intake.handlers.capture.placing import place_named, place_visits
from marketing_intake.handlers.submission import Idempotency, Outcome, Submission
from marketing_intake.repository import capturing
from marketing_intake.repository.capturing import CapturedRows, Found, KnownCard, Named, Row
from marketing_intake.repository.opt_ins import Asked

Card = dict[str, object]
OPT_IN_MESSAGE: Final = "opt-in-message"
"""The kind of work that asks a person to confirm a lead."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody refused at an address that identifies nobody."""

    address: str
    person_id: str
    submission: Submission
    draft: ActivityDraft


@dataclass(slots=True)
class Batch:
    """A batch in hand: who its people are, and the rows that it adds up to."""

    tx: Transaction
    resolution: Resolution
    person_ids: Iterator[str]
    cards: dict[str, KnownCard]
    campaigns: dict[str, str]
    named: Named = field(default_factory=Named)
    rows: CapturedRows = field(default_factory=CapturedRows)
    changed: dict[str, tuple[Card, int, Origin]] = field(default_factory=dict)
    words: list[tuple[str, Origin]] = field(default_factory=list)
    """Who has said something of consent that may change what holds."""
    refusals: list[Refusal] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)
    """Whose address is one that identifies nobody."""
    asked: list[Asked] = field(default_factory=list)
    moved: Mapping[Identifier, str] = field(default_factory=dict)
    suppressed: frozenset[int] = frozenset()
    """The places of drafts whose people were forgotten and have not come themselves."""
    lifted: frozenset[bytes] = frozenset()
    closed: list[tuple[str, Idempotency, Outcome]] = field(default_factory=list)

    def times_of(self, person_id: str, card: Card) -> dict[str, str]:
        """When each field of a newer card was learned, where that was not with the person."""
        known = self.cards.get(person_id)
        if known is None:
            return {}
        now = self.tx.now.isoformat()
        return {**known.times, **dict.fromkeys(changed_fields(known.card, card), now)}

    def learn_card(self, person_id: str, card: Card, origin: Origin) -> None:
        """Fold what came into the person's card; what changes nothing is not said again."""
        changed, known = self.changed.get(person_id), self.cards.get(person_id)
        if changed is not None:
            self.changed[person_id] = (merged_card(changed[0], card), changed[1], origin)
        elif known is None:
            self.changed[person_id] = (dict(card), 1, origin)
        else:
            merged = merged_card(known.card, card)
            if merged != known.card:
                self.changed[person_id] = (merged, known.version + 1, origin)

    def note_shared(self, person_id: str, draft: LeadDraft | ActivityDraft) -> None:
        """Remember whose address it is when it identifies nobody."""
        address = shared_address(draft.card, draft.identifiers)
        if address is not None:
            self.shared[person_id] = address

    def campaign_of(self, draft: LeadDraft | ActivityDraft) -> str | None:
        """The campaign that is named, or else the one whose call is answered."""
        named = self.campaigns.get(draft.campaign or "")
        return named or self.named.calls.get(draft.call_to_action or "")

    def call_of(self, draft: LeadDraft | ActivityDraft) -> str | None:
        """The call to action, if the catalogue knows it; a fact carries nobody's own words."""
        call = draft.call_to_action
        return call if call in self.named.calls else None

    def originator_of(self, draft: LeadDraft) -> str | None:
        """Who brought the lead in person, if they are known here."""
        return draft.originator if draft.originator in self.named.originators else None

    def is_returning(self, person_id: str, draft: LeadDraft) -> bool:
        """Whether somebody comes who had bought before this lead happened."""
        known = self.cards.get(person_id)
        bought_at = None if known is None else known.bought_at
        return bought_at is not None and bought_at <= draft.happened_at

    def meet(self, person_id: str, origin: Origin) -> None:
        """Make sure that there is such a person, though nothing is learned of them."""
        if person_id not in self.cards:
            self.changed.setdefault(person_id, ({}, 1, origin))

    def ask(self, asked: Asked) -> None:
        """Order the message that asks a person to confirm; it carries an id and nothing more."""
        self.asked.append(asked)
        self.tx.schedule_work(OPT_IN_MESSAGE, {"lead_id": asked.lead_id})

    def add_payload(
        self, payload_id: str, submission: Submission, status: str, *, refused: RefusedDraft | None
    ) -> Row:
        """Keep what came as it came, with what read it; returns its row."""
        row: dict[str, object] = {
            "id": payload_id,
            "source_id": submission.source_id,
            "content_type": submission.content_type,
            "status": status,
            "component": submission.component.name,
            "component_version": submission.component.version,
            "contract_version": submission.contract_version,
        }
        if submission.headers:
            row["headers"] = submission.headers
        if refused is not None:
            row |= {
                "kind": refused.kind,
                "field": refused.field,
                "detail": refused.detail,
                "failure": refused.failure,
            }
        self.rows.payloads.append(row)
        self.rows.bodies.append(submission.body)
        return row


async def open_batch(drafts: Sequence[Draft], tx: Transaction) -> Batch:
    """Find everybody whom the drafts speak of, locked where they are known already."""
    if any(_takes_more(draft) for draft in drafts):
        # What follows from these is more than one statement: it has to be one transaction.
        await tx.begin()
    found, cards = await _look_up(drafts, tx)
    suppressed, lifted = suppression.judge(drafts, found, tx)
    if lifted:
        await tx.begin()
    wanted = [
        draft
        for place, draft in enumerate(drafts)
        if isinstance(draft, LeadDraft | ActivityDraft) and place not in suppressed
    ]
    has_visits = any(draft.browser is not None for draft in wanted)
    placed = await (place_visits if has_visits else place_named)(wanted, found.people, tx)
    named = await _named(wanted, tx)
    people = iter(placed.resolution.person_ids)
    return Batch(
        tx, placed.resolution, people, cards, found.campaigns, named,
        moved=placed.moved, suppressed=suppressed, lifted=lifted,
    )  # fmt: skip


async def _named(drafts: Sequence[LeadDraft | ActivityDraft], tx: Transaction) -> Named:
    leads = [draft for draft in drafts if isinstance(draft, LeadDraft)]
    return await capturing.find_named(
        tx,
        calls={draft.call_to_action for draft in drafts if draft.call_to_action},
        originators={draft.originator for draft in leads if draft.originator},
    )


def _takes_more(draft: Draft) -> bool:
    if isinstance(draft, LeadDraft):
        has_shared = shared_address(draft.card, draft.identifiers) is not None
        waits = draft.own_state is LeadState.AWAITING_OPT_IN
        return has_shared or waits or bool(draft.enrichers)
    return not isinstance(draft, RefusedDraft)


async def _look_up(drafts: Sequence[Draft], tx: Transaction) -> tuple[Found, dict[str, KnownCard]]:
    of_people = [draft for draft in drafts if isinstance(draft, LeadDraft | ActivityDraft)]
    identifiers = {one for draft in of_people for one in draft.identifiers}
    identifiers |= {draft.browser for draft in of_people if draft.browser is not None}
    names = {draft.campaign for draft in of_people if draft.campaign}
    macs = suppression.macs_of(identifiers, tx)
    found = await capturing.find(tx, identifiers, campaigns=names, macs=macs)
    people = sorted(set(found.people.values()))
    if not people:
        return found, {}
    await tx.lock_people(people)
    cards = await capturing.load_cards(tx, people)
    if len(cards) < len(people):
        # Who was forgotten while we waited for the lock is nobody's acquaintance any more.
        found = await capturing.find(tx, identifiers, campaigns=names, macs=macs)
        found.people = {one: id_ for one, id_ in found.people.items() if id_ in cards}
    return found, cards
