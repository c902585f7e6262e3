"""A source's secrets at rest: sealed for that source alone, opened where a request is verified."""

import base64
from collections.abc import Mapping

from baton.vault import Vault
from marketing_intake.domain.source import Source, is_secret


def seal_secret(secret: str, source_id: str, vault: Vault) -> bytes:
    """The secret as it is kept."""
    return vault.seal(secret, purpose=_purpose(source_id))


def open_secrets(source: Source, vault: Vault) -> tuple[str, ...]:
    """The active secrets of a source, newest first. Raises `BrokenSeal`."""
    return vault.open_all(source.sealed, purpose=_purpose(source.id))


def seal_config(config: Mapping[str, object], source_id: str, vault: Vault) -> dict[str, object]:
    """What a vendor is configured with, as it is kept: texts under secret names are sealed."""
    return {
        name: {"sealed": base64.b64encode(seal_secret(value, source_id, vault)).decode()}
        if is_secret(name) and isinstance(value, str)
        else value
        for name, value in config.items()
    }


def open_config(source: Source, vault: Vault) -> dict[str, object]:
    """What a vendor is configured with, opened. Raises `BrokenSeal`."""
    return {name: _opened(value, source.id, vault) for name, value in source.config.items()}


def seal_provider_key(key: str, name: str, vault: Vault) -> bytes:
    """The key of a provider of enrichment as it is kept."""
    return vault.seal(key, purpose=f"enrichment:{name}")


def open_provider_key(name: str, sealed: bytes, vault: Vault) -> str:
    """The key of a provider of enrichment. Raises `BrokenSeal`."""
    return vault.open(sealed, purpose=f"enrichment:{name}")


def _opened(value: object, source_id: str, vault: Vault) -> object:
    match value:
        case {"sealed": str(text)}:
            return vault.open(base64.b64decode(text), purpose=_purpose(source_id))
        case _:
            return value


def _purpose(source_id: str) -> str:
    return f"source:{source_id}"
