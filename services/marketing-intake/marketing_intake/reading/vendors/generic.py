"""Any other tool: configured, not coded.

The configuration of a source, all of it optional:

- `signature_header`, with `algorithm` (sha1, sha256, sha512), `encoding` (hex, base64), `prefix`
  before the signature, and `secret_encoding` (text, or base64 as in Standard Webhooks). Without
  it the secret itself must come, in `secret_header` or as Basic, Bearer or the parameter `key`.
- `signed`: what is signed, `{body}` by default; it may have `{timestamp}`, `{method}`, `{url}` and
  `{header:NAME}`.
- `timestamp_header`, in seconds or milliseconds since 1970, and `tolerance_seconds` (300).
- `items`: the path to the list of leads, where a body holds several.
- `id`: the path to a lead's id; `fields`: names of `LeadForm` to paths; `required`: such names.
  Without `fields` a lead's own members are its fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import orjson

from marketing_intake.reading.findings import Finding, FoundLead, Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors.answers import as_text
from marketing_intake.reading.vendors.generic_config import check_config
from marketing_intake.reading.vendors.generic_signing import check_signature
from marketing_intake.reading.vendors.json_parts import (
    ITEMS_MAX,
    checked_id,
    parse_json,
    read_each,
)
from marketing_intake.reading.vendors.paths import value_at, wrapped
from marketing_intake.reading.vendors.shape import BadSignature, Config, Secrets, Vendor
from marketing_intake.reading.vendors.shared_secret import check_secret


def verify(raw: Raw, secrets: Secrets, config: Config, now: datetime) -> None:
    """By signature where one is configured, else by the secret itself."""
    faults = check_config(config)
    if faults:
        raise BadSignature(f"the configuration is wrong: {', '.join(sorted(faults))}")
    if "signature_header" in config:
        check_signature(raw, secrets, config, now)
    else:
        check_secret(raw, secrets, str(config.get("secret_header", "")).lower())


def parse(raw: Raw, config: Config) -> Sequence[Finding]:
    """A lead an item, or one for the whole body."""
    faults = check_config(config)
    if faults:
        raise Unreadable(f"the configuration is wrong: {', '.join(sorted(faults))}")
    document = parse_json(raw.body)
    path = config.get("items")
    if path is None:
        if not isinstance(document, dict):
            raise Unreadable("the body must be a JSON object")
        return [replace(_read(config, document), body=None)]
    items = value_at(document, path)
    if not isinstance(items, list):
        raise Unreadable(f"{path} must be a list", path)
    if len(items) > ITEMS_MAX:
        raise Unreadable(f"{path} may hold at most {ITEMS_MAX} items", path)
    found = read_each(items, partial(_read, config))
    # A part is kept in the shape of a whole body, so that it can be read again by itself.
    return [
        replace(one, body=orjson.dumps(wrapped(item, path)))
        for one, item in zip(found, items, strict=True)
    ]


def _read(config: Config, item: Mapping[str, Any]) -> FoundLead:
    paths = config.get("fields")
    if paths:
        found = {name: value_at(item, path) for name, path in paths.items()}
        fields = {name: value for name, value in found.items() if value is not None}
    else:
        fields = dict(item)
    for name in config.get("required", ()):
        if fields.get(name) in (None, ""):
            path = paths.get(name, name) if paths else name
            raise Unreadable(f"{path} must be there", path)
    if not fields:
        raise Unreadable("none of the configured fields is there", next(iter(paths or {}), None))
    path = config.get("id")
    key = None if path is None else checked_id(as_text(value_at(item, path)), path)
    return FoundLead(fields, key)


GENERIC: Final = Vendor(
    name="generic", title="Any other tool", version=1, verify=verify, parse=parse
)
