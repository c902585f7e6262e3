"""Whatever was merged and taken back: all three services stand as if it had never been said."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pytest_asyncio
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from marketing_intake.domain.merging import kin
from marketing_intake.handlers import people
from marketing_intake.repository.people import load_merges
from sales_routing.domain.outcomes import Report, Won
from support.databases import MakeTransactions
from support.three_services import ThreeServices, open_three

RUNS = itertools.count(1)
SLOTS: Final = 4
CARDS = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(["Ada", "Ben", "n/a"]),
        "company": st.sampled_from(["Crumpet", "Teacake"]),
        "job_title": st.sampled_from(["Director of Baking", "Baker"]),
        "phone": st.sampled_from(["one", "other"]),
    },
)


@dataclass(frozen=True)
class Lead:
    """A lead of one of the people."""

    slot: int
    card: dict[str, str]


@dataclass(frozen=True)
class Merge:
    """Two of them are one."""

    slots: tuple[int, int]


@dataclass(frozen=True)
class Unmerge:
    """One of the merges in force is taken back."""

    number: int


@dataclass(frozen=True)
class Win:
    """The pursuit that one of the leads is in is taken by its rep, and won."""

    number: int


SECOND_SQL: Final = """
select 1 from prospect_leads l where l.lead_id = $1 and l.proposed_id = l.prospect_id
  and exists (select 1 from prospects o where o.person_id = l.person_id and o.state = 'superseded')
"""
Step = Lead | Merge | Unmerge | Win
PERSON = st.integers(0, SLOTS - 1)
STEPS = st.one_of(
    st.builds(Lead, PERSON, CARDS),
    st.builds(Lead, PERSON, CARDS),
    st.builds(Merge, st.tuples(PERSON, PERSON).filter(lambda pair: pair[0] != pair[1])),
    st.builds(Unmerge, st.integers(0, 9)),
    st.builds(Win, st.integers(0, 9)),
)
BEGINNINGS = st.tuples(*(st.builds(Lead, st.just(slot), CARDS) for slot in range(3)))
HISTORIES = st.builds(
    lambda beginning, steps: [*beginning, *steps],
    BEGINNINGS,
    st.lists(STEPS, min_size=2, max_size=12).filter(
        lambda steps: any(isinstance(one, Merge) for one in steps)
    ),
)


@dataclass
class Run:
    """One history, lived through by people whom no other run knows."""

    three: ThreeServices
    number: int = field(default_factory=lambda: next(RUNS))
    people: dict[int, str] = field(default_factory=dict)
    leads: list[str] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    won: list[int] = field(default_factory=list)
    """Of each pursuit that was won, the lead that opened it."""
    has_second_pursuit: bool = False
    """Whether a lead opened a pursuit beside one that was superseded by one that has ended: while
    they were one, they had bought. Sales worked on it by itself, and so it stays by itself."""

    async def live(self, steps: Sequence[Step]) -> None:
        """Live through it, and then take back every merge that is still in force."""
        for step in steps:
            match step:
                case Lead(slot, card):
                    await self.lead(slot, card)
                case Merge(slots):
                    await self.merge([self.people[one] for one in slots if one in self.people])
                case Unmerge(number) if self.merges:
                    await self.three.unmerge(self.merges.pop(number % len(self.merges)))
                case Win(number) if self.leads:
                    await self.win(self.leads[number % len(self.leads)])
                case _:
                    pass
        while self.merges:
            await self.three.unmerge(self.merges.pop())

    async def live_without_merges(self, steps: Sequence[Step], won: Sequence[int]) -> None:
        """Live through the same, as if nobody had ever been merged.

        What was won then is won now: the pursuit of the lead that had opened it.
        """
        winning = iter(won)
        for step in steps:
            match step:
                case Lead(slot, card):
                    await self.lead(slot, card)
                case Win() if self.leads:
                    opener = next(winning)
                    if opener >= 0:
                        await self.win(self.leads[opener])
                case _:
                    pass

    async def lead(self, slot: int, card: dict[str, str]) -> None:
        """Take a lead of somebody who is always known by their own address."""
        lead = {"email": f"run{self.number}slot{slot}@example.org", "family_name": "Invented"}
        if "phone" in card:
            last = {"one": 1, "other": 2}[card["phone"]]
            card = card | {"phone": f"+1202{2_000_000 + 10 * self.number + last}"}
        taken = await self.three.lead(**lead, **card)
        self.people[slot] = taken.person_id
        self.leads.append(taken.lead_id)
        found = await self.three.office.fetch(SECOND_SQL, taken.lead_id)
        self.has_second_pursuit |= bool(found)

    async def merge(self, person_ids: Sequence[str]) -> None:
        """Merge them unless they are one already or not known yet."""
        if len(person_ids) < 2:
            return
        async with self.three.intake.read() as reader:
            merges = await load_merges(reader, person_ids)
        if person_ids[1] not in kin(person_ids[:1], merges):
            self.merges.append(await self.three.merge(*person_ids))

    async def win(self, lead_id: str) -> None:
        """Take and win the pursuit that a lead is in, if it is open."""
        office = self.three.office
        (joined,) = await office.fetch(
            "select prospect_id from prospect_leads where lead_id = $1", lead_id
        )
        prospect = await office.prospect(joined["prospect_id"])
        if prospect["state"] not in ("offered", "accepted"):
            self.won.append(-1)
            return
        (opened,) = await office.fetch(
            "select lead_id from prospect_leads where proposed_id = $1", prospect["id"]
        )
        self.won.append(self.leads.index(opened["lead_id"]))
        if prospect["state"] == "offered":
            await office.accept(prospect["id"], prospect["rep_id"])
        deal = Won(Decimal("12.50"), "EUR")
        report = Report(f"deal-{prospect['id']}", 1, deal, self.three.clock.now())
        await office.report(prospect["id"], report)
        await self.three.turn()

    async def seen_by_intake(self) -> dict[str, Any]:
        """Each person as intake shows them, and where each lead is, by numbers and not by ids."""
        shown = {}
        async with self.three.intake.read() as reader:
            for slot, person_id in self.people.items():
                known = await people.look_up(person_id, reader)
                card = {k: self.unnumbered(v) for k, v in known.person.card.items()}
                shown[slot] = (card, known.numbers["leads"], len(known.person.member_ids))
        sql = "select id, person_id, state from leads where id = any ($1::uuid[])"
        rows = {row["id"]: row for row in await self.three.fetch(sql, self.leads)}
        owners = [self.slot_of(rows[one]["person_id"]) for one in self.leads]
        identifiers = await self.three.fetch(
            "select kind, value, person_id from identifiers where person_id = any ($1::uuid[])",
            list(self.people.values()),
        )
        known_by = {
            (one["kind"], self.unnumbered(one["value"]), self.slot_of(one["person_id"]))
            for one in identifiers
        }
        states = [rows[one]["state"] for one in self.leads]
        return {"people": shown, "owners": owners, "known by": known_by, "states": states}

    async def seen_by_scoring(self) -> dict[int, Any]:
        """Everybody's score."""
        return {
            slot: (await self.three.desk.score(person_id)).score
            for slot, person_id in self.people.items()
        }

    async def seen_by_routing(self) -> set[tuple[frozenset[int], str]]:
        """Which leads are in one pursuit, and its state."""
        rows = await self.three.office.fetch(
            "select l.lead_id, p.id, p.state from prospect_leads l"
            " join prospects p on p.id = l.prospect_id where l.lead_id = any ($1::uuid[])",
            self.leads,
        )
        pursuits: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for row in rows:
            pursuits[row["id"], row["state"]].add(self.leads.index(row["lead_id"]))
        return {(frozenset(numbers), state) for (_, state), numbers in pursuits.items()}

    def slot_of(self, person_id: str) -> int:
        """Whose id it is."""
        return next(slot for slot, one in self.people.items() if one == person_id)

    def unnumbered(self, value: object) -> object:
        """A value without what tells this run from another."""
        first = 2_000_000 + 10 * self.number
        text = str(value).replace(f"run{self.number}slot", "run0slot")
        return text.replace(f"+1202{first + 1}", "one").replace(f"+1202{first + 2}", "other")


@pytest_asyncio.fixture
async def three(make_transactions: MakeTransactions) -> ThreeServices:
    """All three services."""
    return await open_three(make_transactions)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(HISTORIES)
async def test_a_merge_that_was_taken_back_leaves_what_would_have_been(
    three: ThreeServices, steps: list[Step]
) -> None:
    merged, never_merged = Run(three), Run(three)

    await merged.live(steps)
    assume(not merged.has_second_pursuit)
    await never_merged.live_without_merges(steps, merged.won)

    assert await merged.seen_by_intake() == await never_merged.seen_by_intake()
    assert await merged.seen_by_scoring() == await never_merged.seen_by_scoring()
    assert await merged.seen_by_routing() == await never_merged.seen_by_routing()
