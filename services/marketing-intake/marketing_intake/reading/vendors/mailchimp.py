"""Mailchimp: one change of an audience a request, as a form whose names have brackets.

Sources: Mailchimp's documentation of webhooks and of their signatures.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose
from marketing_intake.reading.findings import (
    Finding,
    FoundActivity,
    FoundLead,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import known_name, put
from marketing_intake.reading.vendors.form_parts import form_fields, text_of
from marketing_intake.reading.vendors.shape import (
    BadSignature,
    Config,
    Greeting,
    Secrets,
    Vendor,
)
from marketing_intake.reading.vendors.signatures import (
    WINDOW,
    check_age,
    check_any,
    check_key,
    from_hex,
    header_of,
    hmac_sha256,
)
from marketing_intake.reading.vendors.times import utc_text

SIGNATURE: Final = "x-mailchimp-signature"
MERGE: Final = re.compile(r"data\[merges\]\[([^\[\]]+)\]((?:\[[^\[\]]*\])*)")
NAMES: Final = {"FNAME": "given_name", "LNAME": "family_name"}
SIGNATURES_MAX: Final = 10
CHANGES: Final = {
    "unsubscribe": ActivityKind.UNSUBSCRIBED,
    "cleaned": ActivityKind.EMAIL_BOUNCED,
    "profile": ActivityKind.IDENTIFIED,
    "upemail": ActivityKind.IDENTIFIED,
}
DETAILS: Final = ("action", "reason", "campaign_id", "list_id", "old_email", "email_type")


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """`t=…,v1=…` over time, dot and body; webhooks from before that bear a secret in the address.

    `signed` of the configuration takes signed requests only.
    """
    if SIGNATURE not in raw.headers and config.get("signed") is not True:
        check_key(raw, secrets)
        return
    parts = [part.strip().partition("=") for part in header_of(raw, SIGNATURE).split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [from_hex(value) for name, _, value in parts if name == "v1"][:SIGNATURES_MAX]
    if len(times) != 1 or not times[0].isdecimal() or len(times[0]) > 11:
        raise BadSignature("the signature has no time in seconds")
    _check_one(given, secrets, f"{times[0]}.".encode() + raw.body)
    check_age(int(times[0]), now, WINDOW)


def greet(raw: Raw, _secrets: Secrets, _config: Config) -> Greeting | None:
    """The validator asks with GET whether anybody is there, before there is a signing secret."""
    if raw.method not in ("GET", "HEAD"):
        return None
    return Greeting(200, "text/plain; charset=utf-8", b"ready\n", {})


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """A lead for who subscribed; an activity for who left, bounced or changed."""
    form = form_fields(raw)
    kind = text_of(form, "type")
    if kind != "subscribe" and kind not in CHANGES:
        return [Ignored("campaign" if kind == "campaign" else "unknown_event")]
    fields = _fields(form, "data[new_email]" if kind == "upemail" else "data[email]")
    happened = utc_text(text_of(form, "fired_at"), "fired_at")
    key = _key(kind, happened, fields)
    if kind == "subscribe":
        return [FoundLead(fields | {"occurred_at": happened} | _consent(form), key)]
    activity, withdraws = _change(form, kind)
    return [
        FoundActivity(
            activity,
            who=fields,
            key=key,
            occurred_at=happened,
            name=kind,
            withdraws=withdraws,
            details=_details(form),
        )
    ]


def _check_one(given: Sequence[bytes], secrets: Secrets, signed: bytes) -> None:
    """While a secret is rotated, there may be a signature of each."""
    for signature in given[:-1]:
        try:
            check_any(secrets, signature, lambda secret: hmac_sha256(secret, signed))
        except BadSignature:
            continue
        return
    last = given[-1] if given else b""
    check_any(secrets, last, lambda secret: hmac_sha256(secret, signed))


def _fields(form: Mapping[str, bytes], email: str) -> dict[str, object]:
    """Who it is: the merge fields under names of `LeadForm` where they have one."""
    fields: dict[str, object] = {"email": text_of(form, email)}
    if not fields["email"]:
        raise Unreadable(f"{email} must not be empty", email)
    ids = (name for name in ("data[new_id]", "data[id]") if name in form)
    contact = next((text for name in ids if (text := text_of(form, name))), None)
    if contact is not None:
        fields["external_id"] = contact
    for name in form:
        match = MERGE.fullmatch(name)
        if match is not None and known_name(match[1]) != "email":
            inner = match[2].replace("][", "_").strip("[]")
            named = NAMES.get(match[1], match[1]) + (f"_{inner}" if inner else "")
            put(fields, named, text_of(form, name))
    return fields


def _consent(form: Mapping[str, bytes]) -> dict[str, object]:
    """An address from which somebody opted in is what tells a person from an import."""
    opted_in = form.get("data[ip_opt]")
    return {"consent": [ConsentPurpose.MARKETING]} if opted_in else {}


def _change(
    form: Mapping[str, bytes], kind: str
) -> tuple[ActivityKind, tuple[ConsentPurpose, ...]]:
    if kind == "cleaned" and form.get("data[reason]") == b"abuse":
        return ActivityKind.SPAM_REPORTED, (ConsentPurpose.MARKETING,)
    withdraws = (ConsentPurpose.MARKETING,) if kind in ("unsubscribe", "cleaned") else ()
    return CHANGES[kind], withdraws


def _details(form: Mapping[str, bytes]) -> dict[str, object]:
    named = ((name, f"data[{name}]") for name in DETAILS)
    return {name: text_of(form, field) for name, field in named if field in form}


def _key(kind: str, happened: str, fields: Mapping[str, object]) -> str:
    """Mailchimp gives changes no id; one of the same contact in the same second is the same."""
    who = f"{fields.get('external_id')} {fields['email']}"
    return f"{kind} {happened} {sha256(who.encode()).hexdigest()[:32]}"


MAILCHIMP: Final = Vendor(
    name="mailchimp",
    title="Mailchimp",
    version=1,
    verify=verify,
    parse=parse,
    greet=greet,
    greet_methods=("GET", "HEAD"),
)
