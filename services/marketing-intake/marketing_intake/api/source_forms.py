"""The shapes of sources and their contracts: what is asked for, and what is shown."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from baton.contracts.vocabulary import Channel, SourceKind, SourceRole
from baton.http import Line
from marketing_intake.domain.source import Source, document_of
from marketing_intake.domain.traits import TraitKind
from marketing_intake.handlers.source_secrets import secret_id

TraitName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]
Origin = Annotated[
    str, StringConstraints(pattern=r"^https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?$", max_length=270)
]
Target = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z][a-z0-9_]{0,39}|traits\.[a-z][a-z0-9_]{0,39}|consent\.[a-z_]{1,39})$"
    ),
]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Cost = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
Rate = Annotated[int, Field(ge=1, le=100_000)]
Quota = Annotated[int, Field(ge=1, le=100_000_000)]
Secret = Annotated[SecretStr, Field(min_length=8, max_length=4096)]


class TraitForm(BaseModel):
    """A trait that this source's leads carry: it helps to score and identifies nobody."""

    kind: TraitKind
    allowed: list[Line] | None = Field(default=None, max_length=2000)
    values_max: int = Field(default=100, ge=1, le=10_000)


class Terms(BaseModel):
    """What may be agreed with a source, besides what it is called.

    `field_map` leads from its fields to ours, to `traits.x` or `consent.x`; `fields` lists what is
    taken (null: everything); `defaults` stand where a field is missing. What comes faster than
    `per_second` waits while fewer than `queue_max` wait; beyond, and beyond `per_day`: 429.
    """

    model_config = ConfigDict(extra="forbid")  # a typing error in a contract must not pass unseen

    traits: dict[TraitName, TraitForm] = Field(default_factory=dict, max_length=50)
    redirects: list[Line] = Field(default_factory=list, max_length=20)
    allowed_origins: list[Origin] = Field(default_factory=list, max_length=50)
    honeypot: TraitName = "website"
    cost_per_lead: Cost | None = None
    currency: Currency | None = None
    vendor: Line | None = Field(default=None, examples=["typeform"])
    config: dict[TraitName, Any] = Field(default_factory=dict, max_length=50)
    field_map: dict[Line, Target] = Field(default_factory=dict, max_length=200)
    fields: list[Line] | None = Field(default=None, max_length=200)
    defaults: dict[TraitName, Any] = Field(default_factory=dict, max_length=50)
    per_second: Rate | None = None
    per_day: Quota | None = None
    queue_max: int = Field(default=0, ge=0, le=10_000)


class SourceForm(Terms):
    """A source to be made."""

    name: Line = Field(examples=["Newsletter"])
    owner: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    kind: SourceKind = SourceKind.API
    role: SourceRole = SourceRole.CAMPAIGN
    channel: Channel = Channel.UNKNOWN
    secret: Secret | None = Field(default=None, description="by which its vendor signs")


class SourceChange(BaseModel):
    """What changes of a source; what is not named stays.

    Null takes away what a source may be without, and changes nothing else. `config` is changed
    name by name, and null takes a name away.
    """

    model_config = ConfigDict(extra="forbid")  # as above

    is_active: bool | None = None
    name: Line | None = None
    owner: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] | None = None
    role: SourceRole | None = None
    channel: Channel | None = None
    traits: dict[TraitName, TraitForm] | None = Field(default=None, max_length=50)
    redirects: list[Line] | None = Field(default=None, max_length=20)
    allowed_origins: list[Origin] | None = Field(default=None, max_length=50)
    honeypot: TraitName | None = None
    cost_per_lead: Cost | None = None
    currency: Currency | None = None
    vendor: Line | None = None
    config: dict[TraitName, Any] | None = Field(default=None, max_length=50)
    field_map: dict[Line, Target] | None = Field(default=None, max_length=200)
    fields: list[Line] | None = Field(default=None, max_length=200)
    defaults: dict[TraitName, Any] | None = Field(default=None, max_length=50)
    per_second: Rate | None = None
    per_day: Quota | None = None
    queue_max: Annotated[int, Field(ge=0, le=10_000)] | None = None


class SourceView(BaseModel):
    """A source as it is."""

    source_id: str
    name: str
    kind: SourceKind
    channel: Channel
    is_active: bool
    form_key: str | None
    role: SourceRole
    owner: str
    vendor: str | None
    contract_version: int


class SourceMade(SourceView):
    """A source with its secret key, shown this once (None for a form: its key is public)."""

    api_key: str | None


class ContractView(BaseModel):
    """Everything that is agreed with a source; of secrets only how many are active."""

    name: str
    owner: str
    kind: SourceKind
    role: SourceRole
    channel: Channel
    is_active: bool
    vendor: str | None
    config: dict[str, Any]
    secrets: int
    traits: dict[str, TraitForm]
    redirects: list[str]
    allowed_origins: list[str]
    honeypot: str
    cost_per_lead: Decimal | None
    currency: str | None
    field_map: dict[str, str]
    fields: list[str] | None
    defaults: dict[str, Any]
    per_second: int | None
    per_day: int | None
    queue_max: int


class SourceContract(SourceView):
    """A source with its contract, and the ids of its secrets, newest first."""

    contract: ContractView
    secret_ids: list[str]


class VersionView(BaseModel):
    """What a contract said from a moment on, and who said so."""

    version: int
    who: str
    at: datetime
    contract: ContractView


def view(source: Source) -> dict[str, Any]:
    """What every view of a source shows."""
    return {
        "source_id": source.id,
        "name": source.name,
        "kind": source.kind,
        "channel": source.channel,
        "is_active": source.is_active,
        "form_key": source.form_key,
        "role": source.role,
        "owner": source.owner,
        "vendor": source.vendor,
        "contract_version": source.contract_version,
    }


def contract_view(source: Source) -> SourceContract:
    """A source with its contract."""
    secret_ids = [secret_id(one) for one in source.sealed]
    return SourceContract(
        **view(source),
        contract=ContractView.model_validate(document_of(source)),
        secret_ids=secret_ids,
    )
