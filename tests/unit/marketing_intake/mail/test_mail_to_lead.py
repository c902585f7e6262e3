"""Messages become leads: who, for which campaign, when, under which key, with what beside."""

from datetime import UTC, datetime
from typing import Any

import pytest

from marketing_intake.reading.email.addresses import addresses_in, names_of
from marketing_intake.reading.email.reader import read_mail
from marketing_intake.reading.findings import Broken, FoundLead
from marketing_intake.reading.lead_form import LeadForm

OWN = ("sales@ovens.example",)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def message(body: str = "Do you sell ovens?", **headers: str) -> bytes:
    """A message; names of headers are written with underscores, and an empty one is left out."""
    all_headers = {
        "From": "Ada Oven <ada@crumpet.example>",
        "To": "sales@ovens.example",
        "Subject": "Ovens",
        "Message-ID": "<m1@crumpet.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in all_headers.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def fields(raw: bytes, **more: Any) -> dict[str, Any]:
    found = read_mail(raw, **({"own_addresses": OWN} | more))
    assert isinstance(found, FoundLead), found
    LeadForm.model_validate(dict(found.fields))
    return dict(found.fields)


def test_a_plain_message_is_a_lead() -> None:
    found = read_mail(message(), own_addresses=OWN)

    assert isinstance(found, FoundLead)
    assert found.fields == {
        "email": "ada@crumpet.example",
        "name": "Ada Oven",
        "given_name": "Ada",
        "family_name": "Oven",
        "subject": "Ovens",
        "message": "Do you sell ovens?",
    }
    assert str(found.key).startswith("m1@crumpet.example ")


@pytest.mark.parametrize(
    ("display", "given", "family"),
    [
        ("Ada Oven", "Ada", "Oven"),
        ("Oven, Ada", "Ada", "Oven"),
        ("Dr. Ada M. Oven", "Ada M.", "Oven"),
        ("Ada de la Oven", "Ada", "de la Oven"),
        ("Ada Oven (Sales)", "Ada", "Oven"),
        ("Žofie Krásná", "Žofie", "Krásná"),
        ("Ada", None, None),
        ("Crumpet & Sons", None, None),
        ("Oven Support", None, None),
        ("Crumpet Bakery Ltd", None, None),
    ],
)
def test_names_are_a_persons_where_they_seem_to_be(
    display: str, given: str | None, family: str | None
) -> None:
    names = names_of(display)

    assert names["name"] == display
    assert (names.get("given_name"), names.get("family_name")) == (given, family)


@pytest.mark.parametrize("display", ["", " ", "ada@crumpet.example", "'ada@crumpet.example'"])
def test_an_address_is_no_name(display: str) -> None:
    assert names_of(display) == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@x.example", [("ada@x.example", "")]),
        ("<ada@x.example>", [("ada@x.example", "")]),
        ("Oven, Ada <ada@x.example>", [("ada@x.example", "Oven, Ada")]),
        ('"Oven, \\"Ada\\"" <ada@x.example>', [("ada@x.example", 'Oven, "Ada')]),
        ("ada@x.example (Ada Oven)", [("ada@x.example", "Ada Oven")]),
        ("=?utf-8?q?Ad=C3=A4?= <ada@x.example>", [("ada@x.example", "Adä")]),
        ("=?utf-8?q?Ad=C3=A4_=3Cada=40x.example=3E?=", [("ada@x.example", "Adä")]),
        ("ada@x.example, Ben <ben@x.example>", [("ada@x.example", ""), ("ben@x.example", "Ben")]),
        ("Friends: ada@x.example;", [("ada@x.example", "")]),
        ("undisclosed-recipients:;", []),
        ("Ada <ada(work)@x . example>", [("ada@x.example", "Ada")]),
        ("Ada", []),
        ('"', []),
        ("(((((", []),
    ],
)
def test_addresses_are_found_in_whatever_shape(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.email, one.name) for one in addresses_in(value)] == expected


def test_the_visitor_behind_a_form_is_the_lead() -> None:
    raw = message(From="Web Form <noreply@site.example>", Reply_To="Ben Baker <ben@b.example>")

    assert fields(raw)["email"] == "ben@b.example"
    assert fields(raw)["given_name"] == "Ben"


def test_a_forms_own_name_is_not_the_visitors() -> None:
    found = fields(message(From="Web Form <noreply@site.example>", Reply_To="ben@b.example"))

    assert found["email"] == "ben@b.example"
    assert "name" not in found


def test_a_group_that_writes_in_its_own_name_tells_the_senders() -> None:
    raw = message(From="'Ada Oven' via Sales <sales@ovens.example>", Reply_To="ada@crumpet.example")

    assert fields(raw)["name"] == "Ada Oven"


@pytest.mark.parametrize("answer", ["sales+x@ovens.example", "no-reply@site.example", "nobody"])
def test_a_reply_to_that_takes_no_answer_is_passed_over(answer: str) -> None:
    assert fields(message(Reply_To=answer))["email"] == "ada@crumpet.example"


@pytest.mark.parametrize(
    ("headers", "campaign"),
    [
        ({"To": "sales+spring@ovens.example"}, "spring"),
        ({"To": "Sales <SALES+Spring-Fair@Ovens.example>"}, "Spring-Fair"),
        ({"To": "x@y.example", "Cc": "sales+cc@ovens.example"}, "cc"),
        ({"Delivered_To": "sales+first@ovens.example", "To": "sales+to@ovens.example"}, "first"),
        ({"To": "friend+private@y.example, sales@ovens.example"}, None),
        ({"To": "sales@ovens.example"}, None),
        ({"To": ""}, None),
    ],
)
def test_the_tag_of_our_own_address_is_the_campaign(
    headers: dict[str, str], campaign: str | None
) -> None:
    assert fields(message(**headers)).get("campaign") == campaign


def test_without_own_addresses_any_recipients_tag_counts() -> None:
    assert fields(message(To="a+b@c.example"), own_addresses=())["campaign"] == "b"


@pytest.mark.parametrize(
    ("sent", "received", "now", "expected"),
    [
        ("Mon, 2 Mar 2026 09:00:00 +0100", None, NOW, "2026-03-02T08:00:00+00:00"),
        ("Mon, 2 Mar 2026 09:00:00 -0000", None, NOW, "2026-03-02T09:00:00+00:00"),
        ("Fri, 2 Mar 2035 09:00:00 +0000", None, NOW, "2026-03-02T09:30:00+00:00"),
        ("Mon, 2 Mar 2026 09:00:00 +0000", "Mon, 2 Mar 2026 08:59:00 +0000", None,
         "2026-03-02T08:59:00+00:00"),
        ("Mon, 2 Mar 2026 08:00:00 +0000", "Mon, 2 Mar 2026 08:59:00 +0000", None,
         "2026-03-02T08:00:00+00:00"),
        ("yesterday", None, NOW, "2026-03-02T09:30:00+00:00"),
        ("Mon, 2 Mar 2026 09:00:00 +0000", None, None, None),
        ("Mon, 99 Xyz 99999 99:99:99 +9999", None, None, None),
    ],
)  # fmt: skip
def test_a_message_did_not_happen_later_than_it_came(
    sent: str, received: str | None, now: datetime | None, expected: str | None
) -> None:
    hop = f"from a by b; {received}" if received else ""

    assert fields(message(Date=sent, Received=hop), now=now).get("occurred_at") == expected


def test_a_message_without_an_id_is_known_by_its_bytes() -> None:
    first, again = (read_mail(message(Message_ID="")) for _ in "ab")
    other = read_mail(message("Other words", Message_ID=""))

    assert isinstance(first, FoundLead)
    assert isinstance(other, FoundLead)
    assert first == again
    assert first.key != other.key
    assert len(str(first.key)) == 64 + 1 + 32


def test_messages_of_one_id_are_known_by_what_they_say() -> None:
    first, other = (read_mail(message(words)) for words in ("Do you sell ovens?", "And toasters?"))
    by_another_way = read_mail(b"Received: from a by b\r\n" + message("Do you sell ovens?"))

    assert isinstance(first, FoundLead)
    assert isinstance(other, FoundLead)
    assert isinstance(by_another_way, FoundLead)
    assert first.key == by_another_way.key
    assert first.key != other.key


def test_limits_are_kept() -> None:
    raw = message("o" * 50_000, Subject="s" * 5_000)
    found = fields(raw)

    assert len(found["message"]) == 10_000
    assert len(found["subject"]) == 500


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"", None),
        (b"\r\n\r\n", None),
        (b"no headers at all", None),
        (message(From=""), "from"),
        (message(From="Ada"), "from"),
        (message(From="undisclosed:;"), "from"),
    ],
)
def test_what_is_no_message_is_broken_for_a_reason(raw: bytes, field: str | None) -> None:
    found = read_mail(raw)

    assert isinstance(found, Broken)
    assert found.field == field
    assert found.detail


def test_a_line_that_is_no_header_hides_none() -> None:
    raw = message().replace(b"To: ", b"this is no header\r\nTo: ").replace(b"From:", b"From  :")

    assert fields(raw)["email"] == "ada@crumpet.example"
