"""A source of leads: what a door has to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baton.contracts.vocabulary import Channel, SourceKind, SourceRole
from marketing_intake.domain.contract import Limits, Shaping
from marketing_intake.domain.traits import DeclaredTrait


@dataclass(frozen=True, slots=True)
class Source:
    """A form, a tool, a file: with what is agreed with it, in the version that holds now.

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
