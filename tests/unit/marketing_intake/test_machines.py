"""Machines are known by their names, their networks and their haste; people are left alone."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.contracts.vocabulary import ActivityKind, Suspicion
from marketing_intake.domain.machine_lists import AGENTS, NETWORKS
from marketing_intake.domain.machines import (
    FETCHED,
    Click,
    Machines,
    is_known_agent,
    is_within,
    link_scans,
    networks_of,
)
from support.facts import NOON

OPENED, CLICKED = ActivityKind.EMAIL_OPENED, ActivityKind.EMAIL_CLICKED
MACHINES = Machines()
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X70 Build/UP1A) AppleWebKit/537.36 Chrome/139.0 Mobile",
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)",
    "okhttp/4.12.0",
    "ShopApp/7 CFNetwork/1494.0.7 Darwin/23.4.0",
    "Talbott's browser",
    "",
)
PROXIES = (
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
)
PROGRAMS = (
    "Mozilla/5.0",
    " mozilla/5.0 ",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Microsoft Office Existence Discovery",
    "Barracuda Sentinel (EE)",
    "curl/8.9.1",
    "python-requests/2.32",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Slackbot-LinkExpanding 1.0",
    "GPTBot",
    "SomeSpider/1",
)


@pytest.mark.parametrize("agent", [*PROGRAMS, *AGENTS])
def test_a_machine_is_known_by_its_name(agent: str) -> None:
    assert is_known_agent(agent)


@pytest.mark.parametrize("agent", BROWSERS)
def test_a_browser_is_no_machine(agent: str) -> None:
    assert not is_known_agent(agent)


@pytest.mark.parametrize("agent", PROXIES)
def test_a_proxy_that_fetches_because_somebody_opened_is_no_machine(agent: str) -> None:
    assert MACHINES.suspicion(OPENED, agent, None) is None


@given(st.text())
def test_any_text_is_an_agent(agent: str) -> None:
    assert is_known_agent(agent) in (True, False)


@pytest.mark.parametrize("cidr", NETWORKS)
def test_the_first_and_the_last_address_of_a_known_network_are_in_it(cidr: str) -> None:
    ((_, bits), prefixes), *_ = networks_of([cidr]).items()
    first = min(prefixes) << bits
    ends = [
        ".".join(str(n >> s & 255) for s in (24, 16, 8, 0)) for n in (first, first + 2**bits - 1)
    ]

    assert all(is_within(end, MACHINES.networks) for end in ends)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", True),
        ("::ffff:192.0.2.1", True),
        ("192.0.3.1", False),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
        ("192.0.2.1:443", False),
        ("192.0.2", False),
        ("somewhere", False),
        ("", False),
    ],
)
def test_an_address_is_looked_up_in_networks_of_both_versions(address: str, expected: bool) -> None:
    networks = networks_of(["192.0.2.0/24", "2001:db8::/32"])

    assert is_within(address, networks) is expected


@given(st.ip_addresses(), st.integers(0, 128))
def test_an_address_is_in_every_network_that_is_made_of_it(
    address: IPv4Address | IPv6Address, bits: int
) -> None:
    network = ip_network((address, min(bits, address.max_prefixlen)), strict=False)
    is_wrapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None

    found = is_within(str(address), networks_of([str(network)]))

    assert found is not is_wrapped


def test_an_operators_own_machines_are_known_besides() -> None:
    machines = Machines(agents=("examplemonitor",), networks=networks_of(["192.0.2.0/24"]))

    assert machines.suspicion(OPENED, "ExampleMonitor/2", None) is Suspicion.KNOWN_AGENT
    assert machines.suspicion(OPENED, BROWSERS[0], "192.0.2.9") is Suspicion.KNOWN_NETWORK
    assert machines.suspicion(OPENED, "curl/8", None) is Suspicion.KNOWN_AGENT


@pytest.mark.parametrize("kind", list(ActivityKind))
def test_only_what_fetching_can_bring_about_is_held_to_be_a_machines(kind: ActivityKind) -> None:
    found = MACHINES.suspicion(kind, "curl/8", "104.47.0.1")

    assert (found is not None) is (kind in FETCHED)


def test_nothing_is_known_of_who_says_nothing() -> None:
    assert MACHINES.suspicion(CLICKED, None, None) is None
    assert MACHINES.suspicion(CLICKED, 7, {"v4": "104.47.0.1"}) is None


def clicks_of(pairs: list[tuple[int, int]]) -> list[Click]:
    """Clicks by their second after noon and the number of their link."""
    return [
        Click(str(n), f"https://shop.example/{link}", NOON + timedelta(seconds=second))
        for n, (second, link) in enumerate(pairs)
    ]


def test_three_links_within_five_seconds_are_a_scan_and_one_later_is_a_persons() -> None:
    clicks = clicks_of([(0, 1), (2, 2), (5, 3), (11, 1)])

    assert link_scans(clicks, MACHINES) == {"0", "1", "2"}


def test_the_same_link_again_and_again_is_no_scan() -> None:
    assert link_scans(clicks_of([(0, 1), (1, 1), (2, 2), (3, 1)]), MACHINES) == frozenset()


def test_who_takes_their_time_reads() -> None:
    assert link_scans(clicks_of([(0, 1), (3, 2), (6, 3), (9, 4)]), MACHINES) == frozenset()


PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=25)


@given(PAIRS, st.integers(2, 5), st.integers(1, 8))
def test_a_click_is_a_scans_when_some_span_around_it_has_links_enough(
    pairs: list[tuple[int, int]], links_min: int, seconds: int
) -> None:
    machines = Machines(links_min=links_min, scan_within=timedelta(seconds=seconds))
    spans = [
        [n for n, (second, _) in enumerate(pairs) if start <= second <= start + seconds]
        for start, _ in pairs
    ]

    expected = {
        str(n) for span in spans if len({pairs[n][1] for n in span}) >= links_min for n in span
    }

    assert link_scans(clicks_of(pairs), machines) == expected


@given(PAIRS, st.randoms())
def test_the_order_in_which_clicks_come_makes_no_difference(
    pairs: list[tuple[int, int]], random: Random
) -> None:
    clicks = clicks_of(pairs)
    shuffled = list(clicks)
    random.shuffle(shuffled)

    assert link_scans(shuffled, MACHINES) == link_scans(clicks, MACHINES)


@given(PAIRS, PAIRS)
def test_more_clicks_never_make_a_scan_a_persons(
    pairs: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    known = link_scans(clicks_of(pairs), MACHINES)

    assert known <= link_scans(clicks_of(pairs + more), MACHINES)
