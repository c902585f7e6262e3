"""What Meta's Graph API and LinkedIn's lead form responses answer with, made up here."""

from typing import Any, Final

META_ANSWER: Final[dict[str, Any]] = {
    "id": "5551",
    "created_time": "2026-03-02T09:29:14+0000",
    "form_id": "31",
    "ad_id": "9",
    "ad_name": "Warm ovens",
    "campaign_id": "120210000000000001",
    "campaign_name": "Spring",
    "is_organic": False,
    "platform": "fb",
    "field_data": [
        {"name": "full_name", "values": ["Ada Oven"]},
        {"name": "email", "values": ["ada@crumpet.example"]},
        {"name": "phone_number", "values": ["+442079460000"]},
        {"name": "country", "values": ["United Kingdom"]},
        {"name": "which_ovens", "values": ["deck", "rack"]},
    ],
    "custom_disclaimer_responses": [
        {"checkbox_key": "call_me", "is_checked": "1"},
        {"checkbox_key": "newsletter", "is_checked": ""},
    ],
}

LINKEDIN_ANSWER: Final[dict[str, Any]] = {
    "id": "abc-1",
    "submittedAt": 1772443754000,
    "testLead": False,
    "leadType": "SPONSORED",
    "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:31,1)",
    "formResponse": {
        "answers": [
            {"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": "Ada"}}},
            {"questionId": 2, "answerDetails": {"textQuestionAnswer": {"answer": "a@b.example"}}},
            {"questionId": 3, "answerDetails": {"multipleChoiceAnswer": {"options": [0, 2]}}},
        ],
        "consentResponses": [{"consentId": 8, "accepted": True}],
    },
    "form": {
        "hiddenFields": [{"name": "utm_source", "value": "linkedin"}],
        "content": {
            "questions": [
                {"questionId": 1, "predefinedField": "FIRST_NAME"},
                {"questionId": 2, "predefinedField": "EMAIL"},
                {"questionId": 3, "name": "Which ovens?"},
            ]
        },
    },
}
