"""A source of leads: what a door has to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baton.contracts.vocabulary import Channel, SourceKind
from marketing_intake.domain.traits import DeclaredTrait


@dataclass(frozen=True, slots=True)
class Source:
    """A form, a tool, a file: with what it has declared."""

    id: str
    name: str
    kind: SourceKind
    channel: Channel
    is_active: bool
    declared: Mapping[str, DeclaredTrait] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()
    honeypot: str = ""
    form_key: str | None = None
