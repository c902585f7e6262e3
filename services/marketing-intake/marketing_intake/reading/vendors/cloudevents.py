"""CloudEvents over HTTP: binary, structured and batched, with the handshake of its webhooks.

Sources: the CloudEvents specification 1.0.2, its bindings to HTTP and JSON, its webhooks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final

import orjson

from baton.contracts.vocabulary import ActivityKind
from marketing_intake.reading.findings import Finding, FoundActivity, FoundLead, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.cloudevents_modes import data_of, events_in, is_binary
from marketing_intake.reading.vendors.json_parts import read_each, text_at, text_in
from marketing_intake.reading.vendors.shape import (
    BadSignature,
    Config,
    Greeting,
    Secrets,
    Vendor,
)
from marketing_intake.reading.vendors.shared_secret import check_secret
from marketing_intake.reading.vendors.signatures import equals_any
from marketing_intake.reading.vendors.times import zoned_in

ORIGIN: Final = "webhook-request-origin"
RATE: Final = "webhook-request-rate"
ORIGIN_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
KEY_CHARACTERS_MAX: Final = 200
KINDS: Final = frozenset(ActivityKind)
WHO: Final = (
    *("email", "phone", "external_id", "anonymous_id"),
    *("name", "given_name", "family_name", "company", "job_title"),
)
ABOUT: Final = ("campaign", "message_id", "url", "user_agent", "ip")


def verify(raw: Raw, secrets: Secrets, config: Config, _now: datetime) -> None:
    """A Bearer token in the header or as `access_token` in the address, or another shared secret.

    Where `allowed_origins` are configured, the sender's is one of them.
    """
    if "authorization" not in raw.headers and raw.query.get("access_token"):
        if not equals_any(raw.query["access_token"], secrets):
            raise BadSignature("the access token is not any active secret")
    else:
        check_secret(raw, secrets)
    if _listed(config, "allowed_origins") and not _is_allowed(raw, config):
        raise BadSignature("the origin is not allowed")


def greet(raw: Raw, _secrets: Secrets, config: Config) -> Greeting | None:
    """OPTIONS asks for leave to send; whoever has none is answered without the two headers.

    The handshake is nobody's proof of who they are: it only keeps others from being flooded.
    """
    if raw.method != "OPTIONS":
        return None
    headers = {"Allow": "POST"}
    if _is_allowed(raw, config):
        headers["WebHook-Allowed-Origin"] = raw.headers[ORIGIN]
        headers["WebHook-Allowed-Rate"] = _rate(raw.headers.get(RATE, ""), config)
    return Greeting(200, "text/plain; charset=utf-8", b"", headers)


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """`events` of the configuration maps types to kinds of activity; the types in `leads` are
    leads, and all types where neither is configured. Data have the names of `LeadForm`.
    """
    found = read_each(events_in(raw), partial(_read, config))
    # Headers are a part of a binary event, so that no body alone would read the same.
    return [replace(one, body=None) for one in found] if is_binary(raw) else found


def _read(config: Config, event: Mapping[str, Any]) -> Finding:
    type_, source, id_ = (text_in(event, name) for name in ("type", "source", "id"))
    body = orjson.dumps(event)
    key = _key(source, id_)
    happened = zoned_in(event, "time")
    kind = _kind(config, type_)
    if kind is None and not _is_lead(config, type_):
        return Ignored("unmapped_type", key, body)
    data = data_of(event)
    if kind is None:
        return FoundLead({"occurred_at": happened, **data} if happened else data, key, body)
    about = {name: text_at(data, name) for name in ABOUT}
    return FoundActivity(
        kind,
        who={name: text for name in WHO if (text := text_at(data, name))},
        key=key,
        occurred_at=happened,
        name=text_at(data, "activity") or type_,
        campaign=about["campaign"],
        message_id=about["message_id"],
        url=about["url"],
        user_agent=about["user_agent"],
        ip=about["ip"],
        details={name: value for name, value in data.items() if name not in (*WHO, *ABOUT)},
        body=body,
    )


def _key(source: str, id_: str) -> str:
    """An id is unique within its source only."""
    key = f"{source} {id_}"
    if len(key) <= KEY_CHARACTERS_MAX and key.isprintable():
        return key
    return sha256(key.encode()).hexdigest()


def _kind(config: Config, type_: str) -> ActivityKind | None:
    given = config.get("events")
    kind = given.get(type_) if isinstance(given, Mapping) else None
    return ActivityKind(kind) if isinstance(kind, str) and kind in KINDS else None


def _is_lead(config: Config, type_: str) -> bool:
    if "leads" in config:
        return type_ in _listed(config, "leads")
    return "events" not in config


def _is_allowed(raw: Raw, config: Config) -> bool:
    origin = raw.headers.get(ORIGIN, "")
    if not ORIGIN_NAME.fullmatch(origin):
        return False
    allowed = _listed(config, "allowed_origins")
    return not allowed or origin in allowed


def _rate(asked: str, config: Config) -> str:
    """In requests a minute: what is asked for, up to `rate_per_minute`; `*` is no limit."""
    limit = config.get("rate_per_minute")
    most = limit if isinstance(limit, int) and limit > 0 else None
    if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 9 and int(asked) > 0:
        return str(int(asked) if most is None else min(int(asked), most))
    return "*" if most is None else str(most)


def _listed(config: Config, name: str) -> Sequence[object]:
    value = config.get(name)
    return value if isinstance(value, list | tuple) else ()


CLOUDEVENTS: Final = Vendor(
    name="cloudevents",
    title="CloudEvents",
    version=1,
    verify=verify,
    parse=parse,
    greet=greet,
    greet_methods=("OPTIONS",),
    kept_headers=("ce-",),
)
