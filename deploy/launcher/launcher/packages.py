"""Where a Python package that carries binaries lies."""

from importlib.util import find_spec
from pathlib import Path

from launcher.errors import CannotStart


def package_folder(name: str) -> Path:
    """The package's folder; it is not imported, only its files are wanted."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The Python package {name} is missing: run `make install`.")
    return Path(spec.origin).parent
