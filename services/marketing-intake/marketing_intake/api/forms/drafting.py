"""From a form's fields to a draft: what only forms may say, and what they may not."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from marketing_intake.api.forms.body import Sent
from marketing_intake.api.forms.captchas import RESPONSE_FIELDS
from marketing_intake.domain.consent import Wording
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.form import Form
from marketing_intake.reading import storing
from marketing_intake.reading.json_lead import read_fields

TOKEN_FIELD: Final = "_token"  # noqa: S105 no password
REDIRECT_FIELDS: Final = ("redirect", "_next")
NOT_OF_A_FORM: Final = ("is_test", "occurred_at")
"""A public key says neither when something happened nor that it does not count."""
RESERVED: Final = frozenset(
    {TOKEN_FIELD, *REDIRECT_FIELDS, *NOT_OF_A_FORM, *RESPONSE_FIELDS.values()}
)
UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS: Final = ("gclid", "gbraid", "wbraid", "fbclid", "fbc", "fbp", "msclkid", "li_fat_id")
PAGES: Final = ("referrer", "landing_page")
WORD_MAX, CLICK_MAX, URL_MAX = 200, 500, 2000
TRACKING: Final = {
    **dict.fromkeys(UTM, WORD_MAX),
    **dict.fromkeys(CLICK_IDS, CLICK_MAX),
    **dict.fromkeys((*PAGES, "page_url"), URL_MAX),
    **dict.fromkeys((f"last_{name}" for name in UTM), WORD_MAX),
    **dict.fromkeys((f"last_{name}" for name in CLICK_IDS), CLICK_MAX),
    **dict.fromkeys((f"last_{name}" for name in PAGES), URL_MAX),
    "anonymous_id": 100,
}
"""What the embedded script adds; nobody who fills in a form can mend it, so it is cut to fit."""
KEPT_BESIDES: Final = (
    *("gbraid", "wbraid", "fbc", "fbp", "anonymous_id"),
    *(name for name in TRACKING if name.startswith("last_")),
)
"""What leads of other doors do not have, and the details of a form's lead do."""


def draft_of(
    sent: Sent, fields: Mapping[str, Any], form: Form, *, now: datetime, region: str
) -> LeadDraft | RefusedDraft:
    """The lead of a form's fields."""
    honeypot = form.source.honeypot
    own = {
        name: _fitting(name, value)
        for name, value in fields.items()
        if name not in RESERVED and name != honeypot
    }
    fault = storing.fault_in(own)
    if fault is not None and sent.is_by_script:
        return RefusedDraft("invalid", None, f"a field {fault}")
    draft = read_fields(own, form.source, now, region)
    if isinstance(draft, RefusedDraft):
        return draft
    taken = None if form.source.shaping is None else form.source.shaping.taken
    besides = {
        name: own[name]
        for name in KEPT_BESIDES
        if isinstance(own.get(name), str) and (taken is None or name in taken)
    }
    draft = replace(draft, details={**draft.details, **besides})
    return draft if draft.wording is not None else replace(draft, wording=_wording(draft, form))


def _wording(draft: LeadDraft, form: Form) -> Wording | None:
    """The sentences beside the boxes that were ticked, a line each, as the form's rules have them.

    A page of one's own says its sentence by `consent_text`, or is known by the contract's version.
    """
    read = [box.text for box in form.rules.consent if box.purpose in draft.consent]
    return Wording(hashlib.sha256("\n".join(read).encode()).hexdigest()) if read else None


def _fitting(name: str, value: object) -> object:
    most = TRACKING.get(name)
    if most is None or not isinstance(value, str):
        return value
    return value[:most]
