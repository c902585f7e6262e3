"""The JSON Schema of a policy's document, made of its shapes; `python -m` writes it to its file."""

import json
from pathlib import Path
from typing import Any, Final

from lead_scoring.repository.documents import PolicyDocument

FILE: Final = Path(__file__).parents[2] / "policy.schema.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def policy_schema() -> dict[str, Any]:
    """The schema as it is published."""
    return {"$schema": DIALECT, **PolicyDocument.model_json_schema()}


def schema_text() -> str:
    """The file's text."""
    return json.dumps(policy_schema(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text())
