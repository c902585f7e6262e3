"""Signatures of somebody else's making, and what no signature may be talked into."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import orjson
import pytest

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature, Config
from support.form_vendors import NOW, OWN, mac, with_header
from support.message_samples import MESSAGES
from support.message_vendors import PUBLIC, SECRETS, by_ecdsa, urlencoded

SENDGRID_KEY: Final = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+"
    "2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
SENDGRID: Final = with_header(
    Raw(
        b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
        b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
        b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C'
        b'-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",'
        b'"timestamp":1600112492}]\r\n'
    ),
    x_twilio_email_event_webhook_signature="MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXD"
    "WzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
    x_twilio_email_event_webhook_timestamp="1600112502",
)
MAILGUN_KEY: Final = "tbsy84uSV1Kt3ZJZELY2TmShPRs91E3yL4tzf96297vBCkDWgL"
MAILGUN: Final = {
    "timestamp": "1539112500",
    "token": "7VwW7k6Ak7zcTwoSoNm7aTtbk1g67MKAnsYLfUB7PdszbgR5Xi",
    "signature": "ef24c5225322217bb065b80bb54eb4f9206d764e3e16abab07f0a64d1cf477cc",
}
MAILGUN_TIME: Final = datetime(2018, 10, 9, 19, 16, tzinfo=UTC)
BASIC: Final = with_header(Raw(b"{}"), authorization="Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
STANDARD: Final[Config] = {
    "signature_header": "webhook-signature",
    "prefix": "v1,",
    "encoding": "base64",
    "secret_encoding": "base64",
    "signed": "{header:webhook-id}.{timestamp}.{body}",
    "timestamp_header": "webhook-timestamp",
}
GITHUB: Final[Config] = {"signature_header": "X-Hub-Signature-256", "prefix": "sha256="}

PUBLISHED: Final[list[tuple[str, str, Raw, Config, datetime]]] = [
    ("sendgrid_events", SENDGRID_KEY, SENDGRID, NO_CONFIG, NOW),
    ("sendgrid_inbound", SENDGRID_KEY, SENDGRID, NO_CONFIG, NOW),
    (
        "mailgun_events",
        MAILGUN_KEY,
        Raw(orjson.dumps({"signature": MAILGUN, "event-data": {}})),
        NO_CONFIG,
        MAILGUN_TIME,
    ),
    (
        "mailgun_routes",
        MAILGUN_KEY,
        Raw(urlencoded(MAILGUN), "application/x-www-form-urlencoded"),
        NO_CONFIG,
        MAILGUN_TIME,
    ),
    ("postmark_events", "Aladdin:open sesame", BASIC, NO_CONFIG, NOW),
    ("postmark_inbound", "open sesame", BASIC, NO_CONFIG, NOW),
    (
        "cloudevents",
        "mF_9.B5f-4.1JqM",
        with_header(Raw(b"{}"), authorization="Bearer mF_9.B5f-4.1JqM"),
        NO_CONFIG,
        NOW,
    ),
    (
        "segment",
        "Jefe",
        with_header(
            Raw(b"what do ya want for nothing?"),
            x_signature="effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        ),
        NO_CONFIG,
        NOW,
    ),
    (
        "generic",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        with_header(
            Raw(b'{"test": 2432232314}'),
            webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            webhook_timestamp="1614265330",
            webhook_signature="v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        STANDARD,
        datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC),
    ),
    (
        "generic",
        "It's a Secret to Everybody",
        with_header(
            Raw(b"Hello, World!"),
            x_hub_signature_256="sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        GITHUB,
        NOW,
    ),
]
"""Vendor, secret, request, configuration and the time of it, as `MessageSample` says."""


@pytest.mark.parametrize(("name", "secret", "raw", "config", "now"), PUBLISHED)
def test_a_published_signature_is_accepted(
    name: str, secret: str, raw: Raw, config: Config, now: datetime
) -> None:
    VENDORS[name].verify(raw, [secret], config, now)

    with pytest.raises(BadSignature):
        VENDORS[name].verify(raw, [f"{secret}."], config, now)


def test_every_vendor_says_where_its_signature_comes_from() -> None:
    elsewhere = {name for name, *_ in PUBLISHED}

    own = {name for name, sample in MESSAGES.items() if sample.signature_from == OWN}

    assert own == {"mailchimp"}
    assert elsewhere == set(MESSAGES) - own


@pytest.mark.parametrize("name", ["mailgun_events", "mailgun_routes"])
def test_mailguns_token_is_what_counts_once(name: str) -> None:
    sample, vendor = MESSAGES[name], VENDORS[name]
    raw = sample.raw(sample.document(1, "Crumpet"))
    signed = sample.signed(raw, sample.secrets[0])

    assert vendor.once is not None
    assert vendor.once(signed) == "1772443800".rjust(50, "t")
    assert vendor.once(raw) is None
    for body in (b"", b"{", b"[]", b'{"signature":7}'):
        assert vendor.once(Raw(body, sample.content_type)) is None


def test_sendgrids_public_key_is_no_password() -> None:
    vendor = VENDORS["sendgrid_inbound"]
    pair = base64.b64encode(f"baton:{PUBLIC[0]}".encode()).decode()

    for secrets in ([PUBLIC[0]], [PUBLIC[0], SECRETS[0]]):
        with pytest.raises(BadSignature):
            vendor.verify(with_header(Raw(b""), authorization=f"Basic {pair}"), secrets, {}, NOW)


def test_sendgrids_mail_may_come_with_a_password_where_none_is_signed() -> None:
    vendor = VENDORS["sendgrid_inbound"]
    pair = base64.b64encode(f"baton:{SECRETS[0]}".encode()).decode()

    vendor.verify(with_header(Raw(b""), authorization=f"Basic {pair}"), [SECRETS[0]], {}, NOW)
    vendor.verify(Raw(b"", query={"key": SECRETS[0]}), [SECRETS[0]], {}, NOW)


@pytest.mark.parametrize("key", [PUBLIC[0], f"-----BEGIN X-----\n{PUBLIC[0]}\n-----END X-----\n"])
def test_sendgrids_key_may_have_its_pem_lines(key: str) -> None:
    raw = by_ecdsa(Raw(b"[]"), PUBLIC[0], NOW)

    VENDORS["sendgrid_events"].verify(raw, [key], NO_CONFIG, NOW)


def test_sendgrids_old_events_are_taken_unless_configured_otherwise() -> None:
    raw = by_ecdsa(Raw(b"[]"), PUBLIC[0], datetime(2020, 1, 1, tzinfo=UTC))

    VENDORS["sendgrid_events"].verify(raw, [PUBLIC[0]], NO_CONFIG, NOW)


def test_mailchimps_unsigned_requests_need_the_key_of_the_address() -> None:
    vendor, secret = VENDORS["mailchimp"], SECRETS[0]
    keyed = Raw(b"", query={"key": secret})

    vendor.verify(keyed, [secret], NO_CONFIG, NOW)

    for raw, config in ((keyed, {"signed": True}), (Raw(b"", query={"key": "no"}), {})):
        with pytest.raises(BadSignature):
            vendor.verify(raw, [secret], config, NOW)


def test_mailchimp_may_send_a_signature_of_each_secret() -> None:
    seconds = int(NOW.timestamp())
    right = mac(SECRETS[0], f"{seconds}.".encode()).hex()
    raw = with_header(Raw(b""), x_mailchimp_signature=f"t={seconds},v1={right},v1={'0' * 64}")

    VENDORS["mailchimp"].verify(raw, [SECRETS[0]], NO_CONFIG, NOW)

    for value in (f"t={seconds},t=1,v1={right}", f"v1={right}", f"t={seconds}", f"t=x,v1={right}"):
        with pytest.raises(BadSignature):
            VENDORS["mailchimp"].verify(
                with_header(raw, x_mailchimp_signature=value), [SECRETS[0]], NO_CONFIG, NOW
            )


def test_segments_own_api_sends_the_secret_as_its_user() -> None:
    pair = base64.b64encode(f"{SECRETS[0]}:".encode()).decode()
    raw = with_header(Raw(b"{}"), authorization=f"Basic {pair}")

    VENDORS["segment"].verify(raw, [SECRETS[0]], NO_CONFIG, NOW)

    with pytest.raises(BadSignature):
        VENDORS["segment"].verify(with_header(raw, x_signature="00"), [SECRETS[0]], NO_CONFIG, NOW)


def test_cloudevents_may_bring_their_token_in_the_address() -> None:
    vendor = VENDORS["cloudevents"]
    raw = Raw(b"{}", query={"access_token": SECRETS[0]})

    vendor.verify(raw, [SECRETS[0]], NO_CONFIG, NOW)

    for wrong in (replace(raw, query={"access_token": "no"}), replace(raw, query={})):
        with pytest.raises(BadSignature):
            vendor.verify(wrong, [SECRETS[0]], NO_CONFIG, NOW)


def test_cloudevents_from_an_origin_that_is_not_allowed_are_refused() -> None:
    config = {"allowed_origins": ["shop.example"]}
    raw = with_header(
        Raw(b"{}"), authorization=f"Bearer {SECRETS[0]}", webhook_request_origin="shop.example"
    )

    VENDORS["cloudevents"].verify(raw, [SECRETS[0]], config, NOW)

    with pytest.raises(BadSignature, match="origin"):
        VENDORS["cloudevents"].verify(
            with_header(raw, webhook_request_origin="other.example"), [SECRETS[0]], config, NOW
        )


def test_a_generic_secret_may_come_in_a_header_of_its_own() -> None:
    config = {"secret_header": "X-Api-Key"}
    vendor = VENDORS["generic"]

    vendor.verify(with_header(Raw(b"{}"), x_api_key=SECRETS[0]), [SECRETS[0]], config, NOW)

    for wrong in (with_header(Raw(b"{}"), x_api_key="no"), Raw(b"{}")):
        with pytest.raises(BadSignature):
            vendor.verify(wrong, [SECRETS[0]], config, NOW)
