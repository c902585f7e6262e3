"""Who was anonymous at a browser is joined with who they turn out to be, and with nobody else."""

import itertools
from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.domain.browsers import Owner, Visit, adoptions, browser_of, place, takers
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.resolve import resolve


def a_visit(email: str | None = None, browser: str | None = None) -> Visit:
    """A visit of somebody who may say who they are, at a browser or not."""
    identifiers = () if email is None else (Identifier("email", email),)
    return Visit(identifiers, browser_of("shop", browser))


class Office:
    """Everything that intake keeps of people, held in memory: visits come to it in batches."""

    def __init__(self) -> None:
        self.known: dict[Identifier, str] = {}
        self.joined: set[tuple[str, str]] = set()
        self.ids = map(str, itertools.count())

    def take(self, visits: Sequence[Visit]) -> list[str]:
        """The people of a batch of visits, by the id that they come under."""
        owners = {one: self.owner(one) for one in self.known if one.kind == "anonymous:shop"}
        adopted = adoptions(visits, self.known, owners)
        named = [visit.identifiers for visit in visits if visit.is_named]
        resolution = resolve(named, {**self.known, **adopted}, lambda: next(self.ids))
        placement = place(visits, resolution.person_ids, owners, lambda: next(self.ids))
        self.known |= {**resolution.learned, **adopted, **placement.learned, **placement.moved}
        self.joined |= placement.met.keys()
        return placement.person_ids

    def owner(self, browser: Identifier) -> Owner:
        """Whose a browser is."""
        person_id = self.known[browser]
        is_named = any(
            owner == person_id and not one.kind.startswith("anonymous:")
            for one, owner in self.known.items()
        )
        is_merged = any(person_id in pair for pair in self.joined)
        return Owner(person_id, not is_named and not is_merged)

    def as_one(self, person_ids: Sequence[str]) -> list[frozenset[int]]:
        """Which visits are one person's, with merges, by their numbers."""
        groups = [{one} for one in dict.fromkeys(person_ids)]
        for pair in self.joined:
            touched = [group for group in groups if group & set(pair)]
            groups = [group for group in groups if group not in touched]
            groups.append(set(pair).union(*touched))
        found = [
            frozenset(n for n, person_id in enumerate(person_ids) if person_id in group)
            for group in groups
        ]
        return sorted((one for one in found if one), key=min)


def people_of(*batches: Sequence[Visit]) -> list[frozenset[int]]:
    """Which of these visits are one person's, when they come in these batches."""
    office = Office()
    return office.as_one([one for batch in batches for one in office.take(batch)])


def test_who_says_who_they_are_has_done_what_was_done_before() -> None:
    visits = [a_visit(browser="b"), a_visit(browser="b"), a_visit("ada", "b"), a_visit("ada")]

    assert people_of(visits) == [frozenset({0, 1, 2, 3})]
    assert people_of(*([one] for one in visits)) == [frozenset({0, 1, 2, 3})]


def test_no_merge_is_needed_for_somebody_who_was_not_known() -> None:
    office = Office()

    office.take([a_visit(browser="b")])
    office.take([a_visit("ada", "b")])

    assert office.joined == set()


def test_somebody_known_is_joined_with_who_they_were_at_a_browser() -> None:
    office = Office()

    (known,) = office.take([a_visit("ada")])
    (anonymous,) = office.take([a_visit(browser="b")])
    (again,) = office.take([a_visit("ada", "b")])
    (later,) = office.take([a_visit(browser="b")])

    assert (again, later) == (known, known)
    assert office.joined == {(known, anonymous)}


def test_whoever_says_another_name_at_a_browser_is_somebody_else_and_has_it_then() -> None:
    office = Office()

    history = office.take([a_visit(browser="b"), a_visit("ada", "b"), a_visit(browser="b")])
    (other,) = office.take([a_visit("grace", "b")])
    (after,) = office.take([a_visit(browser="b")])

    assert len(set(history)) == 1
    assert other not in history
    assert after == other
    assert office.joined == set()


def test_of_two_who_say_who_they_are_the_first_has_the_history() -> None:
    assert people_of([a_visit(browser="b")], [a_visit("ada", "b"), a_visit("grace", "b")]) == [
        frozenset({0, 1}),
        frozenset({2}),
    ]


def test_who_was_joined_with_somebody_is_not_joined_with_the_next() -> None:
    batches = [
        [a_visit("ada")],
        [a_visit("grace")],
        [a_visit(browser="b")],
        [a_visit("ada", "b")],
        [a_visit("grace", "b")],
    ]

    assert people_of(*batches) == [frozenset({0, 2, 3}), frozenset({1, 4})]


def test_a_lead_without_identifiers_or_browser_is_somebody_of_its_own() -> None:
    office = Office()

    first, second = office.take([a_visit(), a_visit()])

    assert first != second


def test_an_anonymous_id_means_something_to_its_source_alone() -> None:
    assert browser_of("shop", "a") != browser_of("fair", "a")
    assert browser_of("shop", None) is None
    assert browser_of("shop", "") is None
    assert browser_of("shop", "null") is None


def test_who_has_many_browsers_takes_no_more_of_them() -> None:
    visits = [a_visit("ada", "b"), a_visit("ada", "c"), a_visit(browser="c")]

    placement = place(visits, ["ada", "ada"], {}, lambda: "new", limit=1)

    assert placement.person_ids == ["ada", "ada", "new"]
    assert set(placement.learned.values()) == {"ada", "new"}


def test_how_many_browsers_they_have_is_asked_of_those_who_may_get_one() -> None:
    owners = {Identifier("anonymous:shop", "b"): Owner("ada", is_anonymous=False)}
    visits = [a_visit("ada", "b"), a_visit("grace", "b"), a_visit("joan"), a_visit(browser="b")]

    assert takers(visits, ["ada", "grace", "joan"], owners) == {"grace"}


EMAILS = st.sampled_from(["ada", "grace", "joan"])
VISITS = st.lists(
    st.builds(a_visit, st.none() | EMAILS, st.none() | st.sampled_from(["b", "c", "d"])).filter(
        lambda visit: visit.identifiers or visit.browser
    ),
    max_size=14,
)


@given(VISITS)
def test_two_names_never_become_one_person_by_way_of_browsers(visits: list[Visit]) -> None:
    for group in people_of(*([one] for one in visits)):
        assert len({visits[n].identifiers for n in group} - {()}) <= 1


@given(VISITS)
def test_one_name_is_one_person_at_whatever_browser(visits: list[Visit]) -> None:
    groups = people_of(*([one] for one in visits))

    for name in {visit.identifiers for visit in visits} - {()}:
        assert sum(any(visits[n].identifiers == name for n in group) for group in groups) == 1


@given(VISITS, st.data())
def test_it_makes_no_difference_how_visits_are_batched(
    visits: list[Visit], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(visits)))))
    batches = [visits[start:end] for start, end in itertools.pairwise([0, *cuts, len(visits)])]

    assert people_of(*batches) == people_of(*([one] for one in visits))


@given(VISITS, st.randoms(use_true_random=False))
def test_when_browsers_are_nobody_elses_the_order_makes_no_difference(
    visits: list[Visit], random: Random
) -> None:
    name_at: dict[Identifier, tuple[Identifier, ...]] = {}
    alone = [
        visit
        for visit in visits
        if visit.browser is None
        or not visit.identifiers
        or name_at.setdefault(visit.browser, visit.identifiers) == visit.identifiers
    ]
    order = list(range(len(alone)))
    random.shuffle(order)

    straight = people_of(*([one] for one in alone))
    shuffled = people_of(*([alone[n]] for n in order))

    assert {frozenset(order[n] for n in group) for group in shuffled} == set(straight)
