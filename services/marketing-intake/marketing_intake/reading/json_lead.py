"""How what a tool sends becomes a draft or a refusal; the form checks shapes, this room values."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from baton.contracts.vocabulary import Field, LeadState
from baton.http.problems import field_errors
from marketing_intake.domain import identity
from marketing_intake.domain.browsers import browser_of
from marketing_intake.domain.company import company_id_of, size_band
from marketing_intake.domain.consent import Wording
from marketing_intake.domain.contract import shaped
from marketing_intake.domain.department import department
from marketing_intake.domain.draft import Failure, LeadDraft, RefusedDraft
from marketing_intake.domain.enrichment import asked_about
from marketing_intake.domain.seniority import seniority
from marketing_intake.domain.source import Source
from marketing_intake.domain.suppression import speaks_for_the_person
from marketing_intake.domain.traits import BadTrait, TraitValue, declared_only
from marketing_intake.reading import storing
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.normalising import (
    country_of_phone,
    normalised_email,
    normalised_phone,
)

SKEW_MAX: Final = timedelta(minutes=5)
FURTHER_FIELDS_MAX: Final = 100
LEAD_BYTES_MAX: Final = 256 * 1024
FORM: Final = TypeAdapter(LeadForm)
NAMES: Final = frozenset(LeadForm.model_fields)
SIZE: Final = "company_size"
SIZE_FIELDS: Final = (SIZE, "employees", "number_of_employees", "numberofemployees")
"""Further fields that are read as the size of the company; the trait is its band."""
CARD_FIELDS: Final = ("given_name", "family_name", "company", "job_title", "message", "page_url")
GIVEN_FIELDS: Final = tuple(
    (field.value, field)
    for field in (
        *(Field.EMAIL, Field.EXTERNAL_ID, Field.COMPANY),
        *(Field.JOB_TITLE, Field.COUNTRY, Field.MESSAGE),
    )
)
MALFORMED: Final = RefusedDraft(
    "malformed", None, "the body must be a valid JSON object", 400, Failure.FORMAT
)
DETAIL_FIELDS: Final = (
    "name", "message", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "call_to_action", "originator", "referred_by", "gclid", "fbclid", "msclkid", "li_fat_id",
    "page_url", "referrer", "landing_page",
)  # fmt: skip


def read_json(body: bytes, source: Source, now: datetime, region: str) -> LeadDraft | RefusedDraft:
    """A lead from a JSON object's bytes."""
    if len(body) > LEAD_BYTES_MAX:
        detail = f"a lead may have {LEAD_BYTES_MAX} bytes"
        return RefusedDraft("too-large", None, detail, 413, Failure.LIMIT)
    if source.shaping is not None:
        return _read_shaped(body, source, now, region)
    try:
        form = FORM.validate_json(body)
    except ValidationError as error:
        return refusal_of(error)
    if body.count(b"{") + body.count(b"[") > storing.NESTING_MAX:
        too_deep = storing.fault_in(form.model_extra)
        if too_deep is not None:
            return RefusedDraft("invalid", None, f"a further field {too_deep}")
    if b"\\u0000" in body or b"\0" in body:
        unstorable = _unstorable(form)
        if unstorable is not None:
            return unstorable
    return draft_of(form, source, now, region)


def read_fields(
    fields: Mapping[str, Any], source: Source, now: datetime, region: str
) -> LeadDraft | RefusedDraft:
    """A lead from fields, shaped as the contract with their source has it."""
    agreed = dict(fields) if source.shaping is None else shaped(source.shaping, fields)
    try:
        form = FORM.validate_python(agreed)
    except ValidationError as error:
        return refusal_of(error)
    return _unstorable(form) or draft_of(form, source, now, region)


def _read_shaped(
    body: bytes, source: Source, now: datetime, region: str
) -> LeadDraft | RefusedDraft:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return MALFORMED
    if not isinstance(fields, dict):
        return MALFORMED
    fault = storing.fault_in(fields)
    if fault is not None:
        return RefusedDraft("invalid", None, f"a field {fault}")
    return read_fields(fields, source, now, region)


def refusal_of(error: ValidationError) -> RefusedDraft:
    """Pydantic's first error, as the field and what was expected of it."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return MALFORMED
    first = field_errors(faults)[0]
    return RefusedDraft("invalid", first["pointer"].removeprefix("#/") or None, first["detail"])


def draft_of(
    form: LeadForm, source: Source, now: datetime, region: str
) -> LeadDraft | RefusedDraft:
    """Check what a shape can't say, and make identifiers comparable."""
    email = normalised_email(form.email) if form.email else None
    if form.email and email is None:
        return RefusedDraft("invalid", "email", "must be an e-mail address")
    phone = normalised_phone(form.phone, form.country or region, region) if form.phone else None
    fault = _fault(form, now, has_identifier=bool(email or phone or form.external_id))
    if fault is not None:
        return fault
    traits = declared_only(form.traits or {}, source.declared)
    if isinstance(traits, BadTrait):
        return RefusedDraft("invalid", f"traits/{traits.name}", traits.expected)
    card = _card(form, source, email, phone)
    return LeadDraft(
        identifiers=identity.identifiers_of(card, source.rules),
        card=card,
        details=_details(form),
        fields=_fields(form, has_phone=phone is not None),
        channel=form.channel or source.channel,
        email_kind=identity.email_kind(email),
        seniority=seniority(form.job_title),
        department=department(form.job_title),
        company_id=company_id_of(email, form.company, source.rules.pepper),
        country=form.country or (country_of_phone(phone) if phone else None),
        happened_at=form.occurred_at or now,
        campaign=form.campaign or form.utm_campaign or None,
        call_to_action=form.call_to_action or None,
        originator=(form.originator or "").lower() or None,
        consent=tuple(form.consent or ()),
        wording=_wording(form) if form.consent else None,
        traits=_with_size(traits, form),
        browser=browser_of(source.id, form.anonymous_id) if form.anonymous_id else None,
        own_state=LeadState.TEST if form.is_test else LeadState.CAPTURED,
        rules=source.rules,
        is_own_act=speaks_for_the_person(source),
        enrichers=source.enrichers if source.enrichers and asked_about(email) else (),
    )


def _with_size(traits: dict[str, TraitValue], form: LeadForm) -> dict[str, TraitValue]:
    """The traits, and the band of the company's size where a field says how large it is."""
    if not form.model_extra or SIZE in traits:
        return traits
    given = (form.model_extra[name] for name in SIZE_FIELDS if name in form.model_extra)
    band = size_band(next(given, None))
    return traits if band is None else {**traits, SIZE: band}


def _wording(form: LeadForm) -> Wording | None:
    if form.consent_text is None and form.consent_text_version is None:
        return None
    text = form.consent_text
    if text is None:
        return Wording(None, form.consent_text_version)
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return Wording(digest, form.consent_text_version)


def _fault(form: LeadForm, now: datetime, *, has_identifier: bool) -> RefusedDraft | None:
    if not has_identifier:
        expected = (
            "must be a phone number" if form.phone else "email, phone or external_id is needed"
        )
        return RefusedDraft("invalid", "phone" if form.phone else "email", expected)
    if form.occurred_at is not None:
        if form.occurred_at.tzinfo is None:
            return RefusedDraft("invalid", "occurred_at", "must have a time zone")
        if form.occurred_at > now + SKEW_MAX:
            return RefusedDraft("invalid", "occurred_at", "must not be in the future")
    if form.model_extra and len(form.model_extra) > FURTHER_FIELDS_MAX:
        return RefusedDraft(
            "invalid", None, f"there may be at most {FURTHER_FIELDS_MAX} further fields"
        )
    return None


def _card(
    form: LeadForm, source: Source, email: str | None, phone: str | None
) -> dict[str, object]:
    given = form.__dict__
    card = {name: given[name] for name in CARD_FIELDS if given[name] is not None}
    if form.name and not form.given_name and not form.family_name:
        first, _, family = form.name.partition(" ")
        card |= {"given_name": first} | ({"family_name": family} if family else {})
    for name, value in (("email", email), ("phone", phone), ("country", form.country)):
        if value is not None:
            card[name] = value
    if form.external_id:
        card["external_ids"] = {source.id: form.external_id}
    return card


def _details(form: LeadForm) -> dict[str, object]:
    given = form.__dict__
    details = {name: given[name] for name in DETAIL_FIELDS if given[name] is not None}
    if form.phone:
        details["phone_as_given"] = form.phone
    return details


def _fields(form: LeadForm, *, has_phone: bool) -> tuple[Field, ...]:
    given = form.__dict__
    fields = [field for name, field in GIVEN_FIELDS if given[name]]
    if form.name or form.given_name or form.family_name:
        fields.append(Field.NAME)
    if has_phone:
        fields.append(Field.PHONE)
    return tuple(fields)


def _unstorable(form: LeadForm) -> RefusedDraft | None:
    given = {**form.__dict__, **(form.model_extra or {})}
    for name, value in given.items():
        if value is None and name in NAMES:
            continue  # as most are; looking into each would take most of the time
        fault = storing.fault_in({name: value})
        if fault is not None:
            shown = name if name in NAMES else None
            return RefusedDraft("invalid", shown, f"{shown or 'a further field'} {fault}")
    return None
