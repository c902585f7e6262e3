"""The shapes of what failed, and of the answers to replaying it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from baton.http import Line, Uuid
from marketing_intake.api.hooks import HookAnswer, counts_of
from marketing_intake.domain.draft import Failure
from marketing_intake.handlers.mending import became_of
from marketing_intake.handlers.submission import Outcome
from marketing_intake.queries.failed import FailedFilter
from marketing_intake.reading.masking import masked


class FailedView(BaseModel):
    """Something that failed: a kept payload, or a sample of a request that was nobody's."""

    failed_id: str
    item: Literal["payload", "stray"]
    source_id: str | None
    source: str | None
    received_at: datetime
    failure: Failure
    component: str | None
    component_version: int | None
    contract_version: int | None
    content_type: str
    kind: str | None
    field: str | None
    detail: str | None
    bytes: int | None


class FailedDetail(FailedView):
    """With its body: without `pii:read` only the names of its fields, every value hidden.

    `body` is null where nothing may be shown, or where it is deleted; `resent_as` is the id of
    what it became.
    """

    status: str
    resent_as: str | None
    is_masked: bool
    body: str | None


class FilterForm(BaseModel):
    """Which of what failed are replayed, and how many at a time; null: any."""

    source_id: Uuid | None = None
    failure: Failure | None = None
    component: Line | None = None
    since: AwareDatetime | None = None
    limit: int = Field(default=100, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=500)

    def wanted(self) -> FailedFilter:
        """As queries have it."""
        return FailedFilter(self.source_id, self.failure, self.component, self.since)


class DiscardForm(BaseModel):
    """Why it is given up."""

    why: Line


class ReplayAnswer(BaseModel):
    """What became of one payload: the id of the first thing, and how many of each there were."""

    became: str | None
    outcomes: HookAnswer


class ReplaysAnswer(BaseModel):
    """How many payloads were replayed, and how many failed again or were mended meanwhile.

    `next_cursor` goes on behind the last of them; null: there are no more.
    """

    replayed: int = 0
    refused: int = 0
    skipped: int = 0
    next_cursor: str | None = None


def detail_of(row: dict[str, Any], *, is_masked: bool) -> FailedDetail:
    """One row, its body as text that this reader may see."""
    body: bytes | None = row["body"]
    if body is None:
        text = None
    elif is_masked:
        text = masked(body, row["content_type"])
    else:
        text = body.decode(errors="replace").replace("\0", "\\0")
    return FailedDetail.model_validate(row | {"body": text, "is_masked": is_masked})


def replay_answer(outcomes: Sequence[Outcome]) -> ReplayAnswer:
    """The answer to one replay."""
    became = next((found for one in outcomes if (found := became_of(one)) is not None), None)
    return ReplayAnswer(became=became, outcomes=counts_of(outcomes))
