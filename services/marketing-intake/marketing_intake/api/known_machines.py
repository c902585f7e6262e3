"""What machines are known by in this installation: what is known everywhere, and what is set."""

import sys
from datetime import timedelta
from pathlib import Path

from marketing_intake.domain.machine_lists import NETWORKS
from marketing_intake.domain.machines import Machines, networks_of
from marketing_intake.reading.machine_file import ListedMachines, read_machines
from marketing_intake.settings import IntakeSettings


def known_machines(settings: IntakeSettings) -> Machines:
    """The machines of these settings; a list that can't be read ends the process by a sentence."""
    path = settings.machines_file
    listed = ListedMachines() if path is None else _listed(path)
    return Machines(
        agents=listed.agents,
        networks=networks_of((*NETWORKS, *listed.networks)),
        links_min=settings.scan_links_min,
        scan_within=timedelta(seconds=settings.scan_within_seconds),
    )


def _listed(path: Path) -> ListedMachines:
    try:
        return read_machines(path.read_text("utf-8"))
    except OSError as error:
        sys.exit(f"BATON_MACHINES_FILE: {error.strerror}")
    except ValueError as error:
        sys.exit(f"BATON_MACHINES_FILE: {error}")
