"""Who reads a kept payload again: by the name of what read it first, in its newest version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from baton.contracts.vocabulary import SourceKind
from marketing_intake.domain.draft import Draft
from marketing_intake.domain.imports import Layout
from marketing_intake.handlers.submission import LEAD_JSON, Component, Submission, event_id
from marketing_intake.reading.activity_form import read_activity
from marketing_intake.reading.email.reader import read_mail
from marketing_intake.reading.fetches import FETCHES, read_fetched
from marketing_intake.reading.json_lead import read_json
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.submissions import Arrival, submissions_of
from marketing_intake.reading.tabular.drafts import draft_again
from marketing_intake.reading.tabular.mapping import learned
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.reading import read_vendor
from marketing_intake.reading.vendors.shape import Config, Vendor

Reader = Callable[[Arrival, Config], Sequence[Submission]]
"""What an arrival holds now; at least one submission, refused when it still can't be read."""

CSV_ROW: Final = Component("import-csv")
JSON_ROW: Final = Component("import-jsonl")
ROWS: Final = frozenset({CSV_ROW.name, JSON_ROW.name})
"""What rows of files are read by; how a file is laid out is known by its import."""
ACTIVITY_JSON: Final = Component("activity-json")
EMAIL: Final = Component("email")


def read_lead_body(arrival: Arrival, _config: Config) -> Sequence[Submission]:
    """A lead as JSON."""
    now = arrival.received_at
    draft = read_json(arrival.body, arrival.source, now, arrival.region)
    return [_submission(draft, arrival, LEAD_JSON)]


def read_listed(arrival: Arrival) -> Sequence[Submission]:
    """A lead as JSON in place of a row: it is on a list, and no act of its person."""
    source = replace(arrival.source, kind=SourceKind.IMPORT)
    return read_lead_body(replace(arrival, source=source), {})


def read_row(layout: Layout, arrival: Arrival) -> Sequence[Submission]:
    """A row of a file that is laid out so, with the columns that the contract of now knows."""
    now, source = arrival.received_at, arrival.source
    agreed = {} if source.shaping is None else source.shaping.names
    known = replace(layout, mapping=learned(layout, agreed))
    draft = draft_again(arrival.body, known, source, now, region=arrival.region)
    return [_submission(draft, arrival, Component(arrival.component.name))]


def read_activity_body(arrival: Arrival, _config: Config) -> Sequence[Submission]:
    """An activity as JSON; its sender's own id of it is its key."""
    now = arrival.received_at
    draft, own_id = read_activity(arrival.body, arrival.source, now, arrival.region)
    submission = _submission(draft, arrival, ACTIVITY_JSON)
    if own_id is None:
        return [submission]
    return [replace(submission, idempotency=event_id(f"activity:{own_id}"))]


def read_email_body(arrival: Arrival, config: Config) -> Sequence[Submission]:
    """A message as MIME; `own_addresses` of the configuration are never a lead's."""
    own = config.get("own_addresses")
    addresses = [one for one in own if isinstance(one, str)] if isinstance(own, list) else []
    finding = read_mail(arrival.body, own_addresses=addresses, now=arrival.received_at)
    return submissions_of([finding], replace(arrival, component=EMAIL))


def read_hook_body(vendor: Vendor, arrival: Arrival, config: Config) -> Sequence[Submission]:
    """What a vendor sent; a secret that travels in the body is taken out of a mended one too."""
    body = arrival.body if vendor.redact is None else vendor.redact(arrival.body)
    component = Component(vendor.name, vendor.version)
    raw = Raw(body, arrival.content_type, arrival.headers or {})
    return read_vendor(vendor, raw, config, replace(arrival, body=body, component=component))


READERS: Final[Mapping[str, Reader]] = {
    LEAD_JSON.name: read_lead_body,
    ACTIVITY_JSON.name: read_activity_body,
    EMAIL.name: read_email_body,
    **{vendor.name: partial(read_hook_body, vendor) for vendor in VENDORS.values()},
    **{fetch.component.name: partial(read_fetched, fetch) for fetch in FETCHES.values()},
}


def _submission(draft: Draft, arrival: Arrival, component: Component) -> Submission:
    return Submission(
        source_id=arrival.source.id,
        draft=draft,
        body=arrival.body,
        content_type=arrival.content_type,
        origin=arrival.origin,
        received_at=arrival.received_at,
        component=component,
        contract_version=arrival.source.contract_version,
    )
