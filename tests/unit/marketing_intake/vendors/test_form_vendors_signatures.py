"""Signatures of somebody else's making, and what no signature may be talked into."""

from datetime import UTC, datetime
from typing import Final

import orjson
import pytest

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.netlify import claims_of
from marketing_intake.reading.vendors.shape import NO_CONFIG, BadSignature, Config
from support.form_samples import SAMPLES
from support.form_vendors import NONE_EXISTS, NOW, OWN, sha256_hex, token, with_header

GREETED: Final = "héllo, 🦀 world!".encode()
HUBSPOT_SECRET: Final = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
HUBSPOT_BODY: Final = b"{'example_field':'example_value'}"
HUBSPOT_V1: Final = "69fc6631a867edd4f9e9e627fc5c1148e3fbdd8b21837b6d2b8901c1fa57f750"
EXAMPLE_TOKEN: Final = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)
SIGNED: Final = Raw(b'{"id":"1"}')

PUBLISHED: Final[list[tuple[str, str, Raw, Config, datetime]]] = [
    (
        "hubspot",
        HUBSPOT_SECRET,
        with_header(
            Raw(HUBSPOT_BODY, url="https://www.example.com/webhook_uri"),
            x_hubspot_signature_v3="HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=",
            x_hubspot_request_timestamp="15000000",
        ),
        NO_CONFIG,
        datetime(1970, 1, 1, 4, 10, tzinfo=UTC),
    ),
    (
        "hubspot",
        HUBSPOT_SECRET,
        with_header(Raw(HUBSPOT_BODY), x_hubspot_signature=HUBSPOT_V1),
        {"allow_v1": True},
        NOW,
    ),
    (
        "meta",
        "It's a Secret to Everybody",
        with_header(
            Raw(b"Hello, World!"),
            x_hub_signature_256="sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        NO_CONFIG,
        NOW,
    ),
    (
        "tally",
        "tally_test_signing_secret",
        with_header(Raw(GREETED), tally_signature="SQb4591hXcvjRXuqn3TYBkM1OxtGTlnLISHAqyjNbBQ="),
        NO_CONFIG,
        NOW,
    ),
    (
        "typeform",
        "typeform_webhook_secret_2026",
        with_header(
            Raw(GREETED), typeform_signature="sha256=VQ6N4wREQNQC1ME+LkvCypCv2AGrF4rv8EZMNK1XTlQ="
        ),
        NO_CONFIG,
        NOW,
    ),
    (
        "webflow",
        "2b4acfd1c5518bf03c73a4889d197d77251353857c22694bf150b9e3402ba15f",
        with_header(
            Raw(GREETED),
            x_webflow_timestamp="1722370035277",
            x_webflow_signature="d8b8b809ad9f82a228a6220c135c851880e1c5265acab1c96413bd118abbfb2e",
        ),
        NO_CONFIG,
        datetime(2024, 7, 30, 20, 7, 15, tzinfo=UTC),
    ),
]
"""Vendor, secret, request, configuration and the time of it, as `Sample.signature_from` says."""


@pytest.mark.parametrize(("name", "secret", "raw", "config", "now"), PUBLISHED)
def test_a_published_signature_is_accepted(
    name: str, secret: str, raw: Raw, config: Config, now: datetime
) -> None:
    VENDORS[name].verify(raw, [secret], config, now)

    with pytest.raises(BadSignature):
        VENDORS[name].verify(raw, [f"{secret}."], config, now)


def test_a_published_token_is_accepted() -> None:
    claims = claims_of(EXAMPLE_TOKEN, ["your-256-bit-secret"])

    assert claims == {"sub": "1234567890", "name": "John Doe", "iat": 1516239022}


def test_every_vendor_says_where_its_signature_comes_from() -> None:
    elsewhere = {name for name, *_ in PUBLISHED} | {"netlify"}

    own = {name for name, sample in SAMPLES.items() if sample.signature_from == OWN}
    unsigned = {name for name, sample in SAMPLES.items() if sample.signature_from == NONE_EXISTS}

    assert own == {"linkedin"}
    assert unsigned == {"google_ads", "jotform"}
    assert set(SAMPLES) == elsewhere | own | unsigned


def test_hubspots_older_signature_counts_only_where_it_is_allowed() -> None:
    old = with_header(Raw(HUBSPOT_BODY), x_hubspot_signature=HUBSPOT_V1)

    for config in (NO_CONFIG, {"allow_v1": False}, {"allow_v1": "true"}):
        with pytest.raises(BadSignature):
            VENDORS["hubspot"].verify(old, [HUBSPOT_SECRET], config, NOW)


def test_hubspots_older_signature_does_not_excuse_a_wrong_new_one() -> None:
    both = with_header(
        Raw(HUBSPOT_BODY),
        x_hubspot_signature=HUBSPOT_V1,
        x_hubspot_signature_v3="AAAA",
        x_hubspot_request_timestamp=str(int(NOW.timestamp() * 1000)),
    )

    with pytest.raises(BadSignature):
        VENDORS["hubspot"].verify(both, [HUBSPOT_SECRET], {"allow_v1": True}, NOW)


@pytest.mark.parametrize("sent_at", ["", "-1", "1e9", "٣٣٣", "9" * 5000, "1.0", " 1"])
def test_a_time_that_is_no_number_is_refused(sent_at: str) -> None:
    hubspot = with_header(
        Raw(b"[]"), x_hubspot_signature_v3="AAAA", x_hubspot_request_timestamp=sent_at
    )
    webflow = with_header(Raw(b"{}"), x_webflow_signature="aa", x_webflow_timestamp=sent_at)

    for name, raw in (("hubspot", hubspot), ("webflow", webflow)):
        with pytest.raises(BadSignature):
            VENDORS[name].verify(raw, ["secret"], NO_CONFIG, NOW)


@pytest.mark.parametrize(
    ("claims", "header"),
    [
        ({"iss": "netlify"}, {"alg": "HS256"}),
        ({"sha256": sha256_hex(SIGNED.body)}, {"alg": "HS256"}),
        ({"iss": "netlify", "sha256": sha256_hex(b"another body")}, {"alg": "HS256"}),
        ({"iss": "netlify", "sha256": ["x"]}, {"alg": "HS256"}),
        ({"iss": "nobody", "sha256": sha256_hex(SIGNED.body)}, {"alg": "HS256"}),
        ({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, {"alg": "none"}),
        ({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, {"alg": "hs256"}),
        ({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, {"alg": "HS512"}),
        ({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, {}),
        ({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, {"alg": "HS256", "crit": ["x"]}),
    ],
)
def test_a_token_that_says_less_or_something_else_is_refused(
    claims: dict[str, object], header: dict[str, object]
) -> None:
    raw = with_header(SIGNED, x_webhook_signature=token(claims, "secret", header))

    with pytest.raises(BadSignature):
        VENDORS["netlify"].verify(raw, ["secret"], NO_CONFIG, NOW)


def test_a_token_without_its_signature_is_refused() -> None:
    whole = token({"iss": "netlify", "sha256": sha256_hex(SIGNED.body)}, "secret", {"alg": "HS256"})
    cut = whole.rpartition(".")[0]

    for text in (cut, f"{cut}.", f"{whole}.x", f"{whole}=", whole.replace(".", "..")):
        with pytest.raises(BadSignature):
            VENDORS["netlify"].verify(
                with_header(SIGNED, x_webhook_signature=text), ["secret"], NO_CONFIG, NOW
            )


def test_webflow_without_signature_needs_a_key_in_its_address_and_our_leave() -> None:
    raw = Raw(orjson.dumps({}), query={"key": "secret"})

    VENDORS["webflow"].verify(raw, ["secret"], {"allow_unsigned": True}, NOW)
    for secret, config in (("secret", NO_CONFIG), ("other", {"allow_unsigned": True})):
        with pytest.raises(BadSignature):
            VENDORS["webflow"].verify(raw, [secret], config, NOW)
