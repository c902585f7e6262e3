"""A source of leads: what a door has to know of it, and what is agreed with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from baton.contracts.vocabulary import Channel, SourceKind, SourceRole
from marketing_intake.domain.contract import Limits, Shaping
from marketing_intake.domain.identity_rules import DEFAULT_RULES, MatchRules
from marketing_intake.domain.traits import DeclaredTrait

SECRETS_MAX: Final = 2
"""Active ones: the newest, and the one before while it is rotated out."""
SECRET_ENDINGS: Final = ("key", "password", "secret", "token")
"""What a vendor is configured with under a name that ends so is sealed, and never shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """A form, a tool, a file: with what is agreed with it, in the version that holds now.

    `enrichers` are the providers that are asked about its leads' companies.
    `sealed` are its active secrets, newest first, which only the vault opens. `shaping` and
    `limits` are None where nothing of the kind is agreed, so that it costs nothing to ask.
    """

    id: str
    name: str
    kind: SourceKind
    channel: Channel
    is_active: bool
    declared: Mapping[str, DeclaredTrait] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()
    honeypot: str = ""
    form_key: str | None = None
    role: SourceRole = SourceRole.CAMPAIGN
    owner: str = ""
    vendor: str | None = None
    config: Mapping[str, object] = field(default_factory=dict)
    sealed: tuple[bytes, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    shaping: Shaping | None = None
    limits: Limits | None = None
    contract_version: int = 1
    cost_per_lead: Decimal | None = None
    currency: str | None = None
    rules: MatchRules = DEFAULT_RULES
    enrichers: tuple[str, ...] = ()


def is_secret(name: str) -> bool:
    """Whether what stands under this name of a configuration is nobody's to see."""
    return name.lower().endswith(SECRET_ENDINGS)


def document_of(source: Source) -> dict[str, object]:
    """The contract as it is kept for each version: everything that is agreed, nothing secret."""
    return {
        "name": source.name,
        "owner": source.owner,
        "kind": source.kind.value,
        "role": source.role.value,
        "channel": source.channel.value,
        "is_active": source.is_active,
        "vendor": source.vendor,
        "config": {name: _shown(name, value) for name, value in source.config.items()},
        "secrets": len(source.sealed),
        "traits": {name: trait_document(trait) for name, trait in source.declared.items()},
        "redirects": list(source.redirects),
        "allowed_origins": list(source.allowed_origins),
        "honeypot": source.honeypot,
        "cost_per_lead": None if source.cost_per_lead is None else str(source.cost_per_lead),
        "currency": source.currency,
        **terms_of(source),
    }


def terms_of(source: Source) -> dict[str, object]:
    """How its fields are shaped, and how much of it is taken."""
    shaping, limits = source.shaping, source.limits
    taken = None if shaping is None or shaping.taken is None else sorted(shaping.taken)
    return {
        "field_map": {} if shaping is None else dict(shaping.names),
        "fields": taken,
        "defaults": {} if shaping is None else dict(shaping.defaults),
        "per_second": None if limits is None else limits.per_second,
        "per_day": None if limits is None else limits.per_day,
        "queue_max": 0 if limits is None else limits.queue_max,
    }


def shaping_of(
    names: Mapping[str, str], taken: frozenset[str] | None, defaults: Mapping[str, object]
) -> Shaping | None:
    """The shaping, or None where nothing is to be shaped."""
    return Shaping(names, taken, defaults) if names or taken is not None or defaults else None


def limits_of(per_second: int | None, per_day: int | None, queue_max: int) -> Limits | None:
    """The limits, or None where there are none."""
    has_none = per_second is None and per_day is None
    return None if has_none else Limits(per_second, per_day, queue_max)


def trait_document(trait: DeclaredTrait) -> dict[str, object]:
    """A declared trait as it is kept."""
    allowed = None if trait.allowed is None else sorted(trait.allowed)
    return {"kind": trait.kind, "allowed": allowed, "values_max": trait.values_max}


def _shown(name: str, value: object) -> object:
    return "(sealed)" if is_secret(name) else value
