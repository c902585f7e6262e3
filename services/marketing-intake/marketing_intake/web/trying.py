"""How to send something to a source: a command or a snippet that can be copied as it is."""

import json
from dataclasses import dataclass
from shlex import quote
from typing import Final

from baton.contracts.vocabulary import SourceKind
from marketing_intake.domain.source import Source
from marketing_intake.reading.vendors import VENDORS

LEAD: Final = {
    "email": "ada@example.org",
    "given_name": "Ada",
    "family_name": "Example",
    "company": "Example & Co",
    "message": "Please call me.",
}
"""Nobody: example.org is nobody's by RFC 2606."""


@dataclass(frozen=True, slots=True)
class Way:
    """What to do, and the text to copy."""

    title: str
    text: str


def ways_in(source: Source, base_url: str) -> tuple[Way, ...]:
    """Every way by which this source can send, the usual one first."""
    base = base_url.rstrip("/")
    if source.kind is SourceKind.FORM:
        page = f"{base}/f/{source.form_key}"
        return (
            Way("Send people to its page", page),
            Way("Or put it on a page of your own: this prints the HTML", f"curl {page}/snippet"),
            Way("Or send something as the form does", _curl_form(page)),
        )
    if source.vendor is not None:
        title = VENDORS[source.vendor].title if source.vendor in VENDORS else source.vendor
        hook = Way(f"Enter this address as {title}'s webhook", _hook(source, base))
        return (hook, Way("Or send a lead yourself", _curl(base)))
    return (Way("Send a lead", _curl(base)), Way("Send many, a line each", _curl_many(base)))


def _hook(source: Source, base: str) -> str:
    return f"{base}/hooks/{source.id}/{source.vendor}"


def _curl(base: str) -> str:
    return (
        f"curl {quote(f'{base}/v1/leads')} \\\n"
        '  -H "Authorization: Bearer $BATON_KEY" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {quote(json.dumps(LEAD))}"
    )


def _curl_many(base: str) -> str:
    return (
        f"curl {quote(f'{base}/v1/leads/batch')} \\\n"
        '  -H "Authorization: Bearer $BATON_KEY" \\\n'
        "  -H 'Content-Type: application/x-ndjson' \\\n"
        "  --data-binary @leads.jsonl"
    )


def _curl_form(page: str) -> str:
    fields = " \\\n".join(f"  --data-urlencode {quote(f'{k}={v}')}" for k, v in LEAD.items())
    return f"curl {quote(page)} \\\n{fields}"
