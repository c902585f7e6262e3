"""From what a body turned out to hold to what can be captured: every finding becomes one draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never

import orjson

from marketing_intake.domain.browsers import browser_of
from marketing_intake.domain.draft import (
    ActivityDraft,
    DeletionDraft,
    Draft,
    Failure,
    IgnoredDraft,
    LeadDraft,
    ReferenceDraft,
    RefusedDraft,
)
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import BadTrait, TraitValue, declared_only
from marketing_intake.reading import storing
from marketing_intake.reading.findings import (
    Broken,
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    FoundReference,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.json_lead import SKEW_MAX, read_fields

ANONYMOUS: Final = "anonymous_id"
DETAIL_BYTES_MAX: Final = 32 * 1024
ASIDE: Final = ("name", "url", "user_agent", "ip")
"""What of an activity is kept with it, and travels nowhere."""


def draft_of_finding(finding: Finding, source: Source, now: datetime, region: str) -> Draft:
    """What is captured of a finding of this source."""
    match finding:
        case FoundLead():
            return _lead(finding, source, now, region)
        case FoundActivity():
            return _activity(finding, source, now, region)
        case FoundReference(reference):
            return ReferenceDraft(source.vendor or "", reference)
        case FoundDeletion(lead_key):
            return DeletionDraft(lead_key)
        case Ignored(reason):
            return IgnoredDraft(reason)
        case Broken(detail, field):
            # A field that is named is of the wrong shape; an item of which none is, is of a kind
            # that nobody has told us how to read.
            failure = Failure.MAPPING if field is None else Failure.SCHEMA
            return RefusedDraft("invalid", field, detail, failure=failure)
        case _:
            assert_never(finding)


def draft_of_unreadable(error: Unreadable) -> RefusedDraft:
    """The whole body as refused."""
    return RefusedDraft("malformed", error.field, error.detail, 400, Failure.FORMAT)


def _lead(
    finding: FoundLead, source: Source, now: datetime, region: str
) -> LeadDraft | RefusedDraft:
    fault = storing.fault_in(finding.fields)
    if fault is not None:
        return RefusedDraft("invalid", None, f"a field {fault}")
    draft = read_fields(finding.fields, source, now, region)
    if isinstance(draft, RefusedDraft) and draft.field not in finding.fields:
        # Whatever is missing may have come under a name that the contract does not map yet.
        return RefusedDraft(draft.kind, draft.field, draft.detail, draft.status, Failure.MAPPING)
    return draft


def _activity(
    finding: FoundActivity, source: Source, now: datetime, region: str
) -> ActivityDraft | RefusedDraft:
    happened_at = _moment(finding.occurred_at, now)
    if isinstance(happened_at, RefusedDraft):
        return happened_at
    who = _who(finding.who, source, now, region)
    if isinstance(who, RefusedDraft):
        return who
    lead = who if isinstance(who, LeadDraft) else None
    details = _details(finding)
    if isinstance(details, RefusedDraft):
        return details
    traits = _traits(finding, source, lead)
    if isinstance(traits, RefusedDraft):
        return traits
    return ActivityDraft(
        identifiers=() if lead is None else lead.identifiers,
        card={} if lead is None else lead.card,
        details=details,
        kind=finding.kind,
        happened_at=happened_at,
        channel=source.channel if lead is None else lead.channel,
        campaign=finding.campaign or (None if lead is None else lead.campaign),
        call_to_action=finding.call_to_action or (None if lead is None else lead.call_to_action),
        message_id=finding.message_id,
        suspicion=finding.suspicion,
        traits=traits,
        withdraws=finding.withdraws,
        grants=finding.grants,
        rules=source.rules,
        browser=who.browser if isinstance(who, LeadDraft) else who,
    )


def _moment(text: str | None, now: datetime) -> datetime | RefusedDraft:
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return RefusedDraft("invalid", "occurred_at", "must be a time as RFC 3339 has it")
    if moment.tzinfo is None:
        return RefusedDraft("invalid", "occurred_at", "must have a time zone")
    if moment > now + SKEW_MAX:
        return RefusedDraft("invalid", "occurred_at", "must not be in the future")
    return moment


def _who(
    fields: Mapping[str, object], source: Source, now: datetime, region: str
) -> LeadDraft | Identifier | RefusedDraft:
    """Who it was: as a lead says it, or nothing but the browser that they sat at."""
    fault = storing.fault_in(fields)
    if fault is not None:
        return RefusedDraft("invalid", None, f"a field {fault}")
    lead = read_fields(fields, source, now, region)
    anonymous = fields.get(ANONYMOUS)
    if not isinstance(lead, RefusedDraft) or not isinstance(anonymous, str):
        return lead
    # Nothing but the anonymous id says who: that is enough, unless what was said is wrong.
    is_wrong = lead.field is None or fields.get(lead.field) not in (None, "")
    browser = browser_of(source.id, anonymous.strip())
    return lead if is_wrong or browser is None else browser


def _details(finding: FoundActivity) -> dict[str, object] | RefusedDraft:
    given = {name: getattr(finding, name) for name in ASIDE}
    details = {name: value for name, value in given.items() if value is not None}
    details |= finding.details
    fault = storing.fault_in({**details, "message_id": finding.message_id})
    if fault is not None:
        return RefusedDraft("invalid", "details", f"details {fault}")
    if len(orjson.dumps(details, default=str)) > DETAIL_BYTES_MAX:
        expected = f"may have {DETAIL_BYTES_MAX} bytes"
        return RefusedDraft("too-large", "details", expected, 413, Failure.LIMIT)
    return details


def _traits(
    finding: FoundActivity, source: Source, lead: LeadDraft | None
) -> dict[str, TraitValue] | RefusedDraft:
    """What the activity says of the declared traits, and before that what its person's card did."""
    found = declared_only(finding.details, source.declared)
    if isinstance(found, BadTrait):
        return RefusedDraft("invalid", f"details/{found.name}", found.expected)
    return found if lead is None else {**lead.traits, **found}


__all__ = ["ANONYMOUS", "draft_of_finding", "draft_of_unreadable"]
