"""What lead-scoring says: where marketing ends and sales begins, with reasons."""

from pydantic import Field as Limited

from baton.contracts.fact import Fact, Id, Instant, TraitValue
from baton.contracts.vocabulary import Channel, EmailKind, Seniority


class Reason(Fact):
    """One factor of a score: which rule, how many points, in words a rep reads."""

    rule: str
    points: float
    text: str


class ProspectQualified(Fact):
    """A person crossed the line: sales may pursue them.

    Said once per qualified lead. `prospect_id` is the pursuit's id if one has to be opened: sales
    alone knows whether a pursuit of this person is open already, and then the lead joins it.
    `received_at` is when the lead's request was received, so that the whole way can be timed.
    """

    prospect_id: Id
    person_id: Id
    lead_id: Id
    receipt_id: Id
    policy_version: int
    fit: float
    engagement: float
    reasons: tuple[Reason, ...]
    source_id: Id
    campaign_id: Id | None = None
    channel: Channel = Channel.UNKNOWN
    email_kind: EmailKind = EmailKind.NONE
    seniority: Seniority = Seniority.UNKNOWN
    country: str | None = None
    traits: dict[str, TraitValue] = Limited(default_factory=dict)
    received_at: Instant


class LeadNurtured(Fact):
    """A lead stays with marketing: what it lacks, and where it stands."""

    lead_id: Id
    person_id: Id
    receipt_id: Id
    policy_version: int
    fit: float
    engagement: float
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...] = ()


class LeadDisqualified(Fact):
    """A lead will not be pursued: a test, a withdrawn consent, an anti-profile."""

    lead_id: Id
    person_id: Id
    receipt_id: Id
    policy_version: int
    reason: str


class ProspectWithdrawn(Fact):
    """Evidence that came after the hand-off undid it."""

    prospect_id: Id
    person_id: Id
    reason: str


class PolicyPublished(Fact):
    """The line as it is drawn from now on. A score never goes back to an older version."""

    version: int
    document: dict[str, object]
