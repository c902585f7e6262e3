"""A source as a row, and back."""

from typing import Any, Final

import asyncpg

from baton.contracts.vocabulary import Channel, SourceKind, SourceRole
from marketing_intake.domain.source import Source, limits_of, shaping_of, terms_of, trait_document
from marketing_intake.domain.traits import DeclaredTrait, TraitKind
from marketing_intake.repository import match_rules

COLUMNS: Final = (
    *("id", "name", "kind", "channel", "is_active", "form_key", "redirects", "honeypot"),
    *("declared", "cost_per_lead", "currency", "role", "vendor", "config", "secrets"),
    *("contract_version", "terms"),
)


def values_of(source: Source) -> tuple[object, ...]:
    """The source's values, in the order of the columns."""
    others = {"owner": source.owner, "allowed_origins": source.allowed_origins}
    return (
        source.id,
        source.name,
        source.kind,
        source.channel,
        source.is_active,
        source.form_key,
        list(source.redirects),
        source.honeypot,
        {name: trait_document(trait) for name, trait in source.declared.items()},
        source.cost_per_lead,
        source.currency,
        source.role,
        source.vendor,
        dict(source.config),
        list(source.sealed),
        source.contract_version,
        terms_of(source) | others,
    )


def source_of(row: asyncpg.Record) -> Source:
    """The source of a row; a source without terms was made before there were any."""
    terms: dict[str, Any] = row["terms"]
    taken = terms.get("fields")
    return Source(
        id=row["id"],
        name=row["name"],
        kind=SourceKind(row["kind"]),
        channel=Channel(row["channel"]),
        is_active=row["is_active"],
        declared={name: _trait(name, entry) for name, entry in row["declared"].items()},
        redirects=tuple(row["redirects"]),
        honeypot=row["honeypot"],
        form_key=row["form_key"],
        role=SourceRole(row["role"]),
        owner=terms.get("owner", ""),
        vendor=row["vendor"],
        config=row["config"],
        sealed=tuple(row["secrets"]),
        allowed_origins=tuple(terms.get("allowed_origins", ())),
        shaping=shaping_of(
            terms.get("field_map", {}),
            None if taken is None else frozenset(taken),
            terms.get("defaults", {}),
        ),
        limits=limits_of(terms.get("per_second"), terms.get("per_day"), terms.get("queue_max", 0)),
        contract_version=row["contract_version"],
        cost_per_lead=row["cost_per_lead"],
        currency=row["currency"],
        rules=match_rules.rules_of(row.get("rules"), row.get("pepper")),
        enrichers=tuple(row.get("enrichers") or ()),
    )


def _trait(name: str, entry: dict[str, Any]) -> DeclaredTrait:
    allowed = entry["allowed"]
    return DeclaredTrait(
        name=name,
        kind=TraitKind(entry["kind"]),
        allowed=None if allowed is None else frozenset(allowed),
        values_max=entry["values_max"],
    )
