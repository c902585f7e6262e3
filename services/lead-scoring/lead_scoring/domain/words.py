"""A score and the rules that it was made by, in words that a rep reads."""

from typing import Final

from lead_scoring.domain.course import Factor
from lead_scoring.domain.policy import (
    CompanyRule,
    CountRule,
    Frame,
    Policy,
    ProfileRule,
    Rule,
    texts_of,
)
from lead_scoring.domain.scoring import Score

TIMES: Final = {1: "", 2: " twice"}
MINUS: Final = "\N{MINUS SIGN}"
NO_REASONS: Final = "nothing that counts is known"


def sentence_of(score: Score, policy: Policy) -> str:
    """Why somebody has the score that they have, the weightiest reason first: "asked for a demo
    twice within 7 days +20; a free e-mail address -10".
    """
    texts = texts_of(policy)
    rules = {rule.id: rule for rule in policy.rules}
    factors = sorted(score.factors, key=lambda factor: -abs(factor.points))
    said = [f"{texts[one.rule]}{_counted(one, rules.get(one.rule))} {signed(one.points)}"
            for one in factors]  # fmt: skip
    return "; ".join(said) or NO_REASONS


def note_of(rule: Rule) -> str:
    """What else than its text and its points a rule is; empty for one that just holds or not."""
    match rule:
        case ProfileRule():
            return ""
        case CountRule():
            return ", ".join(part for part in _notes(rule) if part)
        case CompanyRule():
            return "of everybody in the company"


def signed(points: float) -> str:
    """Points as they are added: +20, -7.5, to one decimal."""
    text = f"{abs(points):.1f}".removesuffix(".0")
    return f"{MINUS if points < 0 else '+'}{text}"


def _counted(factor: Factor, rule: Rule | None) -> str:
    if not isinstance(rule, CountRule):
        return ""
    times = TIMES.get(factor.times, f" {factor.times} times")
    return times + (f" {_frame(rule.frame)}" if _frame(rule.frame) else "")


def _notes(rule: CountRule) -> list[str]:
    notes = [_frequency(rule), _frame(rule.frame)]
    if rule.times_max > 1:
        notes.append(f"counted up to {rule.times_max} times")
    return notes


def _frequency(rule: CountRule) -> str:
    if rule.at_most is None:
        return f"from number {rule.at_least} on" if rule.at_least > 1 else ""
    if rule.at_most == rule.at_least:
        return f"exactly {rule.at_least}"
    return f"{rule.at_least} to {rule.at_most}"


def _frame(frame: Frame) -> str:
    days = [] if frame.within is None else [f"within {_days(frame.within.total_seconds())} days"]
    if frame.before:
        days.append(f"at least {_days(frame.before.total_seconds())} days ago")
    return " and ".join(days)


def _days(seconds: float) -> str:
    return f"{seconds / 86_400:g}"
