"""Segment: what its calls become, of whom they speak, and what makes a lead of a track event."""

from typing import Any

import orjson
import pytest

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    Ignored,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from support.message_documents import EMAIL
from support.message_samples import MESSAGES


def found(config: dict[str, Any] | None = None, **more: Any) -> Finding:
    """What the vendor's sample is read as with some of its members changed."""
    sample = MESSAGES["segment"]
    document = sample.document(1, "Crumpet") | more
    (one,) = VENDORS["segment"].parse(
        sample.raw(document), sample.config if config is None else config
    )
    return one


def activity(config: dict[str, Any] | None = None, **more: Any) -> FoundActivity:
    one = found(config, **more)
    assert isinstance(one, FoundActivity), one
    return one


def ignored(**more: Any) -> str:
    one = found(**more)
    assert isinstance(one, Ignored), one
    return one.reason


def test_segments_track_is_an_activity_of_the_configured_kind_or_a_lead() -> None:
    configured, plain = activity(), activity({})
    lead = found({"leads": ["Quote Asked"]})

    assert configured.kind is ActivityKind.DEMO_REQUESTED
    assert (plain.kind, plain.name) == (ActivityKind.OTHER, "Quote Asked")
    assert plain.who == {"external_id": "user-1", "email": EMAIL, "given_name": "Ada"}
    assert activity({}, event="Trial Started").kind is ActivityKind.TRIAL_STARTED
    assert isinstance(lead, FoundLead)
    assert lead.fields["email"] == EMAIL
    assert (lead.fields["ovens"], lead.fields["firm"]) == (3, "Crumpet")


@pytest.mark.parametrize(
    ("more", "kind", "who"),
    [
        (
            {
                "type": "identify",
                "traits": {"email": "b@oven.example", "company": {"name": "Oven"}, "title": "CEO"},
            },
            ActivityKind.IDENTIFIED,
            {"email": "b@oven.example", "company": "Oven", "job_title": "CEO"},
        ),
        ({"type": "page", "anonymousId": "a1"}, ActivityKind.PAGE_VIEWED, {"anonymous_id": "a1"}),
        ({"type": "screen"}, ActivityKind.PAGE_VIEWED, {}),
        (
            {"type": "group", "traits": {"name": "Oven"}},
            ActivityKind.IDENTIFIED,
            {"company": "Oven"},
        ),
        ({"type": "alias", "previousId": "p1"}, ActivityKind.IDENTIFIED, {"anonymous_id": "p1"}),
    ],
)
def test_segments_other_calls(
    more: dict[str, Any], kind: ActivityKind, who: dict[str, object]
) -> None:
    one = activity(**more)

    assert one.kind is kind
    assert who.items() <= one.who.items()
    assert one.who["external_id"] == "user-1"


def test_segments_deletion_and_unknown_calls() -> None:
    gone = found(type="delete")

    assert isinstance(gone, FoundDeletion)
    assert gone.lead_key == "user-1"
    assert ignored(type="invented") == "unknown_event"


def test_segments_messages_may_come_one_by_one_and_without_an_id() -> None:
    document = MESSAGES["segment"].document(1, "Crumpet")
    del document["messageId"]

    first, second = (VENDORS["segment"].parse(Raw(orjson.dumps(document)), {})[0] for _ in "ab")

    assert isinstance(first, FoundActivity)
    assert first.key
    assert first == second
