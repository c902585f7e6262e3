"""What the environment says about how and where Baton is run on this machine."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.errors import CannotStart
from launcher.infrastructure import InfrastructurePorts

DATA_SETTING: Final = "BATON_DATA_FOLDER"
PORT_SETTINGS: Final = {
    "marketing-intake": ("BATON_INTAKE_PORT", 8001),
    "lead-scoring": ("BATON_SCORING_PORT", 8002),
    "sales-routing": ("BATON_ROUTING_PORT", 8003),
    "kafka": ("BATON_KAFKA_PORT", 9092),
    "postgres": ("BATON_POSTGRES_PORT", 5432),
}


@dataclass(frozen=True, slots=True)
class LaunchSettings:
    """Where data lies and which ports are used."""

    folder: Path
    ports: dict[str, int]

    @property
    def infrastructure_ports(self) -> InfrastructurePorts:
        """Kafka's controller listens next to Kafka."""
        kafka = self.ports["kafka"]
        return InfrastructurePorts(kafka, kafka + 1, self.ports["postgres"])


def read_launch_settings() -> LaunchSettings:
    """From the environment. Raises `CannotStart` for a port that is none."""
    folder = Path(os.environ.get(DATA_SETTING, ".baton")).resolve()
    return LaunchSettings(folder, {name: _port(name) for name in PORT_SETTINGS})


def _port(name: str) -> int:
    setting, default = PORT_SETTINGS[name]
    text = os.environ.get(setting, str(default))
    if not text.isdigit() or not 0 < int(text) < 65535:
        raise CannotStart(f"{setting} must be a port, a number from 1 to 65534.")
    return int(text)
