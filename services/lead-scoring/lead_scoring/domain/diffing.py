"""A draft beside another policy: who would have been beyond the line, by what was known then.

A person is beyond it when one of their leads would have become a prospect at one of the person's
own moments within the period: when something of them was heard, or time alone had lifted them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from lead_scoring.domain.crossing import moves, next_crossing
from lead_scoring.domain.decisions import Case, Decision, Disqualified, Qualified, decide
from lead_scoring.domain.facts import NO_ROLL_UPS, History, LeadFact, until
from lead_scoring.domain.people import ConsentChange, last_word
from lead_scoring.domain.policy import CountRule, Policy
from lead_scoring.domain.recall import Recall, is_alone, recall_of
from lead_scoring.domain.scoring import NOTHING, Model, Score

MOMENTS_MAX: Final = 200
"""Of somebody of whom more was heard in the period only the newest moments are looked at."""
RISES_MAX: Final = 20
"""And so often at most it is looked whether time alone lifts them between two moments."""
REASONS_MAX: Final = 5

RollUps = Mapping[tuple[int, datetime], Mapping[str, float]]
"""What a person's company added up to, by version of the policy that asks and by when the newest
that was known of the person then had happened.
"""


class Side(StrEnum):
    """Where somebody is under the draft, and where they were without it."""

    NEWLY = "newly"
    NO_LONGER = "no_longer"
    STILL = "still"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment on, or from the beginning, and before another one."""

    since: datetime | None
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether it lies in the period."""
        return (self.since is None or self.since <= moment) and moment < self.until


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of one person, under all of their ids."""

    person_id: str
    history: History
    consents: tuple[ConsentChange, ...] = ()
    roll_ups: RollUps = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """A policy, and what follows from it for everybody: made once, by `judge_of`."""

    policy: Policy
    model: Model | None
    recall: Recall
    rising: tuple[CountRule, ...]
    """By what time alone can give somebody points."""


@dataclass(frozen=True, slots=True)
class Judges:
    """The two policies that are compared."""

    before: Judge
    after: Judge

    @property
    def both(self) -> tuple[Judge, Judge]:
        """Before and after."""
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class Compared:
    """Somebody on their side. For whom something changes, both scores are as they were when the
    lead would have been decided otherwise; of all others nobody asks for them.
    """

    person_id: str
    side: Side
    source_id: str
    decided_at: datetime
    before: Score
    after: Score


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule gave before and gives after."""

    rule: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class _Passage:
    """The first time that a lead of somebody would have become a prospect."""

    lead: LeadFact
    moment: datetime


def judge_of(policy: Policy, model: Model | None = None) -> Judge:
    """The judge by a policy."""
    return Judge(policy, model, recall_of(policy), _rising(policy))


def compare(past: Past, judges: Judges, period: Period) -> Compared | None:
    """On which side somebody is; None for who had no lead by then, or was not heard of."""
    moments = moments_of(past, period)
    if not moments:
        return None
    before = _passage(past, judges.before, moments, period.until)
    after = _passage(past, judges.after, moments, period.until)
    side = _side(before, after)
    shown = before if side is Side.NO_LONGER else after
    if shown is None:
        shown = _Passage(_newest_lead(past.history, moments[-1]), moments[-1])
    source_id = str(shown.lead.profile.attributes["source"])
    if side in (Side.STILL, Side.NEVER):
        return Compared(past.person_id, side, source_id, shown.moment, NOTHING, NOTHING)
    scores = [_decide(past, shown.lead, one, shown.moment).score for one in judges.both]
    return Compared(past.person_id, side, source_id, shown.moment, *scores)


def moments_of(past: Past, period: Period) -> list[datetime]:
    """When something of somebody who had a lead by then was heard within the period, in order."""
    leads = past.history.leads
    if not leads:
        return []
    first = leads[0].happened_at
    heard = {fact.happened_at for fact in past.history.facts()}
    heard |= {change.happened_at for change in past.consents}
    return sorted(one for one in heard if one >= first and period.holds(one))[-MOMENTS_MAX:]


def history_at(past: Past, policy: Policy, moment: datetime) -> History:
    """What was known then, with what the company added up to then."""
    history = until(past.history, moment)
    if not past.roll_ups or not history:
        return history
    added_up = past.roll_ups.get((policy.version, history.newest_at), NO_ROLL_UPS)
    return replace(history, roll_ups=added_up)


def changes_of(compared: Compared) -> list[Change]:
    """The rules that make the difference, the weightiest first."""
    before = {one.rule: one.points for one in compared.before.factors}
    after = {one.rule: one.points for one in compared.after.factors}
    changes = [
        Change(rule, before.get(rule, 0.0), after.get(rule, 0.0))
        for rule in before | after
        if before.get(rule, 0.0) != after.get(rule, 0.0)
    ]
    return sorted(changes, key=lambda one: (-abs(one.after - one.before), one.rule))[:REASONS_MAX]


def _side(before: _Passage | None, after: _Passage | None) -> Side:
    if before is None:
        return Side.NEVER if after is None else Side.NEWLY
    return Side.NO_LONGER if after is None else Side.STILL


def _passage(
    past: Past, judge: Judge, moments: Sequence[datetime], end: datetime
) -> _Passage | None:
    """The first one within the period. A lead that is disqualified stays so."""
    gone: set[str] = set()
    for moment in _looked_at(past, judge, moments, end):
        lead = _newest_lead(past.history, moment)
        if lead.lead_id in gone:
            continue
        decision = _decide(past, lead, judge, moment)
        if isinstance(decision, Qualified):
            return _Passage(lead, moment)
        if isinstance(decision, Disqualified):
            gone.add(lead.lead_id)
    return None


def _looked_at(
    past: Past, judge: Judge, moments: Sequence[datetime], end: datetime
) -> Iterator[datetime]:
    kinds = {one.kind for one in past.history.activities} if judge.rising else frozenset()
    if all(rule.kinds is not None and rule.kinds.isdisjoint(kinds) for rule in judge.rising):
        yield from moments
        return
    for moment, following in zip(moments, [*moments[1:], end], strict=True):
        yield moment
        history = history_at(past, judge.policy, moment)
        yield from islice(_crossings(history, judge.policy, moment, following), RISES_MAX)


def _crossings(
    history: History, policy: Policy, moment: datetime, end: datetime
) -> Iterator[datetime]:
    crossing = next_crossing(history, policy, moment)
    while crossing is not None and crossing < end:
        yield crossing
        crossing = next_crossing(history, policy, crossing)


def _decide(past: Past, lead: LeadFact, judge: Judge, moment: datetime) -> Decision:
    history = history_at(past, judge.policy, moment)
    said = last_word(one for one in past.consents if one.happened_at <= moment)
    alone = Case(lead, history, said)
    if moment == lead.happened_at and is_alone(alone):
        return judge.recall.decide(alone, judge.model)
    return decide(replace(alone, moment=moment), judge.policy, judge.model)


def _newest_lead(history: History, moment: datetime) -> LeadFact:
    """The one that is decided; there is one at each moment that is looked at."""
    return next(lead for lead in reversed(history.leads) if lead.happened_at <= moment)


def _rising(policy: Policy) -> tuple[CountRule, ...]:
    """By what time alone can give somebody points: what counts against them fades, a frame begins,
    or what is too much for a rule leaves its frame. By all others it only takes.
    """
    return tuple(
        rule
        for rule in policy.rules
        if isinstance(rule, CountRule)
        and moves(rule, policy)
        and (rule.points < 0 or bool(rule.frame.before) or rule.at_most is not None)
    )
