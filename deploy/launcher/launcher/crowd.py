"""A crowd of invented people who fill in forms; the same seed makes the same crowd."""

import random  # noqa: TID251 the demo's crowd is drawn from a seed, so that every run is alike
from dataclasses import dataclass
from typing import Final

GIVEN: Final = [
    "Ada",
    "Ben",
    "Cleo",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "June",
    "Kai",
    "Lola",
    "Milo",
    "Nora",
    "Otto",
    "Pia",
]
FAMILY: Final = [
    "Almond",
    "Barley",
    "Clove",
    "Dill",
    "Endive",
    "Fennel",
    "Ginger",
    "Hazel",
    "Juniper",
    "Kale",
    "Lemon",
]
COMPANIES: Final = ("Crumpet & Sons", "Scone Ltd", "Muffin GmbH", "Bagel Inc", "Brioche SARL")
TITLES: Final = (
    "Founder", "CEO", "Head of Baking", "Purchasing Manager", "Baker", "Apprentice", "CTO", "",
)  # fmt: skip
MESSAGES: Final = ("Do you sell ovens?", "We need forty mixers.", "Please send a price list.", "")
COUNTRIES: Final = ("GB", "DE", "FR", "US", "BR")
FREE: Final = ("gmail.com", "web.de", "yahoo.com")


@dataclass(frozen=True, slots=True)
class Visitor:
    """One lead that somebody will send."""

    fields: dict[str, object]
    is_bot: bool = False
    is_mistaken: bool = False


def crowd(count: int, *, seed: int, run: str) -> list[Visitor]:
    """That many visitors: some come back, a few mistype, a few are bots."""
    dice = random.Random(seed)  # noqa: S311 no secret
    people = [_person(dice, number, run) for number in range(max(1, count * 9 // 10))]
    visitors = []
    for number in range(count):
        fields = people[number] if number < len(people) else dice.choice(people)
        chance = dice.random()
        if chance < 0.03:
            visitors.append(Visitor(fields | {"email": "not an address"}, is_mistaken=True))
        else:
            visitors.append(Visitor(fields, is_bot=chance > 0.98))
    return visitors


def _person(dice: random.Random, number: int, run: str) -> dict[str, object]:
    given, family = dice.choice(GIVEN), dice.choice(FAMILY)
    company = dice.choice(COMPANIES)
    works = dice.random() < 0.65
    domain = f"{company.split()[0].lower()}-bakery.org" if works else dice.choice(FREE)
    fields: dict[str, object] = {
        "email": f"{given}.{family}.{run}{number}@{domain}".lower(),
        "given_name": given,
        "family_name": family,
        "country": dice.choice(COUNTRIES),
        "utm_source": dice.choice(("newsletter", "search", "fair")),
        "consent": ["contact"],
    }
    if works:
        fields |= {"company": company}
    for name, values in (("job_title", TITLES), ("message", MESSAGES)):
        value = dice.choice(values)
        if value:
            fields[name] = value
    if dice.random() < 0.5:
        fields["phone"] = f"+1202555{dice.randrange(100, 9999):04d}"
    return fields
