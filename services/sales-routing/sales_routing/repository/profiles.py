"""A prospect's profile as the document that its row keeps."""

from collections.abc import Mapping
from typing import Any

from baton.contracts.vocabulary import Channel, EmailKind, Seniority
from sales_routing.domain.rules import Profile


def document_of(profile: Profile) -> dict[str, object]:
    """The profile as JSON; what it would read back by default is left out."""
    document = {
        "source_id": profile.source_id,
        "channel": profile.channel.value,
        "email_kind": profile.email_kind.value,
        "seniority": profile.seniority.value,
        "country": profile.country,
        "score": profile.score,
        "traits": dict(profile.traits),
    }
    return {name: value for name, value in document.items() if value not in (None, {})}


def profile_of(document: Mapping[str, Any]) -> Profile:
    """The profile that a row keeps."""
    return Profile(
        source_id=document["source_id"],
        channel=Channel(document["channel"]),
        email_kind=EmailKind(document["email_kind"]),
        seniority=Seniority(document["seniority"]),
        country=document.get("country"),
        score=document["score"],
        traits=document.get("traits", {}),
    )
