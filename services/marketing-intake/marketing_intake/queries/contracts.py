"""What was agreed with sources, version by version."""

from typing import Any, Final

from baton.database import Reader

VERSIONS_MAX: Final = 200
VERSIONS_SQL: Final = """
select version, who, at, document as contract from source_contracts
where source_id = $1 order by version desc limit $2
"""


async def contract_versions(reader: Reader, source_id: str) -> list[dict[str, Any]]:
    """The newest versions of a source's contract, newest first."""
    return [dict(row) for row in await reader.fetch(VERSIONS_SQL, source_id, VERSIONS_MAX)]
