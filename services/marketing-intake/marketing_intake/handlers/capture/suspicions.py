"""Machines among people: what comes is marked before it is said; what came before, retracted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from baton.contracts.vocabulary import ActivityKind, Suspicion
from baton.transaction import Transaction
from marketing_intake import metrics
from marketing_intake.domain.draft import ActivityDraft, LeadDraft
from marketing_intake.domain.machines import Click, Machines, link_scans
from marketing_intake.handlers.capture.batch import Batch
from marketing_intake.handlers.retractions import retract_found
from marketing_intake.handlers.submission import Submission
from marketing_intake.repository import retractions
from marketing_intake.repository.retractions import Message, RecordedActivity, RecordedClick, Span


@dataclass(slots=True)
class _Clicks:
    """What one person clicked on one message, in this batch: by its place in the batch."""

    fresh: dict[int, Click] = field(default_factory=dict)
    submission: Submission | None = None

    def span(self, machines: Machines) -> Span:
        moments = [click.happened_at for click in self.fresh.values()]
        return min(moments) - machines.scan_within, max(moments) + machines.scan_within


async def judge(
    submissions: Sequence[Submission], batch: Batch, machines: Machines
) -> Sequence[Submission]:
    """The same submissions, with a suspicion where one is due.

    A person's clicks are looked at together with those that were recorded before: when these turn
    out to be a part of the same scan, they are retracted.
    """
    if not any(isinstance(submission.draft, ActivityDraft) for submission in submissions):
        return submissions
    judged = [_by_itself(submission, machines) for submission in submissions]
    clicks = _clicks_of(judged, batch.resolution.person_ids)
    before = await _recorded(clicks, batch, machines)
    for message, own in clicks.items():
        earlier = before.get(message, [])
        scans = link_scans([*own.fresh.values(), *map(_click_of, earlier)], machines)
        for place, click in own.fresh.items():
            if click.id in scans:
                judged[place] = _marked(judged[place], Suspicion.LINK_SCAN)
        await _retract(message, [one for one in earlier if one.id in scans], own, batch.tx)
    _count(judged, batch.tx)
    return judged


def _by_itself(submission: Submission, machines: Machines) -> Submission:
    draft = submission.draft
    if not isinstance(draft, ActivityDraft) or draft.suspicion is not None:
        return submission
    agent, address = draft.details.get("user_agent"), draft.details.get("ip")
    suspicion = machines.suspicion(draft.kind, agent, address)
    return submission if suspicion is None else _marked(submission, suspicion)


def _marked(submission: Submission, suspicion: Suspicion) -> Submission:
    """The submission with this suspicion, where it has none."""
    draft = submission.draft
    if not isinstance(draft, ActivityDraft) or draft.suspicion is not None:
        return submission
    return replace(submission, draft=replace(draft, suspicion=suspicion))


def _clicks_of(
    submissions: Iterable[Submission], person_ids: Sequence[str]
) -> dict[Message, _Clicks]:
    found: dict[Message, _Clicks] = {}
    people = iter(person_ids)
    for place, submission in enumerate(submissions):
        draft = submission.draft
        if not isinstance(draft, LeadDraft | ActivityDraft):
            continue
        person_id = next(people)
        if isinstance(draft, ActivityDraft) and draft.kind is ActivityKind.EMAIL_CLICKED:
            url = draft.details.get("url")
            if draft.message_id is not None and isinstance(url, str):
                message = Message(person_id, submission.source_id, draft.message_id)
                own = found.setdefault(message, _Clicks())
                own.fresh[place] = Click(f"new-{place}", url, draft.happened_at)
                own.submission = submission
    return found


async def _recorded(
    clicks: Mapping[Message, _Clicks], batch: Batch, machines: Machines
) -> Mapping[Message, list[RecordedClick]]:
    strangers = frozenset(batch.resolution.new_people)
    spans = {
        message: own.span(machines)
        for message, own in clicks.items()
        if message.person_id not in strangers
    }
    return await retractions.clicks_near(batch.tx, spans) if spans else {}


def _click_of(recorded: RecordedClick) -> Click:
    return Click(recorded.id, recorded.url, recorded.happened_at)


async def _retract(
    message: Message, scans: Sequence[RecordedClick], own: _Clicks, tx: Transaction
) -> None:
    found = [
        RecordedActivity(click.id, message.person_id, ActivityKind.EMAIL_CLICKED)
        for click in scans
        if not click.is_settled
    ]
    if found and own.submission is not None:
        await retract_found(found, tx, suspicion=Suspicion.LINK_SCAN, origin=own.submission.origin)


def _count(submissions: Iterable[Submission], tx: Transaction) -> None:
    drafts = [one.draft for one in submissions if isinstance(one.draft, ActivityDraft)]
    counts = Counter(draft.suspicion for draft in drafts if draft.suspicion is not None)
    if counts:
        tx.after_commit(partial(_tell, counts))


def _tell(counts: Counter[Suspicion], _: datetime) -> None:
    for suspicion, count in counts.items():
        metrics.SUSPECTED.labels(suspicion.value).inc(count)
