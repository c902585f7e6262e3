"""Ids: those of a cause come out the same for ever, the others in the order of time."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from baton.ids import NAMESPACE, derived_id, new_id


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 1000))
def test_a_derived_id_is_the_uuid5_of_its_cause(cause: str, name: str, ordinal: int) -> None:
    assert derived_id(cause, name, ordinal) == str(
        uuid.uuid5(NAMESPACE, f"{cause}/{name}/{ordinal}")
    )


def test_new_ids_are_uuids_of_version_7_and_all_different() -> None:
    ids = [new_id() for _ in range(2000)]

    assert {uuid.UUID(one).version for one in ids} == {7}
    assert {uuid.UUID(one).variant for one in ids} == {uuid.RFC_4122}
    assert len(set(ids)) == len(ids)
