"""Vendors' webhooks: `/hooks/{source_id}/{vendor}`, verified, read, and committed together.

What is answered, since vendors act on nothing else:

- 200 with counts as soon as the request is verified and durable, whatever it holds. What can't be
  read is kept with its failure, counted as `refused`, and mended by us: the same bytes sent again
  would fail again, for days with some vendors, and others switch the hook off.
- 401, always the same, when it is not verified; why is logged and counted. 406 when a token is
  played again with another body. 413 above the vendor's limit. Of these a sample is kept.
- 403 when the source is closed, 404 when there is no such source or it is not this vendor's.
- 429 over the source's limit and 503 while the database is away, both with `Retry-After`: nothing
  is kept then, and the vendor sends it again. Never a redirect.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from baton.contracts.vocabulary import SourceKind
from baton.errors import Forbidden, NotFound, Unavailable
from baton.http import PROBLEMS, PathUuid, request_origin
from baton.transaction import Origin
from baton.vault import BrokenSeal
from marketing_intake import metrics
from marketing_intake.api import hook_requests
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.hook_requests import Strays, kept_headers, raw_of
from marketing_intake.domain.source import Source
from marketing_intake.handlers.hooks import Spent, Stray, once_key
from marketing_intake.handlers.sealing import open_config, open_secrets
from marketing_intake.handlers.submission import (
    Component,
    Kept,
    Outcome,
    Recorded,
    SetAside,
    Submission,
    Taken,
)
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.raw import Raw
from marketing_intake.reading.submissions import Arrival
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.reading.vendors.reading import read_vendor
from marketing_intake.reading.vendors.shape import BadSignature, Config, Greeting, Secrets, Vendor

PATH: Final = "/hooks/{source_id}/{vendor}"
BODY_BYTES_MAX: Final = 32 * 1024 * 1024
QUEUED_MAX: Final = 20
"""So few share the commits of other requests; more are committed by themselves."""
VendorName = Annotated[str, Path(pattern="^[a-z0-9_]{1,40}$")]
ORIGIN = Depends(request_origin)


class HookAnswer(BaseModel):
    """What became of what the request held; `refused` is kept, and need not be sent again."""

    taken: int = 0
    recorded: int = 0
    repeated: int = 0
    ignored: int = 0
    refused: int = 0
    awaiting: int = 0
    deleted: int = 0


def make_hooks_router(door: LeadDoor, public_url: str) -> APIRouter:
    """`/hooks/{source_id}/{vendor}`."""
    router = APIRouter(tags=["hooks"], responses=PROBLEMS)
    hook = Hook(door, public_url)

    @router.post(PATH, response_model=HookAnswer, responses={406: {"description": "Played again"}})
    async def take_hook(
        source_id: PathUuid, vendor: VendorName, request: Request, origin: Origin = ORIGIN
    ) -> Response:
        """Take what a vendor sends."""
        return await hook.answer(source_id, vendor, request, origin)

    @router.get(PATH)
    async def greet_hook(
        source_id: PathUuid, vendor: VendorName, request: Request, origin: Origin = ORIGIN
    ) -> Response:
        """Shake hands with a vendor that asks by GET."""
        return await hook.answer(source_id, vendor, request, origin)

    @router.options(PATH)
    async def ask_hook(
        source_id: PathUuid, vendor: VendorName, request: Request, origin: Origin = ORIGIN
    ) -> Response:
        """Shake hands with a sender that asks whether it may send."""
        return await hook.answer(source_id, vendor, request, origin)

    return router


class Hook:
    """Answers vendors' requests."""

    def __init__(self, door: LeadDoor, public_url: str) -> None:
        self._door = door
        self._public_url = public_url
        self._strays = Strays(door.transactions)

    async def answer(self, source_id: str, name: str, request: Request, origin: Origin) -> Response:
        """Turn away, greet, or take. Raises `NotFound`, `Forbidden` and `Unavailable`."""
        source, vendor = await self._known(source_id, name)
        secrets, config = self._opened(source)
        raw = Raw(b"")
        try:
            raw = await raw_of(request, vendor.body_bytes_max, self._public_url)
            greeting = _greeting(raw, vendor, secrets, config)
            if greeting is None:
                vendor.verify(raw, secrets, config, self._door.transactions.clock.now())
        except hook_requests.TooLarge as error:
            stray = Stray(source.id, name, "too large", error.beginning, error.body_bytes)
            await self._turn_away(stray, vendor)
            return hook_requests.too_large(request, vendor)
        except (BadSignature, Unreadable) as error:
            stray = Stray(source.id, name, str(error), raw.body, len(raw.body))
            await self._turn_away(stray, vendor)
            return hook_requests.unverified(request, vendor)
        if greeting is not None:
            metrics.HOOKS.labels(vendor.name, "greeted").inc()
            headers = {**greeting.headers, "content-type": greeting.content_type}
            return Response(greeting.body, greeting.status, headers)
        return await self._take(raw, (source, vendor, config), request, origin)

    async def _take(
        self, raw: Raw, known: tuple[Source, Vendor, Config], request: Request, origin: Origin
    ) -> Response:
        source, vendor, config = known
        token = None if vendor.once is None else vendor.once(raw)
        kept = raw if vendor.redact is None else replace(raw, body=vendor.redact(raw.body))
        arrival = Arrival(
            source=source,
            component=Component(vendor.name, vendor.version),
            body=kept.body,
            content_type=kept.content_type,
            origin=origin,
            received_at=self._door.transactions.clock.now(),
            region=self._door.region,
            headers=kept_headers(kept, vendor),
        )
        submissions = read_vendor(vendor, kept, config, arrival)
        await self._door.admit(source, len(submissions))
        outcomes = await self._committed(submissions, token, kept.body)
        if isinstance(outcomes, Spent):
            stray = Stray(source.id, vendor.name, "token spent", kept.body, len(kept.body))
            await self._turn_away(stray, vendor)
            return hook_requests.spent(request, vendor)
        return _counted(outcomes, vendor)

    async def _committed(
        self, submissions: Sequence[Submission], token: str | None, body: bytes
    ) -> Sequence[Outcome] | Spent:
        committer = self._door.committer
        if token is not None:
            return await committer.commit_once(submissions, once_key(token, body))
        if len(submissions) <= QUEUED_MAX:
            return await committer.submit_all(submissions)
        return await committer.commit_all(submissions)

    async def _known(self, source_id: str, name: str) -> tuple[Source, Vendor]:
        source, vendor = await self._door.sources.by_id(source_id), VENDORS.get(name)
        is_hook = source is not None and source.kind in (SourceKind.WEBHOOK, SourceKind.EMAIL)
        if source is None or vendor is None or not is_hook or source.vendor != name:
            metrics.TURNED_AWAY.labels("unknown_hook").inc()
            raise NotFound("there is no such hook", field="source_id")
        if not source.is_active:
            metrics.HOOKS.labels(vendor.name, "closed").inc()
            raise Forbidden("the source is closed", "leads:write")
        return source, vendor

    def _opened(self, source: Source) -> tuple[Secrets, Config]:
        try:
            return open_secrets(source, self._door.vault), open_config(source, self._door.vault)
        except BrokenSeal:
            # Sealed under a secret that this process was not told: vendors come again, and a
            # person has to look. Answering 401 would have them give up.
            raise Unavailable("the source's secrets can't be opened") from None

    async def _turn_away(self, stray: Stray, vendor: Vendor) -> None:
        sample = stray.sample if vendor.redact is None else vendor.redact(stray.sample)
        await self._strays.keep(replace(stray, sample=sample))


def _greeting(raw: Raw, vendor: Vendor, secrets: Secrets, config: Config) -> Greeting | None:
    """The answer to a handshake. Raises `BadSignature`, and 405 for what is no way to shake."""
    is_delivery = raw.method == "POST"
    may_greet = vendor.greet is not None and (is_delivery or raw.method in vendor.greet_methods)
    greeting = vendor.greet(raw, secrets, config) if vendor.greet and may_greet else None
    if greeting is None and not is_delivery:
        raise HTTPException(405)
    return greeting


def _counted(outcomes: Sequence[Outcome], vendor: Vendor) -> Response:
    metrics.HOOKS.labels(vendor.name, "taken").inc()
    counts = counts_of(outcomes).model_dump()
    for word, count in counts.items():
        metrics.HOOK_FINDINGS.labels(vendor.name, word).inc(count)
    return JSONResponse(counts)


def counts_of(outcomes: Sequence[Outcome]) -> HookAnswer:
    """How many of each there are."""
    return HookAnswer(**Counter(_word(outcome) for outcome in outcomes))


def _word(outcome: Outcome) -> str:
    match outcome:
        case Taken():
            return "taken"
        case Recorded():
            return "recorded"
        case SetAside(_, status):
            return status
        case Kept():
            return "refused"
        case _:
            return "repeated"
