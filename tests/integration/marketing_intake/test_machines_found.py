"""Machines' activities are said with their suspicion, or retracted when it shows later."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.facts import NOON
from support.intake_door import ADA, IntakeDoor, MadeSource, open_intake

OPENED = {"kind": "email_opened", "email": ADA["email"], "message_id": "m-1"}


def a_click(link: int, second: int, **more: Any) -> dict[str, Any]:
    """A click on a numbered link of the newsletter, so many seconds after eleven."""
    at = NOON - timedelta(hours=1) + timedelta(seconds=second)
    return {
        "kind": "email_clicked",
        "email": ADA["email"],
        "message_id": "m-1",
        "url": f"https://shop.example/{link}",
        "occurred_at": at.isoformat(),
        **more,
    }


async def record(intake: IntakeDoor, shop: MadeSource, *activities: dict[str, Any]) -> list[str]:
    """Send activities together; returns their ids."""
    answer = await intake.client.post("/v1/activities", json=list(activities), headers=shop.headers)
    items = answer.json()["items"]
    assert [item["status"] for item in items] == [202] * len(activities), answer.text
    return [item["activity_id"] for item in items]


async def suspicions(intake: IntakeDoor) -> dict[str, str | None]:
    """What the facts said, by activity."""
    return {
        fact["data"]["activity_id"]: fact["data"].get("suspicion")
        for fact in await intake.said("ActivityRecorded")
    }


async def retracted(intake: IntakeDoor) -> set[str]:
    """Which activities were retracted as a scanner's."""
    facts = [fact["data"] for fact in await intake.said("ActivityRetracted")]
    assert {fact["suspicion"] for fact in facts} <= {"link_scan"}
    return {fact["activity_id"] for fact in facts}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"user_agent": "curl/8.9.1"}, "known_agent"),
        ({"user_agent": "Firefox (via ggpht.com GoogleImageProxy)"}, None),
        ({"user_agent": "Firefox", "ip": "104.47.9.9"}, "known_network"),
        ({"user_agent": "Firefox", "ip": "192.0.2.1"}, None),
        ({}, None),
    ],
)
async def test_what_is_a_machines_by_itself_is_said_so(
    intake: IntakeDoor, shop: MadeSource, given: dict[str, str], expected: str | None
) -> None:
    (activity_id,) = await record(intake, shop, OPENED | given)

    assert await suspicions(intake) == {activity_id: expected}
    assert "192.0.2" not in str(await intake.said("ActivityRecorded"))


async def test_a_scan_in_one_batch_is_said_so_and_nothing_is_retracted(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    ids = await record(intake, shop, a_click(1, 0), a_click(2, 1), a_click(3, 2), a_click(1, 60))

    said = await suspicions(intake)
    assert [said[one] for one in ids] == ["link_scan", "link_scan", "link_scan", None]
    assert await retracted(intake) == set()
    assert await intake.unaccounted() == 0


async def test_clicks_that_were_said_before_the_scan_showed_are_retracted(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    (long_before,) = await record(intake, shop, a_click(9, -3600))
    (first,) = await record(intake, shop, a_click(1, 0))
    (second,) = await record(intake, shop, a_click(2, 1))
    (third,) = await record(intake, shop, a_click(3, 3))

    said = await suspicions(intake)

    assert (said[long_before], said[first], said[second], said[third]) == (
        None, None, None, "link_scan",
    )  # fmt: skip
    assert await retracted(intake) == {first, second}
    rows = await intake.opened.fetch("select id, suspicion from activities order by id")
    assert [row["suspicion"] for row in rows] == [None, "link_scan", "link_scan", "link_scan"]
    assert await intake.unaccounted() == 0


async def test_what_is_retracted_once_is_not_retracted_again(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    for link, second in ((1, 0), (2, 1), (3, 2), (4, 3), (5, 4)):
        await record(intake, shop, a_click(link, second))

    assert len(await intake.said("ActivityRetracted")) == 2
    assert await intake.unaccounted() == 0


@pytest.mark.parametrize(
    "other",
    [
        {"message_id": "m-2"},
        {"email": "somebody@example.org"},
        {"url": "https://shop.example/1"},
        {"kind": "email_opened"},
        {"message_id": None},
    ],
)
async def test_a_scan_is_one_persons_clicks_on_links_of_one_message(
    intake: IntakeDoor, shop: MadeSource, other: dict[str, str]
) -> None:
    await record(intake, shop, a_click(1, 0))
    await record(intake, shop, a_click(2, 1))

    await record(intake, shop, a_click(3, 2) | other)

    assert set((await suspicions(intake)).values()) == {None}
    assert await retracted(intake) == set()


async def test_another_sources_message_is_another_message(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    fair = await intake.source("fair")
    await record(intake, shop, a_click(1, 0), a_click(2, 1))

    await record(intake, fair, a_click(3, 2))

    assert set((await suspicions(intake)).values()) == {None}


async def test_clicks_may_come_in_any_order(intake: IntakeDoor, shop: MadeSource) -> None:
    (last,) = await record(intake, shop, a_click(3, 4))
    (first,) = await record(intake, shop, a_click(1, 0))

    (middle,) = await record(intake, shop, a_click(2, 2))

    assert (await suspicions(intake))[middle] == "link_scan"
    assert await retracted(intake) == {first, last}


async def test_a_known_agents_clicks_show_the_scan_of_the_others(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    agents = {"user_agent": "curl/8"}
    (plain,) = await record(intake, shop, a_click(1, 0))

    named = await record(intake, shop, a_click(2, 1, **agents), a_click(3, 1, **agents))

    said = await suspicions(intake)
    assert [said[one] for one in named] == ["known_agent", "known_agent"]
    assert await retracted(intake) == {plain}


async def test_a_retraction_tells_nothing_of_the_person(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    for n in range(3):
        await record(intake, shop, a_click(n, n))

    facts = await intake.said("ActivityRetracted")

    assert facts
    assert "shop.example" not in str(facts)
    assert ADA["email"] not in str(facts)


async def test_who_unsubscribes_by_a_machines_hand_is_heeded(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    unsubscribed = {"kind": "unsubscribed", "email": ADA["email"], "user_agent": "curl/8"}

    await record(intake, shop, unsubscribed)

    assert "marketing" not in (await intake.said("ConsentChanged"))[-1]["data"]["granted"]


async def test_an_operators_list_and_span_are_used(url: str, tmp_path: Path) -> None:
    listed = tmp_path / "machines.txt"
    listed.write_text("agent ExampleMonitor\nnetwork 192.0.2.0/24\n")
    settings = {"machines_file": listed, "scan_links_min": 2, "scan_within_seconds": 1}

    async with open_intake(url, **settings) as intake:
        shop = await intake.source()
        named = await record(intake, shop, OPENED | {"user_agent": "ExampleMonitor/1"})
        near = await record(intake, shop, OPENED | {"ip": "192.0.2.7"})
        scan = await record(intake, shop, a_click(1, 0), a_click(2, 1), a_click(3, 9))
        said = await suspicions(intake)

    assert [said[one] for one in (*named, *near, *scan)] == [
        "known_agent", "known_network", "link_scan", "link_scan", None,
    ]  # fmt: skip


async def test_a_bad_list_ends_the_start_with_the_line(url: str, tmp_path: Path) -> None:
    listed = tmp_path / "machines.txt"
    listed.write_text("network everywhere\n")

    with pytest.raises(SystemExit, match="BATON_MACHINES_FILE: line 1"):
        async with open_intake(url, machines_file=listed):
            pass
