"""What came, checked and made comparable, before anybody knows whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from baton.contracts.vocabulary import (
    ActivityKind,
    Channel,
    ConsentPurpose,
    Department,
    EmailKind,
    Field,
    LeadState,
    Seniority,
    Suspicion,
)
from marketing_intake.domain.consent import Wording
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.identity_rules import DEFAULT_RULES, MatchRules
from marketing_intake.domain.traits import TraitValue


class Failure(StrEnum):
    """What kind of fault kept a payload from becoming what it was meant to be."""

    FORMAT = "format"  # the bytes are not of the form that they say
    SIGNATURE = "signature"  # it was not from whom it says
    SCHEMA = "schema"  # a field is missing, or of the wrong shape
    MAPPING = "mapping"  # it is well-formed, and what it means is not known
    LIMIT = "limit"  # more, larger or deeper than is taken
    ENRICHMENT = "enrichment"  # what had to be fetched for it could not be


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """A lead that can be taken.

    `card` names or reaches the person and `details` may; neither leaves intake but as the contact
    card. Everything else identifies nobody. `is_own_act` says that the person sent it, and not
    somebody who has them on a list. `enrichers` are the providers to be asked about its company.
    """

    identifiers: tuple[Identifier, ...]
    card: Mapping[str, object]
    details: Mapping[str, object]
    fields: tuple[Field, ...]
    channel: Channel
    email_kind: EmailKind
    seniority: Seniority
    country: str | None
    happened_at: datetime
    department: Department = Department.UNKNOWN
    company_id: str | None = None
    campaign: str | None = None
    call_to_action: str | None = None
    originator: str | None = None
    consent: tuple[ConsentPurpose, ...] = ()
    wording: Wording | None = None
    traits: Mapping[str, TraitValue] = field(default_factory=dict)
    own_state: LeadState = LeadState.CAPTURED
    rules: MatchRules = DEFAULT_RULES
    browser: Identifier | None = None
    is_own_act: bool = True
    enrichers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """An activity that can be recorded; `card`, `details` and `message_id` may name the person."""

    identifiers: tuple[Identifier, ...]
    card: Mapping[str, object]
    details: Mapping[str, object]
    kind: ActivityKind
    happened_at: datetime
    channel: Channel
    campaign: str | None = None
    call_to_action: str | None = None
    message_id: str | None = None
    suspicion: Suspicion | None = None
    traits: Mapping[str, TraitValue] = field(default_factory=dict)
    withdraws: tuple[ConsentPurpose, ...] = ()
    grants: tuple[ConsentPurpose, ...] = ()
    rules: MatchRules = DEFAULT_RULES
    browser: Identifier | None = None


@dataclass(frozen=True, slots=True)
class IgnoredDraft:
    """Nothing to act on, and kept all the same: `reason` is a word, such as `auto_reply`."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReferenceDraft:
    """A lead that its vendor only announced: it has to be fetched by `reference`."""

    vendor: str
    reference: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeletionDraft:
    """The vendor asks that the person of a lead be forgotten; `lead_key` is its key of the lead."""

    lead_key: str


@dataclass(frozen=True, slots=True)
class RefusedDraft:
    """What can't be taken: what kind of fault, in which field, what was expected."""

    kind: str
    field: str | None
    detail: str
    status: int = 422
    failure: Failure = Failure.SCHEMA


Draft = LeadDraft | ActivityDraft | IgnoredDraft | ReferenceDraft | DeletionDraft | RefusedDraft
"""Everything that a payload can turn out to be."""
