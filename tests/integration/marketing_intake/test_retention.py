"""Bodies go after their days, in bounded batches; rows stay, and the books hold."""

from dataclasses import replace
from datetime import timedelta

from baton.clock import HandClock, SystemClock
from baton.ids import first_id_of, new_id
from marketing_intake.repository import payloads
from marketing_intake.settings import IntakeSettings
from marketing_intake.timers import make_timers
from support.hook_sender import a_hook, a_response, post_hook
from support.intake_door import IntakeDoor, MadeSource
from support.open_services import plain_settings

DAYS = {"payload_days": 10, "failed_days": 20, "stray_days": 5}


async def let_time_pass(intake: IntakeDoor, *, days: int) -> None:
    """Let timers run as if it were so many days from now; ids are of the machine's own time."""
    timers = make_timers(IntakeSettings.model_validate(plain_settings("postgresql://x") | DAYS))
    clock = HandClock(SystemClock().now() + timedelta(days=days))
    async with replace(intake.opened.service.transactions, clock=clock).begin() as tx:
        for timer in timers:
            if timer.name in ("forget_bodies", "forget_strays"):
                await timer.handler(tx)


async def kept(intake: IntakeDoor) -> dict[str, bool]:
    """By status: whether the body is there."""
    rows = await intake.opened.fetch("select status, body is not null as is_kept from payloads")
    return {row["status"]: row["is_kept"] for row in rows}


async def test_bodies_of_what_was_taken_go_before_those_of_what_failed(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.taken(shop)
    await intake.send(shop, {"email": "nobody"})

    await let_time_pass(intake, days=9)
    assert await kept(intake) == {"taken": True, "refused": True}
    await let_time_pass(intake, days=11)
    assert await kept(intake) == {"taken": False, "refused": True}
    await let_time_pass(intake, days=21)
    assert await kept(intake) == {"taken": False, "refused": False}

    assert await intake.unaccounted() == 0


async def test_what_failed_without_its_body_is_mended_by_a_new_one_only(
    intake: IntakeDoor, shop: MadeSource
) -> None:
    await intake.send(shop, {"email": "nobody"})
    await let_time_pass(intake, days=21)
    (item,) = (await intake.get("/v1/failed")).json()["items"]

    as_it_came = await intake.client.post(
        f"/v1/failed/{item['failed_id']}/replay", headers=intake.admin
    )
    mended = await intake.client.post(
        f"/v1/failed/{item['failed_id']}/replay",
        json={"email": "ada@example.org"},
        headers=intake.admin,
    )

    assert (as_it_came.status_code, mended.status_code) == (409, 200)


async def test_samples_of_strays_go(intake: IntakeDoor) -> None:
    hook = await a_hook(intake)
    await post_hook(intake, hook, a_response(), secret="wrong-wrong")

    await let_time_pass(intake, days=6)

    assert await intake.count("strays") == 0


async def test_bodies_go_in_bounded_batches(intake: IntakeDoor, shop: MadeSource) -> None:
    for _ in range(5):
        await intake.taken(shop)
    soon = SystemClock().now() + timedelta(minutes=1)

    done = []
    for _ in range(4):
        async with intake.opened.service.transactions.begin() as tx:
            done.append(await payloads.empty_old(tx, soon, 2, of_failed=False))

    assert done == [2, 2, 1, 0]
    assert await kept(intake) == {"taken": False}


def test_the_first_id_of_a_moment_parts_before_from_after() -> None:
    now = SystemClock().now()

    assert (
        first_id_of(now - timedelta(seconds=1)) < new_id() < first_id_of(now + timedelta(seconds=5))
    )
