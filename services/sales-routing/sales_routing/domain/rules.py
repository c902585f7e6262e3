"""Which pool a prospect belongs to: ordered rules, the first that matches decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from baton.contracts.vocabulary import Channel, EmailKind, Seniority

TraitValue = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Profile:
    """What rules may look at; none of it names or reaches a person."""

    source_id: str
    channel: Channel = Channel.UNKNOWN
    email_kind: EmailKind = EmailKind.NONE
    seniority: Seniority = Seniority.UNKNOWN
    country: str | None = None
    score: float = 0.0
    traits: Mapping[str, TraitValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. An empty condition asks nothing; all that are given must hold."""

    name: str
    pool_id: str
    channels: frozenset[Channel] = frozenset()
    source_ids: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    email_kinds: frozenset[EmailKind] = frozenset()
    seniorities: frozenset[Seniority] = frozenset()
    traits: Mapping[str, frozenset[TraitValue]] = field(default_factory=dict)
    score_min: float | None = None
    score_below: float | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in order, and who has what no rule and no rep wants."""

    version: int = 0
    rules: tuple[Rule, ...] = ()
    fallback_pool_id: str | None = None
    fallback_owner_id: str | None = None


def pool_for(rulebook: Rulebook, profile: Profile) -> str | None:
    """The pool of the first rule that matches, else the fallback pool, if there is one."""
    for rule in rulebook.rules:
        if matches(rule, profile):
            return rule.pool_id
    return rulebook.fallback_pool_id


def pool_wanted(
    rulebook: Rulebook, profile: Profile, is_manned: Callable[[str], bool]
) -> str | None:
    """The pool to choose from now: where nobody is there at all, the fallback pool helps out."""
    pool_id = pool_for(rulebook, profile)
    if pool_id is None or is_manned(pool_id):
        return pool_id
    return rulebook.fallback_pool_id or pool_id


def matches(rule: Rule, profile: Profile) -> bool:
    """Whether every condition of the rule holds."""
    return (
        _allows(rule.channels, profile.channel)
        and _allows(rule.source_ids, profile.source_id)
        and _allows(rule.countries, profile.country)
        and _allows(rule.email_kinds, profile.email_kind)
        and _allows(rule.seniorities, profile.seniority)
        and (rule.score_min is None or profile.score >= rule.score_min)
        and (rule.score_below is None or profile.score < rule.score_below)
        and all(profile.traits.get(name) in allowed for name, allowed in rule.traits.items())
    )


def _allows(allowed: frozenset[object], value: object) -> bool:
    return not allowed or value in allowed
