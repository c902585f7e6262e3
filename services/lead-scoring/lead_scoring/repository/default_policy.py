"""The policy that a fresh service begins with, until somebody publishes their own."""

from typing import Final

from lead_scoring.repository.documents import PolicyDocument

Rule = dict[str, object]


def _activity(points: float, text: str, *kinds: str, days: float, times_max: int = 1) -> Rule:
    return {
        "id": kinds[0],
        "group": "engagement",
        "points": points,
        "text": text,
        "activities": list(kinds),
        "within_days": days,
        "times_max": times_max,
    }


ACTIVITIES: Final = (
    _activity(20, "asked for a demo", "demo_requested", days=60, times_max=2),
    _activity(20, "booked a meeting", "meeting_booked", days=60),
    _activity(15, "started a trial", "trial_started", days=60),
    _activity(10, "came to an event", "event_attended", "webinar_attended", days=60, times_max=2),
    _activity(10, "answered an e-mail", "email_replied", days=30),
    _activity(5, "downloaded content", "content_downloaded", days=30, times_max=3),
    _activity(2, "clicked in an e-mail", "email_clicked", days=14, times_max=5),
    _activity(-20, "unsubscribed", "unsubscribed", days=365),
    _activity(-40, "reported spam", "spam_reported", days=365),
)
DEFAULT: Final = PolicyDocument.model_validate(
    {
        "name": "Default",
        "fit": {"minimum": -50, "maximum": 100},
        "engagement": {"minimum": 0, "maximum": 50},
        "rules": [
            {
                "id": "business_email",
                "group": "fit",
                "points": 20,
                "text": "a business e-mail address",
                "when": [{"attribute": "email_kind", "any_of": ["business"]}],
            },
            {
                "id": "disposable_email",
                "group": "fit",
                "points": -40,
                "text": "a disposable e-mail address",
                "when": [{"attribute": "email_kind", "any_of": ["disposable"]}],
            },
            {
                "id": "decides",
                "group": "fit",
                "points": 20,
                "text": "owns, leads or directs the company",
                "when": [{"attribute": "seniority", "any_of": ["owner", "executive", "director"]}],
            },
            {
                "id": "manages",
                "group": "fit",
                "points": 10,
                "text": "a manager",
                "when": [{"attribute": "seniority", "any_of": ["manager"]}],
            },
            {
                "id": "gave_phone",
                "group": "fit",
                "points": 10,
                "text": "gave a phone number",
                "when": [{"gave_any_of": ["phone"]}],
            },
            {
                "id": "gave_company",
                "group": "fit",
                "points": 10,
                "text": "named the company",
                "when": [{"gave_any_of": ["company"]}],
            },
            {
                "id": "wrote",
                "group": "engagement",
                "points": 10,
                "text": "wrote a message",
                "when": [{"gave_any_of": ["message"]}],
            },
            {
                "id": "recommended",
                "group": "engagement",
                "points": 10,
                "text": "was referred, or met us at an event or through a partner",
                "when": [{"attribute": "channel", "any_of": ["referral", "event", "partner"]}],
            },
            {
                "id": "came_back",
                "group": "engagement",
                "points": 10,
                "text": "came back",
                "from_lead": 2,
                "to_lead": 4,
            },
            *ACTIVITIES,
        ],
        "bands": {"fit": {"A": 40, "B": 20}, "engagement": {"1": 20, "2": 10}},
        "line": {"points": 30, "reachable_by": ["email", "phone"]},
    }
)
"""Fit alone can qualify (a business address and a company), engagement alone can't: somebody who
only writes again and again stays with marketing until they say who they are."""
