"""What the fields of forms become, vendor by vendor."""

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.reading.findings import FoundLead, Ignored, Unreadable
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.answers import DECIDED_HERE, put
from marketing_intake.reading.vendors.shape import NO_CONFIG
from support.form_samples import SAMPLES
from support.form_vendors import BOUNDARY


def lead(name: str, body: bytes, content_type: str = "application/json") -> FoundLead:
    (found,) = VENDORS[name].parse(Raw(body, content_type), NO_CONFIG)
    assert isinstance(found, FoundLead)
    return found


def of(name: str, document: dict[str, Any]) -> dict[str, object]:
    """The fields of the lead that the document of a vendor holds."""
    return dict(lead(name, SAMPLES[name].wrap([document]), SAMPLES[name].content_type).fields)


def tally_fields(*fields: dict[str, Any]) -> dict[str, object]:
    document = SAMPLES["tally"].document(1, "Crumpet")
    document["data"]["fields"] = list(fields)
    return of("tally", document)


def jotform_fields(**answers: object) -> dict[str, object]:
    document = SAMPLES["jotform"].document(1, "Crumpet")
    return of("jotform", document | {"rawRequest": answers})


@given(st.dictionaries(st.sampled_from([*DECIDED_HERE, "isTest", "Consent"]), st.text(min_size=1)))
def test_no_answer_decides_what_only_we_decide(answers: dict[str, str]) -> None:
    fields: dict[str, object] = {"email": "ada@crumpet.example"}

    for name, value in answers.items():
        put(fields, name, value)

    form = LeadForm.model_validate(fields)
    assert not form.is_test
    assert (form.external_id, form.consent, form.channel, form.traits) == (None,) * 4
    assert len(fields) == 1 + len(answers)


@given(st.lists(st.tuples(st.sampled_from(["email", "Email", "E-Mail", "mail"]), st.text("ab"))))
def test_no_answer_takes_another_ones_place(answers: list[tuple[str, str]]) -> None:
    fields: dict[str, object] = {}

    for name, value in answers:
        put(fields, name, value)

    first = next((value for name, value in answers if name != "mail" and value.strip()), None)
    assert fields.get("email") == first


def test_typeforms_answers_are_named_by_ref_and_known_by_type() -> None:
    fields = of("typeform", SAMPLES["typeform"].document(1, "Crumpet"))

    assert fields == {
        "occurred_at": "2026-03-02T09:29:00Z",
        "form_id": "ovens",
        "email": "ada@crumpet.example",
        "mail": "ada@crumpet.example",
        "company": "Crumpet",
        "ovens": ["deck", "rack"],
        "utm_source": "letter",
    }


def test_what_somebody_typed_goes_before_what_stood_in_the_address() -> None:
    document = SAMPLES["typeform"].document(1, "Crumpet")
    document["form_response"]["hidden"] = {"email": "other@crumpet.example", "external_id": "7"}

    fields = of("typeform", document)

    assert fields["email"] == "ada@crumpet.example"
    assert fields["answer_email"] == "other@crumpet.example"
    assert fields["answer_external_id"] == "7"


def test_tally_options_become_their_texts() -> None:
    options = [{"id": "a", "text": "deck"}, {"id": "b", "text": "rack"}]
    rows, columns = [{"id": "r", "text": "Speed"}], [{"id": "c", "text": "Good"}]

    fields = tally_fields(
        {"key": "q1", "type": "CHECKBOXES", "value": ["b", "a", "other"], "options": options},
        {"key": "q1_a", "type": "CHECKBOXES", "value": True},
        {"key": "q2", "type": "DROPDOWN", "value": ["a"], "options": options},
        {"key": "q3", "type": "RANKING", "value": ["a"], "options": options},
        {"key": "q4", "type": "MATRIX", "value": {"r": ["c"]}, "rows": rows, "columns": columns},
        {"key": "q5", "type": "INPUT_TEXT", "value": None},
        {"key": "q6", "type": "CHECKBOX", "value": False},
        {"key": "q7", "type": "FILE_UPLOAD", "value": [{"id": "f", "url": "https://x.example"}]},
    )

    assert {name: value for name, value in fields.items() if name.startswith("q")} == {
        "q1": ["rack", "deck", "other"],
        "q2": "deck",
        "q3": ["deck"],
        "q4": {"Speed": ["Good"]},
        "q6": False,
        "q7": [{"id": "f", "url": "https://x.example"}],
    }


def test_tally_labels_name_nothing_but_hidden_fields() -> None:
    fields = tally_fields(
        {"key": "q1", "label": "email", "type": "INPUT_TEXT", "value": "not@mine.example"},
        {"key": "q2_x", "label": "utm_medium", "type": "HIDDEN_FIELDS", "value": "print"},
    )

    assert "email" not in fields
    assert fields["q1"] == "not@mine.example"
    assert fields["utm_medium"] == "print"


def test_tally_without_submission_id_goes_by_the_response() -> None:
    document = SAMPLES["tally"].document(1, "Crumpet")
    del document["data"]["submissionId"]

    assert lead("tally", orjson.dumps(document)).key == "r1"

    del document["data"]["responseId"]
    with pytest.raises(Unreadable, match="responseId"):
        lead("tally", orjson.dumps(document))


def test_jotforms_names_and_numbers_in_parts_become_whole() -> None:
    fields = of("jotform", SAMPLES["jotform"].document(1, "Crumpet"))

    assert fields == {
        "form_id": "9",
        "given_name": "Ada",
        "family_name": "Oven",
        "email": "ada@crumpet.example",
        "phone": "020 79460000",
        "company": "Crumpet",
        "ovens": ["deck", "rack"],
    }


@pytest.mark.parametrize(
    ("parts", "phone"),
    [
        ({"full": "(201) 555-0123"}, "(201) 555-0123"),
        ({"country": "44", "area": "20", "phone": "79460000"}, "+44 20 79460000"),
        ({"country": "+44", "phone": 2079460000}, "+44 2079460000"),
        ({"area": "", "phone": ""}, None),
    ],
)
def test_jotforms_phone_is_one_text(parts: dict[str, object], phone: str | None) -> None:
    assert jotform_fields(q5_phone=parts).get("phone") == phone


def test_jotforms_form_may_be_urlencoded_and_may_have_files() -> None:
    answers = orjson.dumps({"q4_email": "ada@crumpet.example"}).decode()
    encoded = urlencode({"submissionID": "61", "rawRequest": answers}).encode()
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = f'{part}"submissionID"\r\n\r\n61\r\n{part}"rawRequest"\r\n\r\n{answers}\r\n'
    file = f'{part}"photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n'
    whole = f"{parts}{file}--{BOUNDARY}--\r\n".encode("latin-1")

    one = lead("jotform", encoded, "application/x-www-form-urlencoded")
    other = lead("jotform", whole, f"multipart/form-data; boundary={BOUNDARY}")

    assert one == other == FoundLead({"email": "ada@crumpet.example"}, key="61")


@pytest.mark.parametrize("answers", ["{", "7", "[]", '{"a":' * 50 + "1" + "}" * 50])
def test_jotforms_answers_that_are_none_are_said_to_be(answers: str) -> None:
    body = urlencode({"submissionID": "61", "rawRequest": answers}).encode()

    with pytest.raises(Unreadable) as told:
        lead("jotform", body, "application/x-www-form-urlencoded")

    assert told.value.field == "rawRequest"
    assert "rawRequest" in told.value.detail


def test_netlify_fills_in_what_it_recognised_itself() -> None:
    document = SAMPLES["netlify"].document(1, "Crumpet")
    document |= {"data": {"contact": "x"}, "last_name": "Oven", "body": "Hot?"}

    fields = of("netlify", document)

    assert fields == {
        "occurred_at": "2026-03-02T09:29:00.000Z",
        "form_name": "contact",
        "site_url": "https://crumpet.example",
        "contact": "x",
        "email": "ada@crumpet.example",
        "name": "Ada Oven",
        "family_name": "Oven",
        "message": "Hot?",
    }


def test_webflows_numbered_names_and_numbers_are_known() -> None:
    fields = of("webflow", SAMPLES["webflow"].document(1, "Crumpet"))

    assert fields["email"] == "ada@crumpet.example"
    assert fields["given_name"] == "Ada"
    assert fields["phone"] == "447946000000"


@pytest.mark.parametrize("name", ["typeform", "tally", "webflow"])
def test_another_event_than_an_answer_is_ignored(name: str) -> None:
    body = b'{"event_type":"x","eventType":"x","triggerType":"x"}'

    (found,) = VENDORS[name].parse(Raw(body), NO_CONFIG)

    assert isinstance(found, Ignored)
