"""Scoring with invented people on both sides of the line, for those who look at its pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from baton.clock import HandClock
from baton.contracts.marketing import SourceDescribed
from baton.ids import new_id
from lead_scoring.__main__ import parts_of
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from support.databases import Templates
from support.facts import NOON, an_event
from support.open_services import OpenService, open_service, plain_settings
from support.scoring_desk import Desk, a_lead, a_merge, a_weak_lead
from support.scoring_diffs import diffed, draft, won
from support.scoring_events import an_activity

LOW = {"name": "Low line", "line": {"points": 0}}


@dataclass(frozen=True)
class Line:
    """The service with people in it, one of them known well, and a draft that was compared."""

    opened: OpenService
    desk: Desk
    person_id: str
    version: int
    diff_id: str


@asynccontextmanager
async def invented_line(templates: Templates) -> AsyncIterator[Line]:
    """A fresh one."""
    clock = HandClock(NOON)
    url = await templates.copy("lead_scoring")
    parts = parts_of(ScoringSettings.model_validate(plain_settings(url)))
    async with open_service(parts, clock) as opened:
        desk = Desk(opened.service.transactions, clock)
        async with opened.service.transactions.begin() as tx:
            await ensure_policy(tx)
        person_id = await _people(desk)
        clock.advance(seconds=timedelta(days=2).total_seconds())
        version = await draft(desk, **LOW)
        found = await diffed(desk, version)
        yield Line(opened, desk, person_id, version, found.diff_id)


async def _people(desk: Desk) -> str:
    shop, fair = new_id(), new_id()
    sources = {shop: "Web shop", fair: "Spring fair <2026>"}
    await desk.hear(
        *(
            an_event(
                SourceDescribed.model_validate(
                    {
                        "source_id": one,
                        "name": name,
                        "kind": "api",
                        "channel": "event",
                        "is_active": True,
                    }
                ),
                key=one,
            )
            for one, name in sources.items()
        )
    )
    days = [-1440 * n for n in range(20)]
    good = [a_lead(new_id(), minutes=minutes, source_id=shop) for minutes in days]
    weak = [a_weak_lead(new_id(), minutes=minutes, source_id=fair) for minutes in days]
    known = a_weak_lead(new_id(), source_id=fair)
    await desk.hear(*good, *weak, known)
    await desk.hear(
        *(an_activity(known.key, minutes=-1440 * n, kind="email_clicked") for n in range(25))
    )
    await desk.hear(*a_merge(known.key, weak[0].key, merge_id=new_id()))
    await desk.hear(won(weak[1], "1250.50"), won(good[0], "7", "BRL"))
    return known.key
