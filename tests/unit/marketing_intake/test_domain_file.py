"""The operator's list of disposable domains: read line by line, and refused by its line."""

from pathlib import Path

import pytest

from baton.contracts.vocabulary import EmailKind
from marketing_intake.api.known_domains import learn_disposable_domains
from marketing_intake.domain.identity import email_kind
from marketing_intake.reading.domain_file import read_domains
from marketing_intake.settings import IntakeSettings
from support.open_services import plain_settings


def settings(path: Path) -> IntakeSettings:
    """Settings that name a list."""
    values = plain_settings("postgresql://nobody@localhost/none")
    return IntakeSettings.model_validate(values | {"disposable_domains_file": path})


def test_domains_stand_a_line_each_and_are_compared_in_small_letters() -> None:
    text = "# ours\n\nThrown.Example.org  # soon\n*.gone.example.org.\nxn--bcher-kva.example.org\n"

    assert read_domains(text) == {
        "thrown.example.org", "gone.example.org", "bücher.example.org",
    }  # fmt: skip


@pytest.mark.parametrize("line", ["nothing", "a@b.org", "https://b.org", "a b.org", "a..org"])
def test_what_is_no_domain_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the list of domains"):
        read_domains(f"gone.example.org\n{line}")


def test_what_the_operator_lists_is_disposable_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "domains.txt"
    path.write_text("listed.example.org\n")

    learn_disposable_domains(settings(path))

    assert email_kind("ada@listed.example.org") is EmailKind.DISPOSABLE


def test_a_list_that_is_not_there_ends_the_process_by_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="BATON_DISPOSABLE_DOMAINS_FILE: No such file"):
        learn_disposable_domains(settings(tmp_path / "nowhere.txt"))
