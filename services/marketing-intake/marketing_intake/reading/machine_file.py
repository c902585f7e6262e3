"""The operator's own list of machines: a text with one agent or one network a line.

# Our own monitoring, and the gateway that our customers use.
agent ExampleMonitor/
network 192.0.2.0/24
"""

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

LINES_MAX: Final = 10_000
AGENT_CHARACTERS_MIN: Final = 3
"""Shorter parts of a name are in every browser's name."""
EXPECTED: Final = "must be `agent` or `network` and what it is, as in `network 192.0.2.0/24`"


@dataclass(frozen=True, slots=True)
class ListedMachines:
    """Parts of agents' names in small letters, and networks."""

    agents: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


def read_machines(text: str) -> ListedMachines:
    """What the list says. Raises `ValueError`, which names the line and what was expected."""
    agents: list[str] = []
    networks: list[str] = []
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        raise ValueError(f"the list of machines may have {LINES_MAX} lines")
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split(maxsplit=1)
        match words:
            case []:
                continue
            case ["agent", name] if len(name.strip()) >= AGENT_CHARACTERS_MIN:
                agents.append(name.strip().lower())
            case ["network", cidr] if _is_network(cidr.strip()):
                networks.append(cidr.strip())
            case _:
                raise ValueError(f"line {number} of the list of machines {EXPECTED}")
    return ListedMachines(tuple(agents), tuple(networks))


def _is_network(cidr: str) -> bool:
    try:
        ip_network(cidr)
    except ValueError:
        return False
    return True
