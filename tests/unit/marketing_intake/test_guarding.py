"""Rates, fill-time tokens, signed links: the pure rules that guard a form."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import Channel, EmailKind, LeadState, Seniority
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.form import FormRules, is_allowed, origin_of
from marketing_intake.domain.guarding import (
    Bucket,
    FillToken,
    SpamReason,
    as_awaiting,
    as_spam,
    drawn,
    judged,
)
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.opt_in import Link, link_token, read_link
from marketing_intake.domain.signing import signed, unsigned
from support.facts import NOON

SECRET = b"s" * 40
EMAIL, PHONE = Identifier("email", "ada@example.org"), Identifier("phone", "+12025550173")


def a_draft(*identifiers: Identifier, **card: str) -> LeadDraft:
    """A lead of these identifiers."""
    return LeadDraft(
        identifiers=identifiers,
        card=card,
        details={"utm_source": "news"},
        fields=(),
        channel=Channel.UNKNOWN,
        email_kind=EmailKind.NONE,
        seniority=Seniority.UNKNOWN,
        country=None,
        happened_at=NOON,
    )


@given(
    per_minute=st.integers(1, 1000),
    waits=st.lists(st.floats(0, 30, allow_nan=False), max_size=60),
)
def test_a_rate_is_never_exceeded_and_never_stops_who_waits(
    per_minute: int, waits: list[float]
) -> None:
    bucket: Bucket | None = None
    now, passed = NOON, 0
    for seconds in waits:
        now += timedelta(seconds=seconds)
        bucket, wait = drawn(bucket, now, per_minute=per_minute)
        passed += wait == 0
        _, after = drawn(bucket, now + timedelta(seconds=wait + 0.001), per_minute=per_minute)
        assert wait == 0 or after == 0

    minutes = sum(waits) / 60
    assert passed <= per_minute * (1 + minutes) + 1e-6


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    bucket = Bucket(1.0, NOON)

    after, wait = drawn(bucket, NOON - timedelta(hours=1), per_minute=60)

    assert (after.left, wait) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("age_seconds", "uses", "reason"),
    [
        (1.9, 1, SpamReason.TOO_FAST),
        (2.0, 1, None),
        (60, 5, None),
        (60, 6, SpamReason.TOKEN_REPLAYED),
        (86_400, 1, None),
        (86_401, 1, SpamReason.TOKEN_STALE),
        (-90_000, 1, SpamReason.TOKEN_STALE),
    ],
)
def test_a_token_gives_away_who_is_no_person(
    age_seconds: float, uses: int, reason: SpamReason | None
) -> None:
    token = FillToken(NOON - timedelta(seconds=age_seconds), b"n")

    assert judged(token, uses, NOON, FormRules()) is reason


@pytest.mark.parametrize("is_required", [True, False])
def test_no_token_is_no_fault_unless_the_form_insists(is_required: bool) -> None:
    reason = judged(None, 0, NOON, FormRules(is_token_required=is_required))

    assert reason is (SpamReason.TOKEN_MISSING if is_required else None)


@given(st.binary(max_size=40))
def test_what_was_signed_is_read_again_for_its_purpose_alone(body: bytes) -> None:
    token = signed(body, secret=SECRET, purpose="one")

    assert unsigned(token, secrets=(SECRET,), purpose="one") == body
    assert unsigned(token, secrets=(SECRET,), purpose="two") is None
    assert unsigned(token, secrets=(b"t" * 40,), purpose="one") is None


@given(st.text(max_size=300))
def test_no_text_of_a_strangers_is_ours(text: str) -> None:
    assert unsigned(text, secrets=(SECRET,), purpose="one") is None
    assert read_link(text, (SECRET,)) is None


@given(st.uuids(), st.integers(0, 2**32 - 1))
def test_a_link_says_its_lead_and_its_end(lead_id: object, moment: int) -> None:
    link = Link(str(lead_id), datetime.fromtimestamp(moment, UTC))

    assert read_link(link_token(link, SECRET), (b"new" * 20, SECRET)) == link


def test_a_robots_lead_says_why_and_teaches_little() -> None:
    spam = as_spam(a_draft(EMAIL, PHONE), SpamReason.TOO_FAST)

    assert (spam.own_state, spam.identifiers) == (LeadState.SPAM, (EMAIL,))
    assert spam.details == {"utm_source": "news", "spam_reason": "too_fast"}


def test_a_lead_that_waits_counts_by_its_address_alone() -> None:
    waiting = as_awaiting(a_draft(EMAIL, PHONE, email=EMAIL.value))

    assert isinstance(waiting, LeadDraft)
    assert waiting.own_state is LeadState.AWAITING_OPT_IN
    assert waiting.identifiers == (EMAIL,)


def test_a_lead_without_an_address_cannot_wait() -> None:
    refused = as_awaiting(a_draft(PHONE))

    assert isinstance(refused, RefusedDraft)
    assert refused.field == "email"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Shop.Example/page?x#y", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("ftp://shop.example", None),
        ("//shop.example", None),
        ("https://shop.example\\@evil.example", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_an_address_has_an_origin(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin
    assert is_allowed(url, ("https://shop.example",)) is (origin == "https://shop.example")
