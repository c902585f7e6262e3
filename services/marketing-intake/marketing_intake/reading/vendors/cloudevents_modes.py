"""The three ways in which an HTTP request carries CloudEvents, as one: objects of attributes."""

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.json_parts import parse_json, parse_objects

BATCH: Final = "application/cloudevents-batch+json"
STRUCTURED: Final = "application/cloudevents"
VERSION: Final = "1.0"
REQUIRED: Final = ("id", "source", "type", "specversion")


def is_binary(raw: Raw) -> bool:
    """Whether the attributes are headers, and the body the data alone."""
    return not _type(raw).startswith(STRUCTURED) and "ce-specversion" in raw.headers


def events_in(raw: Raw) -> Sequence[object]:
    """The events of the request, each an object of its attributes and `data`.

    Raises `Unreadable`. JSON that says nothing of its mode is taken for structured.
    """
    if is_binary(raw):
        return [_binary(raw)]
    type_ = _type(raw)
    if type_.startswith(STRUCTURED) and not type_.endswith("+json"):
        raise Unreadable("CloudEvents must be in JSON", "content-type")
    if type_ == BATCH:
        return parse_objects(raw.body)
    event = parse_json(raw.body)
    if not isinstance(event, dict):
        raise Unreadable("the body must be a JSON object")
    return [event]


def data_of(event: Mapping[str, Any]) -> dict[str, object]:
    """The object that an event's data is. Raises `Unreadable`, naming what is missing."""
    if event.get("specversion") != VERSION:
        raise Unreadable(f"specversion must be {VERSION}", "specversion")
    data = event.get("data")
    if data is None and "data_base64" in event:
        data = _from_base64(event["data_base64"])
    if not isinstance(data, dict):
        raise Unreadable("data must be a JSON object", "data")
    return data


def _binary(raw: Raw) -> dict[str, object]:
    event: dict[str, object] = {
        name.removeprefix("ce-"): unquote(value)
        for name, value in raw.headers.items()
        if name.startswith("ce-")
    }
    type_ = _type(raw)
    if type_ and type_ != "application/json" and not type_.endswith("+json"):
        raise Unreadable("data must be JSON", "content-type")
    if not raw.body:
        raise Unreadable("data must be a JSON object", "data")
    return event | {"data": parse_json(raw.body)}


def _from_base64(value: object) -> object:
    try:
        return parse_json(b64decode(value, validate=True)) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        raise Unreadable("data_base64 must be base64", "data_base64") from None


def _type(raw: Raw) -> str:
    return raw.content_type.partition(";")[0].strip().lower()
