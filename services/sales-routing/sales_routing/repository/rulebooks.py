"""The rulebook as the document that its row keeps, and the log's copy of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from baton.contracts.vocabulary import Channel, EmailKind, Seniority
from sales_routing.domain.rules import Rule, Rulebook


def document_of(rulebook: Rulebook) -> dict[str, object]:
    """The rules as JSON, without the version, which has its own column."""
    return {
        "rules": [_rule_document(rule) for rule in rulebook.rules],
        "fallback_pool_id": rulebook.fallback_pool_id,
        "fallback_owner_id": rulebook.fallback_owner_id,
    }


def rulebook_of(version: int, document: Mapping[str, Any]) -> Rulebook:
    """The rules that a document spells."""
    return Rulebook(
        version=version,
        rules=tuple(_rule(one) for one in document.get("rules", ())),
        fallback_pool_id=document.get("fallback_pool_id"),
        fallback_owner_id=document.get("fallback_owner_id"),
    )


def _rule_document(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "pool_id": rule.pool_id,
        "channels": _listed(rule.channels),
        "source_ids": _listed(rule.source_ids),
        "countries": _listed(rule.countries),
        "email_kinds": _listed(rule.email_kinds),
        "seniorities": _listed(rule.seniorities),
        "traits": {name: _listed(allowed) for name, allowed in rule.traits.items()},
        "score_min": rule.score_min,
        "score_below": rule.score_below,
    }


def _rule(document: Mapping[str, Any]) -> Rule:
    return Rule(
        name=document["name"],
        pool_id=document["pool_id"],
        channels=frozenset(Channel(one) for one in document.get("channels", ())),
        source_ids=frozenset(document.get("source_ids", ())),
        countries=frozenset(document.get("countries", ())),
        email_kinds=frozenset(EmailKind(one) for one in document.get("email_kinds", ())),
        seniorities=frozenset(Seniority(one) for one in document.get("seniorities", ())),
        traits={name: frozenset(allowed) for name, allowed in document.get("traits", {}).items()},
        score_min=document.get("score_min"),
        score_below=document.get("score_below"),
    )


def _listed(values: Iterable[object]) -> list[object]:
    return sorted(values, key=lambda value: (type(value).__name__, str(value)))
