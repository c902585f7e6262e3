"""A file fits in one sitting, a function on a screen (STYLE 9)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("shared", "services", "deploy", "tests")
LINES_MAX = 250
STATEMENTS_MAX = 20
EXCUSED: dict[str, str] = {}
"""Files that may be longer, each with its reason."""

FILES = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if "build" not in path.parts
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_in_one_sitting(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    lines = path.read_text().count("\n")

    assert lines <= LINES_MAX or name in EXCUSED, f"{name} has {lines} lines: is there a seam?"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "it needs one sentence at its top"


def test_every_service_has_the_same_rooms() -> None:
    wanted = {"__main__", "api", "consumers", "domain", "handlers", "metrics"}
    wanted |= {"queries", "repository", "settings", "tables", "web"}

    for service in sorted((ROOT / "services").iterdir()):
        package = service / service.name.replace("-", "_")
        found = {entry.name.removesuffix(".py") for entry in package.iterdir()}
        assert wanted <= found, f"{service.name} lacks {sorted(wanted - found)}"


def test_only_the_frame_commits() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path.is_relative_to(ROOT / "services")
        and "migrations" not in path.parts
        and any(
            word in path.read_text()
            for word in (".commit(", ".rollback(", "connection.transaction(")
        )
    ]

    assert offenders == []
