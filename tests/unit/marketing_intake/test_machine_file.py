"""An operator's list of machines is read line by line, and a bad line is named."""

import pytest

from marketing_intake.reading.machine_file import LINES_MAX, ListedMachines, read_machines


def test_agents_and_networks_are_read_and_remarks_passed_over() -> None:
    text = (
        "# ours\n\nagent Example Monitor/  # watches\nnetwork 192.0.2.0/24\nnetwork 2001:db8::/32\n"
    )

    assert read_machines(text) == ListedMachines(
        ("example monitor/",), ("192.0.2.0/24", "2001:db8::/32")
    )


@pytest.mark.parametrize(
    "line",
    ["192.0.2.0/24", "network 192.0.2.9/24", "network nowhere", "agent", "agent of", "robot x"],
)
def test_a_line_that_is_none_is_named_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the list of machines"):
        read_machines(f"agent Example\n{line}")


def test_a_list_has_an_end() -> None:
    with pytest.raises(ValueError, match="lines"):
        read_machines("#\n" * (LINES_MAX + 1))
