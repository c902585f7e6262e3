"""What people do, as events, and a policy that asks for it."""

from typing import Any

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.marketing import ActivityRecorded, ActivityRetracted
from baton.contracts.vocabulary import ActivityKind
from baton.ids import new_id
from support.facts import NOON
from support.scoring_desk import at

DEMO: dict[str, Any] = {
    "id": "demo", "group": "engagement", "points": 20, "text": "asked for a demo",
    "activities": ["demo_requested"], "times_max": 2,
}  # fmt: skip
LEFT: dict[str, Any] = {
    "id": "left", "group": "engagement", "points": -30, "text": "unsubscribed",
    "activities": ["unsubscribed"],
}  # fmt: skip
BANDS: dict[str, Any] = {"fit": {"A": 5, "B": 1}, "engagement": {"1": 20, "2": 10}}
HOT: dict[str, Any] = {
    "rules": [DEMO, LEFT, {"id": "all", "group": "fit", "points": 5, "text": "anybody"}],
    "bands": BANDS,
    "line": {"points": 25},
}


def an_activity(
    person_id: str, *, minutes: int = 0, kind: str = "demo_requested", **changes: Any
) -> Event[Fact]:
    """Something that somebody did."""
    values = {
        "activity_id": new_id(), "person_id": person_id, "source_id": new_id(), "kind": kind,
        "received_at": NOON,
    }  # fmt: skip
    return at(minutes, ActivityRecorded.model_validate(values | changes))


def a_retraction(event: Event[Fact], *, minutes: int = 0) -> Event[Fact]:
    """It did not happen."""
    assert isinstance(event.data, ActivityRecorded)
    data = event.data
    gone = ActivityRetracted(
        activity_id=data.activity_id, person_id=data.person_id, kind=ActivityKind(data.kind)
    )
    return at(minutes, gone)
