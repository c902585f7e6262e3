"""Leads that a vendor only announced: what is asked of its API, and how its answers are judged.

One fetch a vendor, and one line in the table. An answer comes from outside and is nobody's word:
it is read as carefully as a request, and must be of the lead that was asked for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

import structlog

from marketing_intake.domain.draft import Failure, RefusedDraft
from marketing_intake.handlers.submission import Component, Submission, fetched_key
from marketing_intake.reading.drafts import draft_of_unreadable
from marketing_intake.reading.findings import FoundLead, Unreadable
from marketing_intake.reading.submissions import Arrival, refused_arrival, submissions_of
from marketing_intake.reading.vendors import linkedin, meta
from marketing_intake.reading.vendors.json_parts import parse_object
from marketing_intake.reading.vendors.shape import Config

Reference = Mapping[str, str]
META_FIELDS: Final = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,"
    "is_organic,platform,field_data,custom_disclaimer_responses"
)
LINKEDIN_FIELDS: Final = (
    "id,submittedAt,testLead,leadType,versionedLeadGenFormUrn,formResponse,"
    "form:(hiddenFields,creationLocale,name,id,content)"
)
META_RATE_CODES: Final = frozenset({4, 17, 32, 613, 80005})
META_AGAIN_CODES: Final = frozenset({1, 2})
META_TOKEN_CODES: Final = frozenset({10, 102, 190, *range(200, 300)})
PATH_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,100}")
"""What may stand in an address as it is; a reference came from outside, too."""
FAULT: Final = RefusedDraft(
    "fault", None, "our reader of this vendor has failed; replay it once that is mended", 500,
    Failure.FORMAT,
)  # fmt: skip
OTHER: Final = RefusedDraft(
    "invalid", "id", "must be the id of the lead that was asked for", failure=Failure.ENRICHMENT
)

log = structlog.get_logger()


class Verdict(Enum):
    """What an answer means for the one who asked."""

    GOOD = "good"
    AGAIN = "again"  # the vendor is not well
    LATER = "later"  # the vendor is well and wants to be asked less often
    NEVER = "never"  # it will not answer otherwise
    TOKEN = "token"  # noqa: S105 it does not accept the token: a person has to look


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for under the vendor's base address; the token is added by whoever asks."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fetch:
    """How a vendor's leads are fetched.

    `key_of` is the key that the announcement had; raises `Unreadable`, as `question` does. `judge`
    knows better than the status alone what a document says is wrong.
    """

    vendor: str
    title: str
    version: int
    key_of: Callable[[Reference], str]
    question: Callable[[Reference], Question]
    lead_of: Callable[[Mapping[str, Any], Config], FoundLead]
    judge: Callable[[Mapping[str, Any]], Verdict | None] = lambda _document: None

    @property
    def component(self) -> Component:
        """What reads the answer, and reads it again when it is replayed."""
        return Component(f"{self.vendor}-lead", self.version)


def judged(fetch: Fetch, status: int, body: bytes) -> Verdict:
    """What an answer means."""
    try:
        document = parse_object(body)
    except Unreadable:
        # A proxy's page, say: whatever has not the vendor's form is not the vendor's word.
        return Verdict.AGAIN if status == 200 else _by_status(status)
    return fetch.judge(document) or _by_status(status)


def read_fetched(
    fetch: Fetch, arrival: Arrival, config: Config, *, key: str | None = None
) -> Sequence[Submission]:
    """The lead of an answer, as one submission, refused when it can't be read.

    `key` is that of the lead that was asked for; None takes whichever it is (a mended answer).
    """
    arrival = replace(arrival, component=fetch.component)
    found = _found(fetch, arrival.body, config)
    if isinstance(found, FoundLead) and not _is_of(found, key):
        found = OTHER
    if isinstance(found, RefusedDraft):
        return [refused_arrival(found, arrival)]
    return submissions_of([replace(found, key=fetched_key(key or found.key or ""))], arrival)


def _found(fetch: Fetch, body: bytes, config: Config) -> FoundLead | RefusedDraft:
    try:
        return fetch.lead_of(parse_object(body), config)
    except Unreadable as error:
        return draft_of_unreadable(error)
    except Exception as error:  # noqa: BLE001 a fault of ours must not lose what the vendor said
        # Without the traceback: its last line may hold what was said.
        log.error("vendor_reader_failed", vendor=fetch.vendor, error=type(error).__name__)  # noqa: TRY400 as above
        return FAULT


def _is_of(found: FoundLead, key: str | None) -> bool:
    """Notices name a lead by its URN, whose beginning has changed over the years."""
    return key is None or (found.key or "").rpartition(":")[2] == key.rpartition(":")[2]


def _by_status(status: int) -> Verdict:
    match status:
        case 200:
            return Verdict.GOOD
        case 429:
            return Verdict.LATER
        case 401 | 403:
            return Verdict.TOKEN
        case 408 | 425:
            return Verdict.AGAIN
        case _ if 300 <= status < 500:
            return Verdict.NEVER
        case _:
            return Verdict.AGAIN


def _referred(reference: Reference, name: str) -> str:
    text = reference.get(name)
    if not text:
        raise Unreadable(f"the announcement has no {name}", name)
    return text


def _path_id(reference: Reference, name: str) -> str:
    text = _referred(reference, name).rpartition(":")[2]
    if not PATH_ID.fullmatch(text):
        raise Unreadable(f"{name} must be an id of letters and digits", name)
    return text


def _judge_meta(document: Mapping[str, Any]) -> Verdict | None:
    error = document.get("error")
    if not isinstance(error, Mapping):
        return None
    code = error.get("code")
    if code in META_RATE_CODES:
        return Verdict.LATER
    if code in META_AGAIN_CODES or error.get("is_transient") is True:
        return Verdict.AGAIN
    return Verdict.TOKEN if code in META_TOKEN_CODES else Verdict.NEVER


META_LEADS: Final = Fetch(
    vendor=meta.META.name,
    title=meta.META.title,
    version=1,
    key_of=lambda reference: _referred(reference, "leadgen_id"),
    question=lambda reference: Question(
        f"/{_path_id(reference, 'leadgen_id')}", {"fields": META_FIELDS}, {}
    ),
    lead_of=meta.lead_of,
    judge=_judge_meta,
)
LINKEDIN_LEADS: Final = Fetch(
    vendor=linkedin.LINKEDIN.name,
    title=linkedin.LINKEDIN.title,
    version=1,
    key_of=lambda reference: linkedin.lead_urn(_referred(reference, "leadGenFormResponse")),
    question=lambda reference: Question(
        f"/leadFormResponses/{_path_id(reference, 'leadGenFormResponse')}",
        {"fields": LINKEDIN_FIELDS},
        {"x-restli-protocol-version": "2.0.0"},
    ),
    lead_of=linkedin.lead_of,
)

FETCHES: Final[Mapping[str, Fetch]] = {
    fetch.vendor: fetch for fetch in (META_LEADS, LINKEDIN_LEADS)
}
