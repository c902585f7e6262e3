"""A masked body tells the names of fields, and nothing that anybody answered."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.reading.masking import masked

JSON = "application/json"
CANARY = "canary@example.org"
NAMES = st.sampled_from(["email", "a b", CANARY, "x[y]"])
VALUES = st.recursive(
    st.sampled_from([CANARY, f"to {CANARY}", 7391824, None, True]),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
)


@given(VALUES)
def test_no_value_comes_through(value: object) -> None:
    shown = masked(orjson.dumps(value), JSON)

    assert shown is not None
    assert "canary" not in shown
    assert "7391824" not in shown


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b'{"email":"a@b","n":[1,null]}', JSON, '{"email":"…","n":["…",null]}'),
        (b'{"a@b":1}', JSON, '{"…":"…"}'),
        (b"email=a%40b&x=1", "application/x-www-form-urlencoded", "email=…&x=…"),
        (b"a@b=1", "application/x-www-form-urlencoded", "…=…"),
        (b"\xff=1", "application/x-www-form-urlencoded", None),
        (b"From: ada", "message/rfc822", None),
        (b"{", JSON, None),
        (b"[" * 5000, JSON, None),
        (b"[" * 900 + b"]" * 900, JSON, "[" * 20 + '"…"' + "]" * 20),
    ],
)
def test_a_body_is_masked_by_its_form(body: bytes, content_type: str, expected: str | None) -> None:
    assert masked(body, content_type) == expected
