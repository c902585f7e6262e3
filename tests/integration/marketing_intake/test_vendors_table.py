"""The table of all vendors and all cases, each tried at the vendor's own hook."""

import pytest

from marketing_intake.reading.vendors import VENDORS
from support.intake_door import IntakeDoor
from support.vendor_cases import CASES, ONE_A_REQUEST, desk_of, has_case
from support.vendor_hooks import ALL

TABLE = [(name, case) for name in sorted(VENDORS) for case in CASES if has_case(name, case)]


@pytest.mark.parametrize(("name", "case"), TABLE)
async def test_a_vendor_bears_it(intake: IntakeDoor, name: str, case: str) -> None:
    desk = await desk_of(intake, name)

    await CASES[case](desk)

    assert await intake.unaccounted() == 0


def test_every_vendor_is_in_the_table_and_lacks_a_case_only_where_it_has_none() -> None:
    assert set(ALL) == set(VENDORS)
    assert {name for name in ALL if not ALL[name].holds_several} == ONE_A_REQUEST
    lacking = {name: len(CASES) - sum(one == name for one, _ in TABLE) for name in VENDORS}
    assert lacking == {name: int(name in ONE_A_REQUEST) for name in VENDORS}
