"""Webflow: one form submission a request, signed over time and body; fields have the form's names.

Source: Webflow's developer documentation of webhooks.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from marketing_intake.reading.findings import Finding, FoundLead, Ignored
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import known_name, put, put_known, put_texts
from marketing_intake.reading.vendors.json_parts import id_in, object_in, parse_object
from marketing_intake.reading.vendors.shape import Config, Secrets, Vendor
from marketing_intake.reading.vendors.signatures import (
    check_age_in_milliseconds,
    check_any,
    check_key,
    from_hex,
    header_of,
    hmac_sha256,
)

SIGNATURE: Final = "x-webflow-signature"
TIMESTAMP: Final = "x-webflow-timestamp"
NUMBERED: Final = re.compile(r"[ -]\d{1,3}$")
"""What Webflow adds to a field's name that the form has already: the second field is `Email 2`."""
FURTHER: Final = {
    "formId": "form_id",
    "name": "form_name",
    "siteId": "site_id",
    "pageId": "page_id",
}


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """The HMAC in hexadecimal of `timestamp:body`, at most five minutes old.

    Webhooks that were made on Webflow's pages are not signed: for them, when `allow_unsigned` is
    configured, the address bears a secret as the parameter `key`.
    """
    if SIGNATURE not in raw.headers and config.get("allow_unsigned") is True:
        check_key(raw, secrets)
        return
    signature = from_hex(header_of(raw, SIGNATURE))
    sent_at = header_of(raw, TIMESTAMP)
    check_age_in_milliseconds(sent_at, now)
    signed = b"%b:%b" % (sent_at.encode(), raw.body)
    check_any(secrets, signature, lambda secret: hmac_sha256(secret, signed))


def parse(raw: Raw, _config: Config) -> Sequence[Finding]:
    """One lead, under the submission's id; an answer is a field under its name in the form."""
    document = parse_object(raw.body)
    if document.get("triggerType") != "form_submission":
        return [Ignored("not_a_form_submission")]
    payload = object_in(document, "payload")
    key = id_in(payload, "_id" if "_id" in payload else "id")
    fields: dict[str, object] = {"occurred_at": payload.get("submittedAt")}
    put_texts(fields, payload, FURTHER)
    for name, answer in object_in(payload, "data").items():
        _add(fields, name, answer)
    return [FoundLead(fields, key=key)]


def _add(fields: dict[str, object], name: str, answer: object) -> None:
    known = known_name(NUMBERED.sub("", name))
    if known is None or not put_known(fields, known, answer):
        put(fields, name, answer)


WEBFLOW: Final = Vendor(name="webflow", title="Webflow", version=1, verify=verify, parse=parse)
