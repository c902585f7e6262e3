"""What marketing-intake's README names is there, and what is there it names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry

from baton.settings import ServiceSettings
from marketing_intake import metrics
from marketing_intake.__main__ import parts_of
from marketing_intake.settings import IntakeSettings
from support.conformance import document_of
from support.open_services import plain_settings

README: Final = Path(__file__).parents[2] / "services/marketing-intake/README.md"
NOWHERE: Final = "postgresql://nobody@127.0.0.1:1/nothing"
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OF_EVERY_SERVICE: Final = ("/v1/keys", "/v1/parked", "/healthz", "/readyz", "/livez")
QUOTED: Final = re.compile(r"`([^`]+)`")


def section(title: str) -> str:
    """The text below a heading."""
    return README.read_text().split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(title: str) -> Iterator[list[str]]:
    """What is quoted in the first cell of each line of a section's table."""
    for line in section(title).splitlines():
        if line.startswith("| `"):
            yield QUOTED.findall(line.split(" | ", 1)[0])


def said_of(words: list[str]) -> Iterator[tuple[str, str]]:
    """Methods and paths that a cell names, as `_path` reads them.

    Names of parameters count for nothing.
    """
    methods: list[str] = []
    is_open, whole, path = False, "", ""
    for word in words:
        method, _, rest = word.rpartition(" ") if " " in word else (word, "", word)
        if method in METHODS:
            methods = [*methods, method] if is_open else [method]
            is_open = rest == method
            if is_open:
                continue
        is_open = False
        path = _path(rest, whole, path)
        whole = rest if path == rest else whole
        yield from ((one, _plain(path)) for one in methods)


def _path(word: str, whole: str, before: str) -> str:
    """`…` stands for the last path that is written out, `/x` for the last part of the one before.

    Of no path of ours is there only one part.
    """
    if word.startswith("…"):
        return whole + word[1:]
    is_whole = word.count("/") > 1 or not before
    return word if is_whole else before.rpartition("/")[0] + word


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_cells_are_read_as_people_read_them() -> None:
    cell = ["GET", "POST /v1/a", "DELETE …/{id}", "/b", "GET /v1/c", "GET …/{c_id}"]

    assert list(said_of(cell)) == [
        ("GET", "/v1/a"), ("POST", "/v1/a"), ("DELETE", "/v1/a/{}"), ("DELETE", "/v1/a/b"),
        ("GET", "/v1/c"), ("GET", "/v1/c/{}"),
    ]  # fmt: skip


def test_every_route_is_named_and_every_named_route_is_there() -> None:
    document = document_of(parts_of(IntakeSettings.model_validate(plain_settings(NOWHERE))))
    there = {
        (method.upper(), _plain(path))
        for path, one in document["paths"].items()
        if not path.startswith(OF_EVERY_SERVICE)
        for method in one
    }

    named = {
        one for words in first_cells("HTTP") if words[0] != "/v1/keys" for one in said_of(words)
    }

    assert (there - named, named - there) == (set(), set())


def test_every_setting_is_named_and_every_named_setting_is_there() -> None:
    every = {f"BATON_{name.upper()}" for name in IntakeSettings.model_fields}
    common = {f"BATON_{name.upper()}" for name in ServiceSettings.model_fields}

    named = {word for words in first_cells("Settings of its own") for word in words}

    assert (every - common - named, named - every) == (set(), set())


def test_every_metric_is_named_and_every_named_metric_is_there() -> None:
    registry = metrics.REGISTRY
    assert isinstance(registry, CollectorRegistry)
    there = {
        f"{one.name}_total" if one.type == "counter" else one.name for one in registry.collect()
    }

    named = {word.split("{")[0] for words in first_cells("Metrics") for word in words}

    assert (there - named, named - there) == (set(), set())
