"""Is it a machine's? By the name that it gives, where it asks from, and how fast it clicks."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from baton.contracts.vocabulary import ActivityKind, Suspicion
from marketing_intake.domain.machine_lists import AGENTS, NETWORKS, OPEN_PROXIES, PREFETCHERS

FETCHED: Final = frozenset(
    {
        ActivityKind.PAGE_VIEWED,
        ActivityKind.CONTENT_DOWNLOADED,
        ActivityKind.EMAIL_OPENED,
        ActivityKind.EMAIL_CLICKED,
        ActivityKind.AD_CLICKED,
    }
)
"""What fetching an address alone can bring about. With a meeting or an order, agent and address
are those of the tool that reports it; and who unsubscribes is heeded, whoever did it."""
AGENTS_REMEMBERED: Final = 4096
BOT: Final = re.compile(r"(?<!cu)bots?(?![a-z])|spider|crawl|slurp")
"""Programs that call themselves so; a Cubot is a telephone."""

Networks = Mapping[tuple[int, int], frozenset[int]]
"""Networks by version and by how many bits of an address lie behind their prefix."""


def networks_of(cidrs: Iterable[str]) -> Networks:
    """Networks made quick to look an address up in. Raises `ValueError` for what is none."""
    found: dict[tuple[int, int], set[int]] = {}
    for cidr in cidrs:
        network = ip_network(cidr)
        bits = network.max_prefixlen - network.prefixlen
        found.setdefault((network.version, bits), set()).add(int(network.network_address) >> bits)
    return {place: frozenset(prefixes) for place, prefixes in found.items()}


@dataclass(frozen=True, slots=True)
class Machines:
    """What machines are known by here.

    `agents` are parts of names besides those that are known everywhere, in small letters. Who
    clicks `links_min` different links of one message within `scan_within` has read none of them.
    """

    agents: tuple[str, ...] = ()
    networks: Networks = field(default_factory=lambda: networks_of(NETWORKS))
    links_min: int = 3
    scan_within: timedelta = timedelta(seconds=5)

    def suspicion(self, kind: ActivityKind, agent: object, address: object) -> Suspicion | None:
        """Why an activity is held to be a machine's, by itself alone."""
        if kind not in FETCHED:
            return None
        if isinstance(agent, str) and self._knows(agent):
            return Suspicion.KNOWN_AGENT
        if isinstance(address, str) and is_within(address, self.networks):
            return Suspicion.KNOWN_NETWORK
        return None

    def _knows(self, agent: str) -> bool:
        if is_known_agent(agent):
            return True
        return bool(self.agents) and any(one in agent.lower() for one in self.agents)


@lru_cache(maxsize=AGENTS_REMEMBERED)
def is_known_agent(agent: str) -> bool:
    """Whether an agent of this name is known to be a machine. The same few names come all day."""
    name = agent.strip().lower()
    if any(proxy in name for proxy in OPEN_PROXIES):
        return False
    is_listed = any(part in name for part in AGENTS)
    return is_listed or name in PREFETCHERS or BOT.search(name) is not None


def is_within(address: str, networks: Networks) -> bool:
    """Whether an address lies in one of these networks; what is no address lies nowhere."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    number = int(found)
    return any(
        number >> bits in prefixes
        for (version, bits), prefixes in networks.items()
        if version == found.version
    )


@dataclass(frozen=True, slots=True)
class Click:
    """One click on a link of a message by a person."""

    id: str
    url: str
    happened_at: datetime


def link_scans(clicks: Iterable[Click], machines: Machines) -> frozenset[str]:
    """Which of one person's clicks on one message are a scanner's.

    All that lie in a span of `scan_within` with `links_min` different links in it; in whatever
    order they come, and however many more are known.
    """
    ordered = sorted(clicks, key=lambda click: click.happened_at)
    links: Counter[str] = Counter()
    first = marked = 0
    found: list[str] = []
    for last, click in enumerate(ordered):
        links[click.url] += 1
        while click.happened_at - ordered[first].happened_at > machines.scan_within:
            _leave(links, ordered[first].url)
            first += 1
        if len(links) >= machines.links_min:
            marked = max(marked, first)
            found += [one.id for one in ordered[marked : last + 1]]
            marked = last + 1
    return frozenset(found)


def _leave(links: Counter[str], url: str) -> None:
    links[url] -= 1
    if not links[url]:
        del links[url]


__all__ = [
    "FETCHED",
    "Click",
    "Machines",
    "Networks",
    "is_known_agent",
    "is_within",
    "link_scans",
    "networks_of",
]
