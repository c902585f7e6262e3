"""Kafka's jars: fetched once into a cache, each checked against a checksum of ours."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from launcher.errors import CannotStart

ENDPOINT: Final = "org.apache.kafka:kafka_2.13:4.3.1+org.slf4j:slf4j-simple:1.7.36"
CHECKSUMS: Final = Path(__file__).parent / "kafka-jars.sha256"
CACHE_SETTING: Final = "BATON_CACHE_FOLDER"


def cache_folder() -> Path:
    """Where downloads are kept; they outlive a checkout."""
    named = os.environ.get(CACHE_SETTING)
    return Path(named) if named else Path.home() / ".cache" / "baton"


def kafka_jars(cache: Path) -> list[Path]:
    """The jars, each with the checksum that this repository holds.

    What is there and right is not fetched again, so a broken download goes on where it was. A
    wrong file is removed and fetched once more. Raises `CannotStart`.
    """
    expected = _checksums()
    folder = cache / "kafka-4.3.1"
    if _wrong(folder, expected):
        _fetch(cache, folder, expected)
    wrong = _wrong(folder, expected)
    if wrong:
        raise CannotStart(
            f"{wrong[0]} is not the file it should be (its SHA-256 differs): empty {folder}, "
            "look at who answers for your package registry, and try again."
        )
    return [folder / name for name in expected]


def _checksums() -> dict[str, str]:
    pairs = (line.split() for line in CHECKSUMS.read_text().splitlines() if line.strip())
    return {name: digest for digest, name in pairs}


def _wrong(folder: Path, expected: dict[str, str]) -> list[str]:
    return [name for name, digest in expected.items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(cache: Path, folder: Path, expected: dict[str, str]) -> None:
    # The import costs half a second, and nobody who has the jars needs it.
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext

    folder.mkdir(parents=True, exist_ok=True)
    downloads = cache / "maven"
    try:
        context = MavenContext(repo_cache=downloads)
        builder = EnvironmentBuilder(context, cache_dir=cache / "environments")
        found = builder.from_endpoint(ENDPOINT).all_jars
    except Exception as error:  # whatever the resolver raises, the person has one thing to do
        raise CannotStart(
            f"Kafka's jars can't be fetched ({type(error).__name__}): look at the network and at "
            "the settings for Maven, and try again; what is there already is kept."
        ) from error
    for jar in map(Path, found):
        if jar.name in expected:
            shutil.copyfile(jar, folder / jar.name)
            if _digest(folder / jar.name) != expected[jar.name]:
                jar.unlink(missing_ok=True)
