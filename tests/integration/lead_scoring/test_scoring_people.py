"""People merge, change their mind and are forgotten; what sales has is taken back once."""

from decimal import Decimal

import pytest

from baton.contracts.envelope import Event
from baton.contracts.fact import Fact
from baton.contracts.sales import DealClosed, OutcomeCorrected
from baton.errors import NotFound
from baton.ids import new_id
from support.facts import NOON, an_event
from support.scoring_desk import (
    Desk,
    a_consent,
    a_lead,
    a_merge,
    a_weak_lead,
    again,
    an_erasure,
    an_unmerge,
    lead_id_of,
)


def a_closure(lead: Event[Fact], *, version: int = 1, outcome: str = "won") -> Event[Fact]:
    """How the pursuit of a lead ended."""
    values = {
        "prospect_id": new_id(),
        "person_id": lead.key,
        "lead_ids": (lead_id_of(lead),),
        "deal_id": "deal-1",
        "version": version,
        "rep_id": new_id(),
        "outcome": outcome,
        "amount": Decimal("12.50"),
        "currency": "EUR",
        "closed_at": NOON,
    }
    if version > 1:
        return an_event(OutcomeCorrected.model_validate(values | {"corrects_version": version - 1}))
    return an_event(DealClosed.model_validate(values))


async def test_a_refusal_takes_back_each_qualified_lead_once(desk: Desk) -> None:
    person_id = new_id()
    first, second = a_lead(person_id), a_lead(person_id, minutes=1)
    await desk.hear(first, second, a_weak_lead(new_id()))
    proposed = {one["data"].get("prospect_id") for one in await desk.said()} - {None}

    refusal = a_consent(person_id, minutes=5)
    await desk.hear(refusal)
    await desk.hear(*again([refusal]), a_consent(person_id, version=2, minutes=6))

    withdrawals = [one for one in await desk.said() if one["type"] == "ProspectWithdrawn"]
    assert {one["data"]["prospect_id"] for one in withdrawals} == proposed
    assert len(withdrawals) == 2
    assert sorted((await desk.states()).values()) == ["nurtured", "withdrawn", "withdrawn"]
    assert await desk.unaccounted() == 0


async def test_a_refusal_in_the_batch_of_its_lead_takes_it_back(desk: Desk) -> None:
    person_id = new_id()

    await desk.hear(a_lead(person_id), a_consent(person_id, minutes=1))

    assert await desk.words() == ["ProspectQualified", "ProspectWithdrawn"]


async def test_a_refusal_that_overtakes_its_lead_keeps_it_from_sales(desk: Desk) -> None:
    person_id = new_id()

    await desk.hear(a_consent(person_id, minutes=1))
    await desk.hear(a_lead(person_id))

    (said,) = await desk.said()
    assert (said["type"], said["data"]["missing"]) == ("LeadNurtured", ["consent"])


async def test_after_a_refusal_only_a_lead_with_new_consent_qualifies(desk: Desk) -> None:
    person_id = new_id()
    await desk.hear(a_consent(person_id, minutes=1))

    await desk.hear(a_lead(person_id, minutes=2), a_lead(person_id, minutes=3, consent=["contact"]))

    assert await desk.words() == ["LeadNurtured", "ProspectQualified"]


async def test_an_older_word_about_consent_changes_nothing(desk: Desk) -> None:
    person_id = new_id()
    await desk.hear(a_lead(person_id), a_consent(person_id, "contact", version=2, minutes=5))

    await desk.hear(a_consent(person_id, version=1, minutes=3))

    assert await desk.words() == ["ProspectQualified"]


async def test_a_pursuit_that_has_ended_is_not_taken_back(desk: Desk) -> None:
    person_id = new_id()
    lead = a_lead(person_id)
    await desk.hear(lead)
    await desk.hear(a_closure(lead))

    await desk.hear(a_consent(person_id, minutes=5))

    assert await desk.words() == ["ProspectQualified"]
    assert await desk.states() == {lead_id_of(lead): "qualified"}


async def test_outcomes_are_kept_by_deal_and_version_in_any_order(desk: Desk) -> None:
    lead = a_lead(new_id())
    won, lost = a_closure(lead), a_closure(lead, version=2, outcome="lost")

    await desk.hear(lost, won)
    await desk.hear(*again([won, lost]))

    rows = await desk.fetch("select version, outcome, amount from outcomes order by version")
    assert [tuple(row) for row in rows] == [
        (1, "won", Decimal("12.5")),
        (2, "lost", Decimal("12.5")),
    ]


async def test_who_is_forgotten_keeps_rows_without_a_state_of_their_own(desk: Desk) -> None:
    person_id, other = new_id(), new_id()
    kept = a_lead(other)
    await desk.hear(a_lead(person_id), a_weak_lead(person_id), kept)

    await desk.hear(an_erasure(person_id))
    await desk.hear(a_lead(person_id), an_erasure(person_id))

    states = await desk.states()
    assert states.pop(lead_id_of(kept)) == "qualified"
    assert set(states.values()) == {"erased"}
    assert (await desk.said())[-1]["data"]["reason"] == "erased"
    assert await desk.unaccounted() == 0
    with pytest.raises(NotFound):
        await desk.score(person_id)


async def test_a_lead_and_its_erasure_in_one_batch_end_erased(desk: Desk) -> None:
    person_id = new_id()

    await desk.hear(a_lead(person_id), an_erasure(person_id), a_lead(person_id))

    assert set((await desk.states()).values()) == {"erased"}
    assert await desk.words() == ["ProspectQualified", "LeadDisqualified"]


async def test_merged_people_are_scored_as_one_and_unmerged_ones_as_before(desk: Desk) -> None:
    ann, bob, merge_id = new_id(), new_id(), new_id()
    await desk.hear(a_weak_lead(ann, fields=("email", "company")), a_weak_lead(bob))
    alone = (await desk.score(ann)).score

    await desk.hear(*a_merge(ann, bob, merge_id=merge_id))
    merged = [(await desk.score(one)).score.points for one in (ann, bob)]
    await desk.hear(*an_unmerge(ann, bob, merge_id=merge_id))

    assert alone.points == 10
    assert merged == [20, 20]
    assert (await desk.score(ann)).score == alone


async def test_a_lead_of_merged_people_is_decided_by_what_is_known_of_all(desk: Desk) -> None:
    ann, bob = new_id(), new_id()
    await desk.hear(a_weak_lead(ann, fields=("email", "company", "phone")))
    await desk.hear(*a_merge(ann, bob, merge_id=new_id()))

    await desk.hear(a_weak_lead(bob))

    assert await desk.words() == ["LeadNurtured", "ProspectQualified"]
    assert (await desk.verify()).differences == []


async def test_an_unmerge_that_comes_first_holds(desk: Desk) -> None:
    ann, bob, merge_id = new_id(), new_id(), new_id()
    await desk.hear(a_weak_lead(ann, fields=("email", "company", "phone")))
    await desk.hear(*an_unmerge(ann, bob, merge_id=merge_id))
    await desk.hear(*a_merge(ann, bob, merge_id=merge_id))

    await desk.hear(a_weak_lead(bob))

    assert await desk.words() == ["LeadNurtured", "LeadNurtured"]


async def test_a_chain_of_merges_in_one_batch_is_one_person(desk: Desk) -> None:
    people = [new_id() for _ in range(3)]
    await desk.hear(*(a_weak_lead(one, fields=("email", "phone")) for one in people))

    await desk.hear(
        *a_merge(people[0], people[1], merge_id=new_id()),
        *a_merge(people[1], people[2], merge_id=new_id()),
        a_weak_lead(people[0]),
    )

    assert (await desk.words())[-1] == "ProspectQualified"
    assert len((await desk.score(people[2])).person_ids) == 3


async def test_a_merge_with_somebody_who_refuses_takes_back_what_sales_has(desk: Desk) -> None:
    ann, bob = new_id(), new_id()
    await desk.hear(a_lead(ann), a_consent(bob, minutes=5))

    await desk.hear(*a_merge(ann, bob, merge_id=new_id()))

    assert await desk.words() == ["ProspectQualified", "ProspectWithdrawn"]
    assert await desk.unaccounted() == 0
