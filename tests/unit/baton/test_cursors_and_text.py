"""Cursors come back as they were given out, and only to their own list; texts are storable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.http import Cursors, storable
from baton.http.cursors import StaleCursor
from baton.http.problems import field_errors

CURSORS = Cursors("s" * 40)
PLACES = st.lists(st.one_of(st.integers(-(2**53), 2**53), st.text("abc-0", max_size=20)))
FILTERS = st.dictionaries(st.sampled_from(["list", "state"]), st.sampled_from(["a", "b", None]))


@given(PLACES, FILTERS)
def test_a_cursor_comes_back_as_the_place_that_it_was_made_of(
    place: list[str | int], filters: dict[str, object]
) -> None:
    cursor = CURSORS.encode(place, filters)

    assert CURSORS.decode(cursor, filters) == place


@given(PLACES, FILTERS, FILTERS)
def test_a_cursor_is_of_one_list_with_its_filters(
    place: list[str | int], filters: dict[str, object], others: dict[str, object]
) -> None:
    cursor = CURSORS.encode(place, filters)

    if filters != others:
        with pytest.raises(StaleCursor):
            CURSORS.decode(cursor, others)


@given(st.text(max_size=100))
def test_nothing_that_we_did_not_sign_is_a_cursor(text: str) -> None:
    with pytest.raises(StaleCursor):
        CURSORS.decode(text, {})


def test_a_cursor_of_another_secret_is_stale() -> None:
    cursor = Cursors("t" * 40).encode([1], {})

    with pytest.raises(StaleCursor):
        CURSORS.decode(cursor, {})


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_the_database_can_not_hold_is_no_text(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        storable(text)


def test_a_pointer_escapes_what_json_pointers_escape() -> None:
    errors = [{"loc": ("body", "a/b", "c~d", 0), "msg": "must be a number"}]

    assert field_errors(errors) == [{"pointer": "#/a~1b/c~0d/0", "detail": "must be a number"}]
