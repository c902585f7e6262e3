"""Writes what is published of the contracts: a JSON Schema per event, one AsyncAPI 3 document."""

import json
from pathlib import Path
from typing import Any, Final

from baton.contracts.fact import Fact
from baton.contracts.topics import TOPICS, Topic, event_type

FOLDER: Final = Path(__file__).parent
SCHEMAS: Final = FOLDER / "schemas"
ASYNCAPI: Final = FOLDER / "asyncapi.json"
HEARERS: Final = {
    "marketing.leads.v1": ("lead-scoring", "sales-routing"),
    "marketing.contacts.v1": ("sales-routing",),
    "marketing.catalogue.v1": ("sales-routing",),
    "scoring.prospects.v1": ("marketing-intake", "sales-routing"),
    "scoring.policies.v1": (),
    "sales.handoffs.v1": ("marketing-intake", "lead-scoring"),
    "sales.reps.v1": ("marketing-intake",),
}
"""Who hears which topic today; a test compares it with the services' subscriptions."""

HEADERS: Final = {
    "ce_specversion": "CloudEvents version, 1.0",
    "ce_id": "event id; the same when it is said again",
    "ce_type": "type with version",
    "ce_source": "/baton/<service>",
    "ce_subject": "lead, prospect or catalogue id",
    "ce_time": "when it happened in the world",
    "ce_recordedtime": "when Baton recorded it",
    "ce_correlationid": "one story from the first request on",
    "ce_causationid": "the event that caused this one",
    "traceparent": "W3C trace context",
}
OPTIONAL_HEADERS: Final = frozenset({"ce_causationid", "traceparent"})


def published() -> dict[Path, str]:
    """Every published file with what it must hold."""
    files = {
        SCHEMAS / f"{fact.__name__}.v1.json": _text(fact.published_schema())
        for topic in TOPICS
        for fact in topic.events
    }
    return files | {ASYNCAPI: _text(_asyncapi())}


def main() -> None:
    """Write the files, and remove those of events that are no more."""
    SCHEMAS.mkdir(exist_ok=True)
    files = published()
    for stale in set(SCHEMAS.glob("*.json")) - files.keys():
        stale.unlink()
    for path, text in files.items():
        path.write_text(text)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, default=str) + "\n"


def _asyncapi() -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Baton",
            "version": "1.0.0",
            "description": "What the three services say to each other. CloudEvents 1.0, Kafka "
            "binary mode; the key of a person's events is the person id.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {name: body for topic in TOPICS for name, body in _operations(topic)},
        "components": {
            "messages": {fact.__name__: _message(fact) for t in TOPICS for fact in t.events},
            "schemas": {
                fact.__name__: {"$ref": f"schemas/{fact.__name__}.v1.json"}
                for topic in TOPICS
                for fact in topic.events
            },
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    policy = "compact" if topic.is_compacted else "delete"
    return {
        "address": topic.name,
        "description": f"Written by {topic.owner} alone; key: {topic.key}.",
        "messages": {
            fact.__name__: {"$ref": f"#/components/messages/{fact.__name__}"}
            for fact in topic.events
        },
        "bindings": {"kafka": {"topic": topic.name, "topicConfiguration": _settings(policy)}},
    }


def _settings(policy: str) -> dict[str, Any]:
    return {"cleanup.policy": [policy], "retention.ms": -1}


def _message(fact: type[Fact]) -> dict[str, Any]:
    return {
        "name": event_type(fact),
        "summary": (fact.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": sorted(set(HEADERS) - OPTIONAL_HEADERS),
            "properties": {
                name: {"type": "string", "description": text} for name, text in HEADERS.items()
            },
        },
        "payload": {"$ref": f"#/components/schemas/{fact.__name__}"},
        "bindings": {"kafka": {"key": {"type": "string"}}},
    }


def _operations(topic: Topic) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{topic.name.replace('/', '~1')}"}
    says = (f"{topic.owner} says {topic.name}", {"action": "send", "channel": channel})
    hears = [
        (f"{hearer} hears {topic.name}", _heard(hearer, channel)) for hearer in HEARERS[topic.name]
    ]
    return [says, *hears]


def _heard(hearer: str, channel: dict[str, str]) -> dict[str, Any]:
    group = {"type": "string", "enum": [hearer]}
    return {"action": "receive", "channel": channel, "bindings": {"kafka": {"groupId": group}}}


if __name__ == "__main__":
    main()
