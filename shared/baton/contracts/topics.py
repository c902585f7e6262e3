"""Which topic carries which event; the only place that spells a topic."""

from dataclasses import dataclass
from typing import Final

from baton.contracts.fact import Fact
from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    CampaignDescribed,
    ConsentChanged,
    ContactCard,
    LeadCaptured,
    LeadEnriched,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
    SourceDescribed,
)
from baton.contracts.sales import (
    DealClosed,
    DealProgressed,
    LeadJoined,
    OfferExpired,
    OutcomeCorrected,
    ProspectAccepted,
    ProspectDeclined,
    ProspectOffered,
    ProspectUnassigned,
    RepDescribed,
)
from baton.contracts.scoring import (
    LeadDisqualified,
    LeadNurtured,
    PolicyPublished,
    ProspectQualified,
    ProspectWithdrawn,
    ScoreChanged,
    ScoreOverridden,
)

TYPE_PREFIX: Final = "io.baton."


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic: who alone writes to it, what its key is, and which events it carries.

    A compacted topic holds the present (latest value per key, a tombstone forgets); the others
    hold facts and are kept for ever, because they are what decisions are replayed from.
    """

    name: str
    owner: str
    key: str
    events: tuple[type[Fact], ...]
    is_compacted: bool = False


LEADS: Final = Topic(
    name="marketing.leads.v1",
    owner="marketing-intake",
    key="person id",
    events=(
        LeadCaptured,
        ActivityRecorded,
        LeadEnriched,
        ActivityRetracted,
        PeopleMerged,
        PeopleUnmerged,
        ConsentChanged,
        PersonErased,
    ),
)
CONTACTS: Final = Topic(
    name="marketing.contacts.v1",
    owner="marketing-intake",
    key="person id",
    events=(ContactCard,),
    is_compacted=True,
)
CATALOGUE: Final = Topic(
    name="marketing.catalogue.v1",
    owner="marketing-intake",
    key="source or campaign id",
    events=(SourceDescribed, CampaignDescribed),
    is_compacted=True,
)
PROSPECTS: Final = Topic(
    name="scoring.prospects.v1",
    owner="lead-scoring",
    key="person id",
    events=(
        ProspectQualified,
        LeadNurtured,
        LeadDisqualified,
        ScoreChanged,
        ScoreOverridden,
        ProspectWithdrawn,
    ),
)
POLICIES: Final = Topic(
    name="scoring.policies.v1",
    owner="lead-scoring",
    key="policy",
    events=(PolicyPublished,),
    is_compacted=True,
)
HANDOFFS: Final = Topic(
    name="sales.handoffs.v1",
    owner="sales-routing",
    key="person id",
    events=(
        ProspectOffered,
        ProspectAccepted,
        ProspectDeclined,
        OfferExpired,
        ProspectUnassigned,
        LeadJoined,
        DealProgressed,
        DealClosed,
        OutcomeCorrected,
    ),
)
REPS: Final = Topic(
    name="sales.reps.v1",
    owner="sales-routing",
    key="rep id",
    events=(RepDescribed,),
    is_compacted=True,
)

TOPICS: Final = (LEADS, CONTACTS, CATALOGUE, PROSPECTS, POLICIES, HANDOFFS, REPS)


def event_type(fact: type[Fact]) -> str:
    """The CloudEvents type of a fact, e.g. `io.baton.LeadCaptured.v1`."""
    return f"{TYPE_PREFIX}{fact.__name__}.v1"


TOPIC_OF: Final = {fact: topic for topic in TOPICS for fact in topic.events}
FACT_OF: Final = {event_type(fact): fact for fact in TOPIC_OF}
EVENT_TYPE_OF: Final = {fact: event_type(fact) for fact in TOPIC_OF}
