"""Whether a lead comes from the market that its campaign is meant for."""

import pytest

from marketing_intake.domain.target import Aim, Attributes, Between, Condition, OneOf, aim, aims

COUNTRIES = OneOf("country", frozenset({"DE", "AT"}))
RANKS = OneOf("seniority", frozenset({"director", "owner"}))
SIZE = Between("trait:company_size", 10, 500)


@pytest.mark.parametrize(
    ("attributes", "target", "expected"),
    [
        ({"country": "DE", "seniority": "owner"}, (COUNTRIES, RANKS), Aim.INSIDE),
        ({"country": "FR", "seniority": "owner"}, (COUNTRIES, RANKS), Aim.OUTSIDE),
        ({"country": "FR"}, (COUNTRIES, RANKS), Aim.OUTSIDE),
        ({"country": "DE"}, (COUNTRIES, RANKS), Aim.UNKNOWN),
        ({"trait:company_size": 10}, (SIZE,), Aim.INSIDE),
        ({"trait:company_size": 500.0}, (SIZE,), Aim.INSIDE),
        ({"trait:company_size": 501}, (SIZE,), Aim.OUTSIDE),
        ({"trait:company_size": "many"}, (SIZE,), Aim.OUTSIDE),
        ({"trait:company_size": True}, (SIZE,), Aim.OUTSIDE),
        ({}, (), Aim.INSIDE),
    ],
)
def test_a_lead_is_inside_outside_or_nobody_can_say(
    attributes: Attributes, target: tuple[Condition, ...], expected: Aim
) -> None:
    assert aim(attributes, target) is expected


def test_leads_are_counted_by_how_they_lie() -> None:
    counted: list[tuple[Attributes, int]] = [
        ({"country": "DE"}, 3),
        ({"country": "FR"}, 2),
        ({}, 1),
    ]

    found = aims(counted, (COUNTRIES,))

    assert found == {Aim.INSIDE: 3, Aim.OUTSIDE: 2, Aim.UNKNOWN: 1}
