"""Sources are looked after from a terminal as they are by HTTP."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
import structlog
from typer.testing import CliRunner

from baton.command_line import Commands
from baton.errors import Refused
from marketing_intake.__main__ import parts_of
from marketing_intake.commands import source_commands
from marketing_intake.settings import IntakeSettings
from support.hook_sender import SECRET, a_response, taken_by_hook
from support.intake_door import IntakeDoor, MadeSource
from support.open_services import plain_settings


@contextmanager
def logs_left_alone() -> Iterator[None]:
    """A command sends what it logs to its own output, which is closed when it is done."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


async def run(url: str, *arguments: str, stdin: str = "\n") -> list[dict[str, Any]]:
    """Run a command on this database, as its own process would; returns what it says."""
    settings = IntakeSettings.model_validate(plain_settings(url))
    app = source_commands(Commands(lambda: parts_of(settings)))
    with logs_left_alone():
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), stdin)
    if result.exception is not None:
        raise result.exception
    return [orjson.loads(line) for line in result.stdout.splitlines()]


async def test_a_source_is_made_changed_and_shown(intake: IntakeDoor, url: str) -> None:
    terms = '{"name": "form tool", "kind": "webhook", "vendor": "typeform"}'

    (made,) = await run(url, "make", terms, stdin=f"{SECRET}\n")
    (changed,) = await run(url, "change", made["source_id"], '{"owner": "Grace"}')
    (shown,) = await run(url, "show", made["source_id"])
    versions = await run(url, "versions", made["source_id"])
    listed = await run(url, "list")

    assert changed["contract"]["owner"] == shown["contract"]["owner"] == "Grace"
    assert [one["version"] for one in versions] == [2, 1]
    assert [one["name"] for one in listed] == ["form tool"]
    hook = MadeSource(made["source_id"], {}, None)
    assert await taken_by_hook(intake, hook, a_response()) == {"taken": 1}
    audits = await intake.opened.fetch("select who from audit_log where subject = $1", hook.id)
    assert {row["who"] for row in audits} == {"command line"}


async def test_secrets_and_keys_are_rotated(intake: IntakeDoor, url: str) -> None:
    shop = await intake.source()

    (secret,) = await run(url, "add-secret", shop.id)
    (given,) = await run(url, "add-secret", shop.id, stdin="made-by-the-vendor\n")
    await run(url, "end-secret", shop.id, secret["secret_id"])
    (key,) = await run(url, "add-key", shop.id)
    await run(url, "end-key", shop.id, key["key_id"])

    assert given["secret"] == "made-by-the-vendor"
    (shown,) = await run(url, "show", shop.id)
    assert shown["secret_ids"] == [given["secret_id"]]


@pytest.mark.parametrize("terms", ["not json", '{"name": ""}', '{"nothing": 1, "name": "x"}'])
async def test_terms_that_are_wrong_are_told(url: str, terms: str) -> None:
    with pytest.raises(Refused):
        await run(url, "make", terms)
