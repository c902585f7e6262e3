"""What is published of the contracts is what the code means."""

import json

import jsonschema
import pytest

from baton.contracts.envelope import Event, Unreadable, headers_of, read_event
from baton.contracts.generate import SCHEMAS, published
from baton.contracts.topics import TOPIC_OF, TOPICS, event_type
from support.facts import a_lead_captured, an_event


def test_the_published_files_are_up_to_date() -> None:
    drifted = [
        path.name
        for path, text in published().items()
        if not path.exists() or path.read_text() != text
    ]

    assert drifted == [], "run `make contracts` and look at what changed"


def test_no_file_of_an_event_that_is_no_more_is_left() -> None:
    assert set(SCHEMAS.glob("*.json")) <= published().keys()


def test_every_event_has_one_topic() -> None:
    events = [fact for topic in TOPICS for fact in topic.events]

    assert len(events) == len(set(events)) == len(TOPIC_OF)


def test_a_stray_field_breaks_the_published_schema() -> None:
    fact = a_lead_captured()
    schema = json.loads((SCHEMAS / "LeadCaptured.v1.json").read_text())
    body = json.loads(fact.model_dump_json(exclude_none=True))

    jsonschema.validate(body, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body | {"email": "ada@example.org"}, schema)


def test_an_event_is_read_as_it_was_said() -> None:
    event = an_event(a_lead_captured())

    value = event.data.model_dump_json().encode()

    assert read_event(event.key, value, headers_of(event)) == event


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    event = an_event(a_lead_captured())
    body = json.loads(event.data.model_dump_json()) | {"mood": "sunny"}

    heard = read_event(event.key, json.dumps(body).encode(), headers_of(event))

    assert isinstance(heard, Event)
    assert heard.data == event.data


@pytest.mark.parametrize("header", ["ce_id", "ce_time", "ce_subject", "ce_correlationid"])
def test_an_event_without_an_attribute_is_unreadable_and_says_which(header: str) -> None:
    event = an_event(a_lead_captured())
    headers = {name: value for name, value in headers_of(event).items() if name != header}

    with pytest.raises(Unreadable, match=header):
        read_event(event.key, event.data.model_dump_json().encode(), headers)


def test_an_unreadable_event_does_not_repeat_its_values() -> None:
    event = an_event(a_lead_captured())
    body = json.loads(event.data.model_dump_json()) | {"channel": "ada@example.org"}

    with pytest.raises(Unreadable) as caught:
        read_event(event.key, json.dumps(body).encode(), headers_of(event))

    assert "channel" in str(caught.value)
    assert "ada@" not in str(caught.value)


def test_types_carry_their_version() -> None:
    assert event_type(type(a_lead_captured())) == "io.baton.LeadCaptured.v1"
