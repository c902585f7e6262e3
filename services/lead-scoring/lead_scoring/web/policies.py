"""Policies: all versions, and one of them as text, beside the one that holds."""

from collections.abc import Sequence
from difflib import unified_diff
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from baton.database import Reader
from baton.errors import NotFound
from lead_scoring import queries
from lead_scoring.repository import diffs, policies, publications
from lead_scoring.repository.policies import StoredPolicy
from lead_scoring.repository.policy_text import text_of
from lead_scoring.repository.publications import Stage, stage_of
from lead_scoring.web.room import VERSION_MAX, Room, Signed, Version

LISTED_MAX: Final = 50
DIFFS_SHOWN_MAX: Final = 10
CONTEXT_LINES: Final = 3


def add_policies(router: APIRouter, room: Room) -> None:
    """`/policies` and `/policies/{version}`."""

    @router.get("/policies")
    async def policies_page(request: Request, person: Signed) -> Response:
        async with room.read() as reader:
            rows = await queries.policies(reader, before=VERSION_MAX, limit=LISTED_MAX)
            active = await policies.active_version(reader)
            held = await publications.page(reader, before=VERSION_MAX, limit=LISTED_MAX)
            newest = await publications.holding(reader)
        listed = [row | {"status": status_of(row["version"], row["published_at"], active)}
                  for row in rows]  # fmt: skip
        shown = [(one, stage_of(one, newest).value) for one in held]
        return room.show(request, "policies.html", person, policies=listed, publications=shown)

    @router.get("/policies/{version}")
    async def policy_page(
        request: Request, version: Version, person: Signed, *, live: bool = False
    ) -> Response:
        async with room.read() as reader:
            context = await _shown(reader, version)
        return room.show(
            request, "policy.html", person, is_live=live and context["is_rescoring"], **context
        )


async def stored(reader: Reader, version: int) -> StoredPolicy:
    """A version. Raises `NotFound`."""
    policy = await policies.find(reader, version)
    if policy is None:
        raise NotFound(f"there is no policy with the version {version}", field="version")
    return policy


def status_of(version: int, published_at: object, active: int | None) -> str:
    """Where a version is: it holds, it held, or it was never published."""
    if version == active:
        return "active"
    return "draft" if published_at is None else "replaced"


def lines_between(before: str, after: str) -> list[tuple[str, str]]:
    """What differs, line by line: `added`, `removed`, `same` or `place`, and the line."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT_LINES)
    return [(kinds.get(line[:1], "same"), line[1:]) for line in list(lines)[2:]]


async def _shown(reader: Reader, version: int) -> dict[str, Any]:
    policy = await stored(reader, version)
    active = await policies.active_version(reader)
    holds = None if active in (None, version) else await policies.find(reader, active or 0)
    publication = await publications.of_version(reader, version)
    newest = await publications.holding(reader)
    text = text_of(policy.document)
    stage = None if publication is None else stage_of(publication, newest)
    return {
        "policy": policy,
        "policy_status": status_of(version, policy.published_at, active),
        "active": active,
        "text": text,
        "changes": [] if holds is None else lines_between(text_of(holds.document), text),
        "publication": publication,
        "is_rescoring": stage is Stage.RUNNING,
        "can_be_published": await _can_be_published(reader, version),
        "diffs": _with_shares(await diffs.of_version(reader, version, limit=DIFFS_SHOWN_MAX)),
    }


async def _can_be_published(reader: Reader, version: int) -> bool:
    newest = await publications.newest_version(reader)
    return newest is None or version > newest


def _with_shares(found: Sequence[diffs.Diff]) -> list[tuple[diffs.Diff, float]]:
    """Diffs with how much of each is done."""
    return [(one, share_of(one)) for one in found]


def share_of(diff: diffs.Diff) -> float:
    """How much of a diff is done."""
    if diff.status is diffs.DiffStatus.ENDED:
        return 1.0
    return diff.people / diff.people_total if diff.people_total else 0.0
