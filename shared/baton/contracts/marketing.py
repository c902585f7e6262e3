"""What marketing-intake says, in the order in which it happens; only the card names a person."""

from datetime import date
from decimal import Decimal

from pydantic import Field as Limited

from baton.contracts.fact import Fact, Id, Instant, TraitValue
from baton.contracts.vocabulary import (
    ActivityKind,
    Channel,
    ConsentPurpose,
    Department,
    EmailKind,
    Field,
    Seniority,
    SourceKind,
    SourceRole,
    Suspicion,
)

TRAITS_MAX = 50
CALLS_MAX = 100


class LeadCaptured(Fact):
    """A lead arrived and is durable. `subject` is the lead id, the key is the person id.

    `originator_id` is a rep, or a source that is a person or a partner: who brought it in person.
    Somebody is returning who had bought before.
    """

    lead_id: Id
    person_id: Id
    source_id: Id
    campaign_id: Id | None = None
    channel: Channel = Channel.UNKNOWN
    email_kind: EmailKind = EmailKind.NONE
    seniority: Seniority = Seniority.UNKNOWN
    department: Department = Department.UNKNOWN
    country: str | None = Limited(default=None, pattern="^[A-Z]{2}$")
    company_id: Id | None = None
    call_to_action: Id | None = None
    originator_id: Id | None = None
    is_returning: bool = False
    fields: tuple[Field, ...] = ()
    consent: tuple[ConsentPurpose, ...] = ()
    traits: dict[str, TraitValue] = Limited(default_factory=dict, max_length=TRAITS_MAX)
    is_test: bool = False
    received_at: Instant


class ActivityRecorded(Fact):
    """A person did something, or something happened to a message sent to them.

    `subject` is the activity id, the key is the person id. With a `suspicion` it is held to be a
    machine's: it is said for completeness, and scores nothing.
    """

    activity_id: Id
    person_id: Id
    source_id: Id
    campaign_id: Id | None = None
    channel: Channel = Channel.UNKNOWN
    kind: ActivityKind
    call_to_action: Id | None = None
    traits: dict[str, TraitValue] = Limited(default_factory=dict, max_length=TRAITS_MAX)
    suspicion: Suspicion | None = None
    received_at: Instant


class ActivityRetracted(Fact):
    """An activity did not happen as it was said: a machine's, or recorded by mistake."""

    activity_id: Id
    person_id: Id
    kind: ActivityKind
    suspicion: Suspicion | None = None


class LeadEnriched(Fact):
    """More is known of a lead's person or company than the lead said; it identifies nobody."""

    lead_id: Id
    person_id: Id
    provider: Id
    traits: dict[str, TraitValue] = Limited(default_factory=dict, max_length=TRAITS_MAX)
    company_id: Id | None = None


class PeopleMerged(Fact):
    """Two people are one. Said once under each member's key; an overlay: no row moves."""

    merge_id: Id
    survivor_id: Id
    member_ids: tuple[Id, ...]
    version: int


class PeopleUnmerged(Fact):
    """A merge is taken back: the state is as if it had never been said."""

    merge_id: Id
    member_ids: tuple[Id, ...]
    version: int


class ConsentChanged(Fact):
    """What a person allows now. A later version wins; it overtakes held events."""

    person_id: Id
    granted: tuple[ConsentPurpose, ...]
    version: int


class PersonErased(Fact):
    """A person is to be forgotten by everyone who heard of them."""

    person_id: Id


class ContactCard(Fact):
    """Everything that names or reaches a person. The latest version wins, a tombstone forgets."""

    person_id: Id
    version: int
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    job_title: str | None = None
    country: str | None = None
    message: str | None = None
    page_url: str | None = None
    external_ids: dict[str, str] = Limited(default_factory=dict)


class SourceDescribed(Fact):
    """A source of the catalogue, as it is now."""

    source_id: Id
    name: str
    kind: SourceKind
    channel: Channel
    is_active: bool
    role: SourceRole = SourceRole.CAMPAIGN
    cost_per_lead: Decimal | None = None
    currency: str | None = None


class CampaignDescribed(Fact):
    """A campaign of the catalogue, as it is now; titles of its calls to action by their ids."""

    campaign_id: Id
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    calls_to_action: dict[Id, str] = Limited(default_factory=dict, max_length=CALLS_MAX)
