"""What companies added up to at each moment that a diff looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from baton.database import Reader
from lead_scoring.domain.diffing import Judge, Judges, Past, Period, moments_of
from lead_scoring.domain.facts import until
from lead_scoring.repository import companies
from lead_scoring.repository.companies import Asked

Place = tuple[int, datetime]
"""The number of a past, and a moment in it."""


async def with_roll_ups(
    reader: Reader, pasts: Sequence[Past], judges: Judges, period: Period
) -> list[Past]:
    """The pasts with what their companies added up to, where one of the policies asks for it."""
    asking = [one for one in judges.both if one.policy.roll_ups]
    if not asking:
        return list(pasts)
    places = _places(pasts, period)
    found: dict[int, dict[tuple[int, datetime], Mapping[str, float]]] = {}
    for judge in asking:
        for (number, moment), values in (await _read(reader, judge, places)).items():
            found.setdefault(number, {})[judge.policy.version, moment] = values
    return [replace(past, roll_ups=found.get(number, {})) for number, past in enumerate(pasts)]


async def _read(
    reader: Reader, judge: Judge, places: dict[Place, str]
) -> dict[Place, dict[str, float]]:
    """The values at these places; a place is asked for under an id that stands for its number."""
    ids = {f"{number:032x}": place for number, place in enumerate(places)}
    asked = [Asked(_id(one), places[place], place[1]) for one, place in ids.items()]
    values = await companies.read(reader, judge.policy.roll_ups, asked) if asked else {}
    return {place: values[_id(one)] for one, place in ids.items()}


def _id(digits: str) -> str:
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts)


def _places(pasts: Sequence[Past], period: Period) -> dict[Place, str]:
    """Whose company is asked for, as of the newest of what was known at each moment."""
    places: dict[Place, str] = {}
    for number, past in enumerate(pasts):
        for moment in moments_of(past, period):
            history = until(past.history, moment)
            company_id = history.company_id
            if company_id is not None:
                places[number, history.newest_at] = company_id
    return places
