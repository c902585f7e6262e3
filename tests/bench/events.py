"""Events to be handled: captured leads, contact cards and qualified prospects, by the thousand."""

from collections.abc import Sequence
from datetime import UTC, datetime

from baton.contracts.envelope import Event, headers_of
from baton.contracts.fact import Fact
from baton.contracts.marketing import ContactCard, LeadCaptured
from baton.contracts.scoring import ProspectQualified
from baton.contracts.topics import EVENT_TYPE_OF, TOPIC_OF
from baton.contracts.vocabulary import Channel, ConsentPurpose, EmailKind, Field, Seniority
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, KafkaSender, Letter

AT_ONCE = 2_000
OfPerson = LeadCaptured | ContactCard | ProspectQualified


def captured(source_id: str) -> LeadCaptured:
    """A lead as intake says it."""
    return LeadCaptured(
        lead_id=new_id(),
        person_id=new_id(),
        source_id=source_id,
        channel=Channel.EMAIL,
        email_kind=EmailKind.BUSINESS,
        seniority=Seniority.DIRECTOR,
        country="GB",
        fields=(Field.EMAIL, Field.NAME, Field.COMPANY, Field.JOB_TITLE, Field.MESSAGE),
        consent=(ConsentPurpose.CONTACT,),
        received_at=_now(),
    )


def qualified(source_id: str) -> ProspectQualified:
    """A prospect as scoring says it."""
    return ProspectQualified(
        prospect_id=new_id(),
        person_id=new_id(),
        lead_id=new_id(),
        receipt_id=new_id(),
        policy_version=1,
        fit=50,
        engagement=30,
        reasons=(),
        source_id=source_id,
        channel=Channel.EMAIL,
        country="GB",
        received_at=_now(),
    )


def card(person_id: str) -> ContactCard:
    """How to reach somebody."""
    return ContactCard(
        person_id=person_id, version=1, given_name="Ada", email=f"{person_id}@crumpet.org"
    )


async def send_all(access: KafkaAccess, facts: Sequence[OfPerson]) -> None:
    """Put them into their topics, as their owners would."""
    sender = KafkaSender(access)
    for start in range(0, len(facts), AT_ONCE):
        letters = [_letter(fact, fact.person_id) for fact in facts[start : start + AT_ONCE]]
        assert all(await sender.send(letters)), "Kafka did not take all"
    await sender.stop()


def _letter(fact: Fact, person_id: str) -> Letter:
    now = _now()
    event = Event(
        id=new_id(),
        type=EVENT_TYPE_OF[type(fact)],
        source="/baton/bench",
        key=person_id,
        subject=person_id,
        data=fact,
        happened_at=now,
        recorded_at=now,
        correlation_id=new_id(),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    value = fact.model_dump_json(exclude_none=True).encode()
    return Letter(TOPIC_OF[type(fact)].name, person_id, value, headers_of(event))


def _now() -> datetime:
    return datetime.now(UTC)
