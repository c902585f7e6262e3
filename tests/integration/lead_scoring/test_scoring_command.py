"""`baton policy`: the line drawn from a terminal, against a door on a port."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from baton.clock import HandClock
from baton.ids import new_id
from launcher.errors import CannotStart
from launcher.policy import policy
from launcher.policy_client import KEY_SETTING
from lead_scoring.__main__ import parts_of
from lead_scoring.handlers.policies import ensure_policy
from lead_scoring.settings import ScoringSettings
from support.browsers import served
from support.databases import Templates
from support.facts import NOON
from support.open_services import open_service, plain_settings
from support.scoring_desk import Desk, a_weak_lead
from support.scoring_diffs import diff_once
from support.scoring_rescoring import rescore_once


@dataclass
class Terminal:
    """A terminal, and the desk behind the door that it speaks to."""

    desk: Desk
    address: str
    key: str

    async def run(self, *arguments: object) -> Any:
        """Run a command while what it waits for is done; returns the JSON that it wrote."""
        words = [str(one) for one in (*arguments, "--url", self.address)]
        environment = {KEY_SETTING: self.key}
        running = asyncio.create_task(
            asyncio.to_thread(CliRunner(env=environment).invoke, policy, words)
        )
        while not (await asyncio.wait({running}, timeout=0.05))[0]:
            await diff_once(self.desk)
            await rescore_once(self.desk)
        result = await running
        if isinstance(result.exception, CannotStart):
            raise result.exception
        assert result.exit_code == 0, result.output
        with suppress(json.JSONDecodeError):
            return json.loads(result.stdout)


@pytest_asyncio.fixture
async def terminal(templates: Templates) -> AsyncIterator[Terminal]:
    """One with three weak leads behind it."""
    url = await templates.copy("lead_scoring")
    clock = HandClock(NOON)
    parts = parts_of(ScoringSettings.model_validate(plain_settings(url)))
    async with open_service(parts, clock) as opened:
        desk = Desk(opened.service.transactions, clock)
        async with opened.service.transactions.begin() as tx:
            await ensure_policy(tx)
        await desk.hear(*(a_weak_lead(new_id()) for _ in range(3)))
        clock.advance(seconds=60)
        key = (await opened.key("policies:admin"))["authorization"].removeprefix("Bearer ")
        async with served(opened.service.app) as address:
            yield Terminal(desk, address, key)


async def test_a_policy_is_added_compared_published_and_rolled_back(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "low.toml"
    file.write_text('name = "Low"\n[line]\npoints = 0\n')

    added = await terminal.run("add", file, "--json")
    found = await terminal.run("diff", added["version"], "--from", "2026-01-01", "--json")
    published = await terminal.run("publish", added["version"], "--json")
    back = await terminal.run("rollback", 1, "--json")
    listed = await terminal.run("list", "--json")
    shown = await terminal.run("show", added["version"])

    assert found["total"]["newly"]["people"] == 3
    assert (published["rescoring"], published["said"]) == ("ended", 3)
    assert (back["version"], back["is_rollback"]) == (1, True)
    assert [(one["version"], one["status"]) for one in listed] == [(2, "replaced"), (1, "active")]
    assert shown["line"]["points"] == 0


async def test_what_is_refused_is_told_with_its_place(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "faulty.json"
    file.write_text('{"name": "Faulty", "line": {"points": 5, "colour": 1}}')

    with pytest.raises(CannotStart, match=r"line\.colour"):
        await terminal.run("add", file)
    await terminal.run("add", _good(tmp_path))
    await terminal.run("publish", 2)
    await terminal.run("rollback", 1)
    with pytest.raises(CannotStart, match="unknowingly"):
        await terminal.run("publish", 2)


def _good(folder: Path) -> Path:
    file = folder / "good.json"
    file.write_text('{"name": "Good", "line": {"points": 0}}')
    return file
