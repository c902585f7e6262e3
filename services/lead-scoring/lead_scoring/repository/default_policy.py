"""The policy that a fresh service begins with, until somebody publishes their own."""

from typing import Final

from lead_scoring.repository.documents import PolicyDocument

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
        ],
        "line": {"points": 30, "reachable_by": ["email", "phone"]},
    }
)
"""Fit alone can qualify (a business address and a company), engagement alone can't: somebody who
only writes again and again stays with marketing until they say who they are."""
