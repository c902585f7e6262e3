"""The line is drawn by one version at a time, and never goes back to an older one."""

import asyncio

import pytest

from baton.errors import Conflict, NotFound, Refused, Unavailable
from baton.ids import new_id
from baton.transaction import Origin
from lead_scoring.handlers import policies
from lead_scoring.handlers.hear_marketing import hear_marketing
from lead_scoring.repository.documents import PolicyDocument
from support.databases import MakeTransactions
from support.scoring_desk import WHO, Desk, a_lead, a_weak_lead

STRICT = {
    "rules": [{"id": "any", "group": "fit", "points": 1, "text": "anybody"}],
    "line": {"points": 1, "reachable_by": ["phone"]},
}


async def test_a_fresh_service_publishes_a_policy_once(desk: Desk) -> None:
    for _ in range(2):
        async with desk.transactions.begin() as tx:
            await policies.ensure_policy(tx)

    rows = await desk.fetch("select type, aggregateid as key from outbox")
    assert [(row["type"], row["key"]) for row in rows] == [
        ("io.baton.PolicyPublished.v1", "policy")
    ]


async def test_starting_two_processes_at_once_publishes_one_policy(
    make_transactions: MakeTransactions,
) -> None:
    transactions = await make_transactions("lead_scoring")

    async def start() -> None:
        async with transactions.begin() as tx:
            await policies.ensure_policy(tx)

    await asyncio.gather(start(), start(), start())

    async with transactions.read() as reader:
        assert await reader.fetchval("select count(*) from policies") == 1


async def test_leads_are_decided_by_the_version_published_last(desk: Desk) -> None:
    await desk.hear(a_lead(new_id()))

    version = await desk.publish(**STRICT)
    await desk.hear(a_lead(new_id()))

    said = [one["data"] for one in await desk.said() if one["type"] != "PolicyPublished"]
    assert [one["policy_version"] for one in said] == [1, version]
    assert said[1]["missing"] == ["reachability"]


async def test_publishing_is_said_audited_and_harmless_when_done_again(desk: Desk) -> None:
    version = await desk.publish(**STRICT)

    async with desk.transactions.begin() as tx:
        await policies.publish(version, tx, who=WHO, origin=Origin.fresh())

    (said,) = await desk.said()
    assert said["data"]["version"] == version
    assert PolicyDocument.model_validate(said["data"]["document"]).line.points == 1
    audit = await desk.fetch("select who, what, subject from audit_log order by at, what")
    assert [tuple(row) for row in audit] == [
        (WHO, "policy drafted", f"policy {version}"),
        (WHO, "policy published", f"policy {version}"),
    ]
    assert await desk.unaccounted() == 0


async def test_an_older_version_can_not_be_published_any_more(desk: Desk) -> None:
    await desk.publish(**STRICT)

    async with desk.transactions.begin() as tx:
        with pytest.raises(Conflict, match="never goes back"):
            await policies.publish(1, tx, who=WHO, origin=Origin.fresh())


async def test_a_version_that_is_not_there_can_not_be_published(desk: Desk) -> None:
    async with desk.transactions.begin() as tx:
        with pytest.raises(NotFound):
            await policies.publish(99, tx, who=WHO, origin=Origin.fresh())


async def test_a_faulty_policy_is_refused_with_its_place(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        await desk.publish(line={"points": 5})

    assert refused.value.field == "line.points"


async def test_publishing_waits_for_a_batch_that_decides_by_the_version_before(
    desk: Desk,
) -> None:
    order: list[str] = []

    async def publish() -> None:
        await desk.publish(**STRICT)
        order.append("published")

    async with desk.transactions.begin() as tx:
        await hear_marketing([a_lead(new_id())], tx)
        publishing = asyncio.create_task(publish())
        done, _ = await asyncio.wait({publishing}, timeout=0.3)
        order.append("batch ends")
    await publishing
    await desk.hear(a_lead(new_id()))

    assert (done, order) == (set(), ["batch ends", "published"])
    versions = await desk.fetch("select policy_version from receipts order by decided_at, id")
    assert [row["policy_version"] for row in versions] == [1, 2]


async def test_a_batch_that_had_to_wait_decides_by_the_new_version(desk: Desk) -> None:
    async with desk.transactions.begin() as tx:
        draft = await policies.draft(
            PolicyDocument.model_validate({"name": "Test"} | STRICT), tx, who=WHO
        )
    async with desk.transactions.begin() as tx:
        await policies.publish(draft.version, tx, who=WHO, origin=Origin.fresh())
        hearing = asyncio.create_task(desk.hear(a_lead(new_id())))
        done, _ = await asyncio.wait({hearing}, timeout=0.3)
    await hearing

    assert done == set()
    (row,) = await desk.fetch("select policy_version from receipts")
    assert row["policy_version"] == draft.version


async def test_versions_only_rise_while_batches_and_publishing_race(desk: Desk) -> None:
    seen: list[list[int]] = [[], []]

    async def hear(versions: list[int]) -> None:
        for _ in range(10):
            lead = a_lead(new_id())
            await desk.hear(lead, a_weak_lead(new_id()))
            (row,) = await desk.fetch("select policy_version from receipts where id = $1", lead.id)
            versions.append(row["policy_version"])

    async def publish() -> None:
        for _ in range(5):
            await desk.publish()

    await asyncio.gather(hear(seen[0]), hear(seen[1]), publish())

    assert seen == [sorted(versions) for versions in seen]
    assert (await desk.verify()).differences == []
    assert await desk.unaccounted() == 0


async def test_without_any_policy_the_consumer_waits(make_transactions: MakeTransactions) -> None:
    transactions = await make_transactions("lead_scoring")

    async with transactions.begin() as tx:
        with pytest.raises(Unavailable):
            await hear_marketing([a_lead(new_id())], tx)
