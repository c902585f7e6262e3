"""A verified request of a vendor becomes submissions, whatever it holds; so does a kept one."""

from collections.abc import Sequence
from typing import Final

import structlog

from marketing_intake.domain.draft import Failure, RefusedDraft
from marketing_intake.handlers.submission import Submission
from marketing_intake.reading.drafts import draft_of_unreadable
from marketing_intake.reading.findings import Finding, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.submissions import Arrival, refused_arrival, submissions_of
from marketing_intake.reading.vendors.shape import Config, Vendor

FINDINGS_MAX: Final = 20_000
FAULT: Final = RefusedDraft(
    "fault", None, "our reader of this vendor has failed; replay it once that is mended", 500,
    Failure.FORMAT,
)  # fmt: skip
TOO_MANY: Final = RefusedDraft(
    "too-large", None, f"a body may hold {FINDINGS_MAX} things", 413, Failure.LIMIT
)

log = structlog.get_logger()


def read_vendor(vendor: Vendor, raw: Raw, config: Config, arrival: Arrival) -> Sequence[Submission]:
    """The submissions of a request, at least one: what can't be read is one that is refused."""
    findings = _findings(vendor, raw, config)
    if isinstance(findings, RefusedDraft):
        return [refused_arrival(findings, arrival)]
    return submissions_of(findings, arrival)


def _findings(vendor: Vendor, raw: Raw, config: Config) -> Sequence[Finding] | RefusedDraft:
    try:
        findings = vendor.parse(raw, config)
    except Unreadable as error:
        return draft_of_unreadable(error)
    except Exception as error:  # noqa: BLE001 a fault of ours must not lose what a vendor sends once
        # Without the traceback: its last line may hold what was sent.
        log.error("vendor_reader_failed", vendor=vendor.name, error=type(error).__name__)  # noqa: TRY400 as above
        return FAULT
    return TOO_MANY if len(findings) > FINDINGS_MAX else findings
