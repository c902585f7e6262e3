"""`baton import` against a running service: it follows, tells, saves what was refused."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from baton.contracts.topics import TOPICS
from baton.ids import new_id
from baton.messaging.kafka import KafkaAccess, create_topics
from launcher.ports import free_port
from launcher.processes import ChildProcess
from launcher.topology import SERVICES
from support.databases import Templates
from support.import_door import crowd
from support.infrastructure import Addresses
from support.running_services import environment, master_key, until_ready

INTAKE = SERVICES[0]


@dataclass(frozen=True)
class Command:
    """The command, and the service that it speaks to."""

    client: httpx.AsyncClient

    async def run(self, *words: str) -> tuple[int, dict[str, Any], str]:
        """Its exit code, the JSON that it wrote, and what it told a person."""
        key = self.client.headers["authorization"].removeprefix("Bearer ")
        url = str(self.client.base_url)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "launcher", "import", *words, "--url", url, "--json"),
            env=os.environ | {"BATON_API_KEY": key, "COLUMNS": "200"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, told = await process.communicate()
        assert process.returncode is not None
        return process.returncode, json.loads(out or b"{}"), told.decode()


@pytest_asyncio.fixture(scope="module")
async def command(
    infrastructure: Addresses, templates: Templates, tmp_path_factory: Any
) -> AsyncIterator[Command]:
    """The command beside intake alone, with a source called `fair`."""
    access = KafkaAccess(infrastructure.kafka_bootstrap, "test", topic_prefix=f"t{new_id()}.")
    await create_topics(access, TOPICS, partitions=1, replicas=1)
    url, port = await templates.copy(INTAKE.database), free_port()
    log: Path = tmp_path_factory.mktemp("logs") / "intake.log"
    told = environment(INTAKE, url, access, port)
    process = ChildProcess(INTAKE.name, INTAKE.command(), log, environment=told)
    process.start()
    headers = await master_key(url)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        await until_ready(process, client)
        (await client.post("/v1/sources", json={"name": "fair"})).raise_for_status()
        yield Command(client)
    process.stop()


async def test_a_file_is_brought_in_to_its_end(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "fair.csv"
    file.write_bytes(crowd(2000))

    code, outcome, told = await command.run(str(file), "--source", "fair")
    again = await command.run(str(file), "--source", "fair")

    assert code == 0, told
    assert (outcome["status"], outcome["taken"], outcome["name"]) == ("ended", 2000, "fair.csv")
    assert "2000 rows: 2000 taken, 0 refused" in told
    assert again[1]["import_id"] == outcome["import_id"]
    assert "imported before" in again[2]


async def test_refused_rows_are_saved_beside_the_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "fair.csv"
    file.write_text("Who;Mail\nAda;ada@crumpet.org\nBen;nobody\n")

    code, outcome, told = await command.run(
        str(file), "--source", "fair", "--map", "who=given_name", "--map", "Mail=email"
    )

    assert code == 1
    assert (outcome["taken"], outcome["refused"]) == (1, 1)
    assert "1 x email: must be an e-mail address" in told
    refused = (tmp_path / "fair.refused.csv").read_text(encoding="utf-8-sig")
    assert refused.splitlines()[1] == "Ben;nobody;2;email;must be an e-mail address"


async def test_a_dry_run_shows_the_rows(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "fair.csv"
    file.write_text("Mail,Shoes\nada@crumpet.org,7\n")

    code, outcome, told = await command.run(str(file), "--source", "fair", "--dry-run")

    assert (code, outcome["would_be_taken"]) == (0, 1)
    assert "ada@crumpet.org" in told
    assert "Kept, but not read: Shoes" in told


async def test_what_cannot_be_is_said_in_one_sentence(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "fair.csv"
    file.write_text("Mail\n")

    code, _, told = await command.run(str(file), "--source", "nobody's")
    mapped = await command.run(str(file), "--source", "fair", "--map", "Fax=phone")

    assert (code, mapped[0]) == (1, 1)
    assert "There is no source called nobody's." in told
    assert "answered 422: the mapping names a column that is not in the file." in mapped[2]


async def test_a_day_that_is_used_up_is_said_and_not_waited_for(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "fair.csv"
    file.write_bytes(crowd(20))
    made = await command.client.post("/v1/sources", json={"name": "partner", "per_day": 5})
    assert made.status_code == 201, made.text

    code, outcome, told = await command.run(str(file), "--source", "partner")

    assert (code, outcome["status"], outcome["rows"]) == (1, "waiting", 5)
    assert "has sent what is agreed for a day" in told
