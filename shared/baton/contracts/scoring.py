"""What lead-scoring says: where marketing ends and sales begins, with reasons."""

from pydantic import Field as Limited

from baton.contracts.fact import Fact, Id, Instant, TraitValue
from baton.contracts.vocabulary import Channel, EmailKind, OverrideReason, Seniority


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
    band: str | None = None
    probability: float | None = None
    model_version: int | None = None
    source_id: Id
    campaign_id: Id | None = None
    channel: Channel = Channel.UNKNOWN
    email_kind: EmailKind = EmailKind.NONE
    seniority: Seniority = Seniority.UNKNOWN
    country: str | None = None
    traits: dict[str, TraitValue] = Limited(default_factory=dict)
    received_at: Instant


class LeadNurtured(Fact):
    """A lead stays with marketing: what it lacks, and where it stands.

    At `again_at`, if ever, it is looked at again by itself; before that, whenever more is known.
    """

    lead_id: Id
    person_id: Id
    receipt_id: Id
    policy_version: int
    fit: float
    engagement: float
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
    band: str | None = None
    probability: float | None = None
    model_version: int | None = None
    again_at: Instant | None = None


class LeadDisqualified(Fact):
    """A lead will not be pursued: a test, a withdrawn consent, an anti-profile."""

    lead_id: Id
    person_id: Id
    receipt_id: Id
    policy_version: int
    reason: str


class ScoreChanged(Fact):
    """A person moved to another band, by what was heard of them or by time alone.

    A decision about a lead says its band itself. `subject` and the key are the person id.
    """

    person_id: Id
    receipt_id: Id
    policy_version: int
    fit: float
    engagement: float
    reasons: tuple[Reason, ...]
    band: str | None
    band_before: str | None
    probability: float | None = None
    model_version: int | None = None


class ScoreOverridden(Fact):
    """Somebody says what a person's score is, beside what the machine says; None: no more.

    `expires_at` is until when it holds; `subject` and the key are the person id.
    """

    person_id: Id
    points: float | None
    reason: OverrideReason
    expires_at: Instant | None = None


class ProspectWithdrawn(Fact):
    """Evidence that came after the hand-off undid it."""

    prospect_id: Id
    person_id: Id
    reason: str
    lead_id: Id | None = None
    receipt_id: Id | None = None


class PolicyPublished(Fact):
    """The line as it is drawn from now on.

    `publication` only grows, also where an older version holds again (`is_rollback`): whoever has
    heard of a later one knows that this one holds no more.
    """

    version: int
    document: dict[str, object]
    publication: int | None = None
    is_rollback: bool = False
