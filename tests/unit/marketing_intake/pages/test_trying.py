"""The texts with which a source is tried: they can be copied into a shell as they are."""

import json
import shlex

from baton.contracts.vocabulary import Channel, SourceKind
from marketing_intake.domain.source import Source
from marketing_intake.web.trying import ways_in

BASE = "https://intake.example/"


def a_source(kind: SourceKind, **changes: object) -> Source:
    """A source with nothing agreed."""
    plain = {"id": "s-1", "name": "shop", "channel": Channel.DIRECT, "is_active": True}
    return Source(kind=kind, **(plain | changes))  # type: ignore[arg-type]  # of this test's making


def test_a_lead_is_sent_by_a_command() -> None:
    way = ways_in(a_source(SourceKind.API), BASE)[0]

    words = shlex.split(way.text)
    assert words[:2] == ["curl", "https://intake.example/v1/leads"]
    assert json.loads(words[-1])["email"] == "ada@example.org"


def test_a_tool_is_given_its_webhook() -> None:
    source = a_source(SourceKind.WEBHOOK, vendor="typeform")

    way = ways_in(source, BASE)[0]

    assert way.text == "https://intake.example/hooks/s-1/typeform"
    assert "Typeform" in way.title


def test_a_form_has_a_page_and_a_snippet() -> None:
    source = a_source(SourceKind.FORM, form_key="form_1")

    texts = [way.text for way in ways_in(source, BASE)]

    assert texts[0] == "https://intake.example/f/form_1"
    assert texts[1] == "curl https://intake.example/f/form_1/snippet"
    assert shlex.split(texts[2])[1] == "https://intake.example/f/form_1"
