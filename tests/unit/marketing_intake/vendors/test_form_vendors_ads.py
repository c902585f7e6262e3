"""Vendors of ads: keys in bodies, handshakes, notices, deletions, and leads that were fetched."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from baton.contracts.vocabulary import ConsentPurpose
from marketing_intake.reading.findings import (
    Finding,
    FoundDeletion,
    FoundLead,
    FoundReference,
    Ignored,
    Unreadable,
)
from marketing_intake.reading.lead_form import LeadForm
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS, google_ads, linkedin, meta
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature
from support.form_samples import SAMPLES
from support.form_vendors import NOW, mac, response_id, with_header
from support.graph_answers import LINKEDIN_ANSWER, META_ANSWER

CODE = "1f0c9f0e-3c1a-4d52-9b7e-0d3c5a1b2c3d"


def found(name: str, *documents: dict[str, Any]) -> list[Finding]:
    return list(VENDORS[name].parse(SAMPLES[name].raw(*documents), NO_CONFIG))


def google(**more: object) -> FoundLead:
    (one,) = found("google_ads", SAMPLES["google_ads"].document(1, "Crumpet") | more)
    assert isinstance(one, FoundLead)
    return one


def test_googles_ids_keep_every_digit_and_questions_their_own_names() -> None:
    assert google().fields == {
        "is_test": False,
        "form_id": "9007199254740993",
        "ad_campaign_id": "9007199254740995",
        "name": "Ada Oven",
        "email": "ada@crumpet.example",
        "company": "Crumpet",
        "HOW_MANY_OVENS": "3",
        "gclid": "click-1",
    }


def test_googles_test_lead_is_flagged_and_a_column_may_have_a_name_only() -> None:
    columns = [
        {"column_id": "", "column_name": "Ovens", "string_value": "3"},
        {"column_id": "COUNTRY", "string_value": "United Kingdom"},
        {"column_id": "WORK_EMAIL", "string_value": "a@b.example"},
    ]

    fields = google(is_test=True, user_column_data=columns).fields

    assert fields["is_test"] is True
    assert (fields["Ovens"], fields["email"]) == ("3", "a@b.example")
    assert fields["COUNTRY"] == "United Kingdom"


@pytest.mark.parametrize(
    "body",
    [
        b'{"lead_id":"1","google_key":"s3cret\\"x","user_column_data":[]}',
        b'{"google_key" : "s3cret","lead_id":"1","user_column_data":[],"google_key":"s3cret"}',
        b'{"google\\u005fkey":"s3cret","lead_id":"1","user_column_data":[]}',
        b'{"lead_id":"1","user_column_data":[],"google_key":["s3cret"]}',
        b'{"lead_id":"1","google_key":"s3cr',
        b'{"lead_id":"1","google_key":["s3cr',
        b'\xff{"lead_id":"1","google_key":"s3cret"',
    ],
)
def test_googles_key_is_taken_out_of_whatever_is_kept(body: bytes) -> None:
    kept = google_ads.redact(body)

    assert b"s3cr" not in kept
    assert google_ads.MARKER.encode() in kept
    if body.endswith(b"}"):
        assert VENDORS["google_ads"].parse(Raw(kept), NO_CONFIG) == VENDORS["google_ads"].parse(
            Raw(body), NO_CONFIG
        )


def test_meta_greets_whoever_knows_the_token() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": "t0ken"}
    raw = Raw(b"", method="GET", query=query)

    greeting = meta.greet(raw, [], {"verify_token": "t0ken"})

    assert greeting is not None
    assert (greeting.status, greeting.body) == (200, b"1158")
    assert greeting.content_type.startswith("text/plain")
    assert meta.greet(replace(raw, method="POST"), [], {"verify_token": "t0ken"}) is None
    for config in ({"verify_token": "other"}, {"verify_token": ""}, {"verify_token": 7}, {}):
        with pytest.raises(BadSignature):
            meta.greet(raw, [], config)


def test_metas_other_news_is_ignored_and_a_notice_refers_to_its_lead() -> None:
    notice = SAMPLES["meta"].document(1, "31")

    feed, one = found("meta", {"field": "feed", "value": {}}, notice)
    (story,) = meta.parse(Raw(b'{"object":"user","entry":[]}'), NO_CONFIG)

    assert isinstance(feed, Ignored)
    assert isinstance(story, Ignored)
    assert isinstance(one, FoundReference)
    assert one.reference == {
        "leadgen_id": "5551",
        "page_id": "77",
        "form_id": "31",
        "ad_id": "9",
        "created_time": "1772443800",
    }


def test_metas_answer_becomes_a_lead_under_the_key_of_its_notice() -> None:
    (notice,) = found("meta", SAMPLES["meta"].document(1, "31"))

    lead = meta.lead_of(META_ANSWER, {"consent": {"call_me": "contact", "newsletter": "marketing"}})

    assert isinstance(notice, FoundReference)
    assert lead.key == notice.key
    form = LeadForm.model_validate(dict(lead.fields))
    assert (form.name, form.email, form.phone) == (
        "Ada Oven",
        "ada@crumpet.example",
        "+442079460000",
    )
    assert (form.consent, form.is_test, form.country) == ([ConsentPurpose.CONTACT], False, None)
    assert lead.fields["disclaimers"] == {"call_me": True, "newsletter": False}
    assert lead.fields["which_ovens"] == ["deck", "rack"]
    assert lead.fields["ad_campaign_id"] == "120210000000000001"


def test_a_box_that_nobody_has_named_grants_nothing() -> None:
    for config in (NO_CONFIG, {"consent": {"call_me": "everything"}}, {"consent": ["call_me"]}):
        assert "consent" not in meta.lead_of(META_ANSWER, config).fields


def test_metas_test_leads_are_flagged_and_organic_ones_are_not() -> None:
    no_ad = {name: value for name, value in META_ANSWER.items() if name != "ad_id"}
    made_up = [{"name": "email", "values": ["<test lead: dummy data for email>"]}]

    assert meta.lead_of(no_ad).fields["is_test"] is True
    assert meta.lead_of(no_ad | {"is_organic": True}).fields["is_test"] is False
    assert meta.lead_of(META_ANSWER | {"field_data": made_up}).fields["is_test"] is True


def test_linkedin_is_answered_with_the_newest_secret() -> None:
    greeting = linkedin.greet(
        Raw(b"", method="GET", query={"challengeCode": CODE}), ["new", "old"], NO_CONFIG
    )

    assert greeting is not None
    assert orjson.loads(greeting.body) == {
        "challengeCode": CODE,
        "challengeResponse": mac("new", CODE.encode()).hex(),
    }


def test_linkedins_challenge_can_not_be_used_to_have_a_body_signed() -> None:
    forged = 'hmacsha256={"type":"LEAD_ACTION"}'

    for code in (forged, "", CODE + "\n", f"hmacsha256={CODE}", CODE.replace("-", "")):
        with pytest.raises(BadSignature):
            linkedin.greet(
                Raw(b"", method="GET", query={"challengeCode": code}), ["secret"], NO_CONFIG
            )


def test_linkedins_header_may_repeat_the_prefix_that_is_signed() -> None:
    signed = mac("secret", b"hmacsha256={}").hex()

    for value in (signed, f"hmacsha256={signed}"):
        linkedin.verify(with_header(Raw(b"{}"), x_li_signature=value), ["secret"], NO_CONFIG, NOW)
    bare = with_header(Raw(b"{}"), x_li_signature=mac("secret", b"{}").hex())
    with pytest.raises(BadSignature):
        linkedin.verify(bare, ["secret"], NO_CONFIG, NOW)


def test_linkedins_deletion_names_the_lead_that_was_created() -> None:
    created = SAMPLES["linkedin"].document(1, "31")

    first, gone = found("linkedin", created, created | {"leadAction": "DELETED"})

    assert isinstance(first, FoundReference)
    assert isinstance(gone, FoundDeletion)
    assert gone.lead_key == first.key == f"urn:li:leadGenFormResponse:{response_id(1)}"
    assert gone.key != first.key


def test_linkedins_answer_becomes_a_lead_named_by_predefined_fields() -> None:
    lead = linkedin.lead_of(LINKEDIN_ANSWER, {"consent": {"8": "marketing"}})

    assert lead.key == "urn:li:leadGenFormResponse:abc-1"
    assert LeadForm.model_validate(dict(lead.fields)).email == "a@b.example"
    assert lead.fields["given_name"] == "Ada"
    assert lead.fields["question_3"] == [0, 2]
    assert lead.fields["utm_source"] == "linkedin"
    assert lead.fields["consent"] == ["marketing"]
    assert linkedin.lead_of(LINKEDIN_ANSWER | {"testLead": True}).fields["is_test"] is True


@pytest.mark.parametrize("missing", ["id", "formResponse"])
def test_what_a_fetched_lead_lacks_is_named(missing: str) -> None:
    answer = {name: value for name, value in LINKEDIN_ANSWER.items() if name != missing}

    with pytest.raises(Unreadable, match=missing):
        linkedin.lead_of(answer)
