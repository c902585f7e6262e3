"""A contract shapes fields: renames, picks, completes; and nothing where nothing is agreed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.contract import Shaping, shaped

FIELDS = st.dictionaries(st.sampled_from("abcde"), st.text(max_size=3), max_size=5)


@given(FIELDS)
def test_without_terms_nothing_changes(fields: dict[str, str]) -> None:
    assert shaped(Shaping(), fields) == fields


@pytest.mark.parametrize(
    ("shaping", "given", "expected"),
    [
        (Shaping({"mail": "email"}), {"mail": "a@b"}, {"email": "a@b"}),
        (Shaping({"mail": "email"}), {"mail": "a@b", "email": "c@d"}, {"email": "a@b"}),
        (Shaping({"mail": "email"}), {"mail": "", "email": "c@d"}, {"email": "c@d"}),
        (Shaping({"a": "traits.plan"}), {"a": 1, "traits": {"x": 2}},
         {"traits": {"x": 2, "plan": 1}}),
        (Shaping({"a": "traits.plan"}), {"a": 1, "traits": "wrong"}, {"traits": {"plan": 1}}),
        (Shaping({"ok": "consent.contact"}), {"ok": "on"}, {"consent": ["contact"]}),
        (Shaping({"ok": "consent.contact"}), {"ok": True, "consent": ["marketing"]},
         {"consent": ["marketing", "contact"]}),
        (Shaping({"ok": "consent.contact"}), {"ok": "No"}, {}),
        (Shaping({"ok": "consent.contact"}), {"ok": False}, {}),
        (Shaping({"what": "message"}), {"what": ["oven", "mixer"]}, {"message": "oven, mixer"}),
        (Shaping(taken=frozenset({"email"})), {"email": "a@b", "is_test": True}, {"email": "a@b"}),
        (Shaping(taken=frozenset()), {"email": "a@b"}, {}),
        (Shaping(defaults={"country": "DE"}), {"email": "a@b"}, {"email": "a@b", "country": "DE"}),
        (Shaping(defaults={"country": "DE"}), {"country": "FR"}, {"country": "FR"}),
        (Shaping(defaults={"country": "DE"}), {"country": ""}, {"country": "DE"}),
        (Shaping({"mail": "email"}, frozenset({"email"}), {"country": "DE"}),
         {"mail": "a@b", "shoe": 39}, {"email": "a@b", "country": "DE"}),
    ],
)  # fmt: skip
def test_terms_are_applied(
    shaping: Shaping, given: dict[str, object], expected: dict[str, object]
) -> None:
    before = dict(given)

    assert shaped(shaping, given) == expected
    assert given == before
