"""Who a Segment message is about, and what it says of them, under the names of `LeadForm`."""

from collections.abc import Mapping
from typing import Any, Final

from marketing_intake.reading.vendors.answers import as_text, put, put_known
from marketing_intake.reading.vendors.json_parts import text_at

CAMPAIGN: Final = {
    "name": "utm_campaign",
    "source": "utm_source",
    "medium": "utm_medium",
    "term": "utm_term",
    "content": "utm_content",
}
TITLE: Final = "title"
PERSON: Final = ("email", "phone", "name", "given_name", "family_name", "company", "job_title")


def who(message: Mapping[str, Any], call: str) -> dict[str, object]:
    """`external_id` and `anonymous_id`, and what the traits tell of the person.

    An alias says who somebody was before; a group's traits tell of the company. Empty when the
    message is about nobody.
    """
    found = _ids(message, call)
    if not found:
        return {}
    if call == "group":
        put_known(found, "company", inner(message, "traits").get("name"))
        return found
    told: dict[str, object] = {}
    for traits in _traits(message):
        _put_traits(told, traits)
    return found | {name: told[name] for name in PERSON if name in told}


def lead_fields(message: Mapping[str, Any]) -> dict[str, object]:
    """Everything that the message tells of a lead; what has no name of ours is kept as it is."""
    fields = _ids(message, "track")
    context = inner(message, "context")
    for traits in (inner(message, "properties"), *_traits(message)):
        _put_traits(fields, traits)
    for name, ours in CAMPAIGN.items():
        put_known(fields, ours, inner(context, "campaign").get(name))
    put_known(fields, "page_url", inner(context, "page").get("url"))
    put_known(fields, "referrer", inner(context, "page").get("referrer"))
    return fields


def campaign_of(context: Mapping[str, Any]) -> str | None:
    """The campaign's name, as the address of the first page had it."""
    return text_at(inner(context, "campaign"), "name")


def inner(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name; empty when there is none."""
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def _ids(message: Mapping[str, Any], call: str) -> dict[str, object]:
    previous = "previousId" if call == "alias" else "anonymousId"
    named = (("external_id", "userId"), ("anonymous_id", previous))
    return {ours: text for ours, name in named if (text := as_text(message.get(name)))}


def _traits(message: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return inner(message, "traits"), inner(inner(message, "context"), "traits")


def _put_traits(fields: dict[str, object], traits: Mapping[str, Any]) -> None:
    for name, value in traits.items():
        match name, value:
            case "company", {"name": company}:
                put(fields, "company", company)
            case "address", {"country": country}:
                put(fields, "country", country)
            case "title", str():
                put(fields, "job_title", value)
            case (("timestamp" | "createdAt"), _):
                continue
            case _:
                put(fields, name, value)
