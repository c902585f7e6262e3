"""Addresses and numbers are found in what nobody could make sense of, and quickly."""

import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.imprints import IMPRINTS_MAX, imprint_of, imprints_in

ADA = Identifier("email", "ada@example.org")
PHONE = Identifier("phone", "+12025550123")
SLOW = 256 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"ada@example.org",
        b"To: Ada <ADA@Example.ORG>; hello",
        b"email=ada%40example.org&x=1",
        b'{"email":"ada\\u0040example.org"',
        b"write to ada+news@example.org.",
        b"mailto:ada@example.org?subject=x",
        "Grüße, ada@example.org".encode("latin-1"),
    ],
)
def test_an_address_is_found_however_it_is_written(body: bytes) -> None:
    assert imprint_of(ADA) in imprints_in(body)


@pytest.mark.parametrize(
    "body",
    [
        b"+12025550123",
        b"(202) 555-0123",
        b"202.555.0123 or 202.555.0199",
        b"1 202 555 0123 202 555 0199",
        b"phone=%2B1+202+555+0123",
        b'"+1 (202) 555-0123"',
    ],
)
def test_a_number_is_found_with_or_without_its_country(body: bytes) -> None:
    assert imprint_of(PHONE) in imprints_in(body)


@pytest.mark.parametrize("body", [b"", b"@", b"a@", b"@b", b"2025", b"\xff\xfe\x00", b"12-34-56"])
def test_nothing_is_found_where_nothing_is(body: bytes) -> None:
    assert imprints_in(body) == frozenset()


def test_dots_and_tags_of_a_provider_that_passes_over_them_do_not_matter() -> None:
    assert imprint_of(Identifier("email", "adalove@gmail.com")) in imprints_in(
        b"a.da.love+shop@googlemail.com"
    )


def test_a_domain_is_found_in_either_of_its_forms() -> None:
    assert imprint_of(Identifier("email", "ada@bäckerei.example")) in imprints_in(
        b"ada@xn--bckerei-5wa.example"
    )


def test_kinds_that_leave_no_trace_have_none() -> None:
    assert imprint_of(Identifier("external:1", "42")) is None


@given(st.binary(max_size=2000))
def test_whatever_comes_is_looked_through(body: bytes) -> None:
    assert len(imprints_in(body)) <= IMPRINTS_MAX


@given(st.emails())
def test_every_address_in_a_json_body_leaves_its_trace(email: str) -> None:
    plain = email.lower()
    if any(one in plain for one in "\"'<>(),;:\\[]{}=&|/%+"):
        return

    assert imprint_of(Identifier("email", plain)) in imprints_in(orjson.dumps({"email": email}))


@pytest.mark.parametrize("body", [b"@" * SLOW, b"1 " * (SLOW // 2), b"a" * SLOW, b"a@" * SLOW])
def test_the_worst_bodies_are_looked_through_in_moments(body: bytes) -> None:
    started = time.perf_counter()

    imprints_in(body)

    assert time.perf_counter() - started < 2
