"""Credits added up to what marketing reads: counts, amounts, costs, and what one costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final, TypeVar, assert_never

from baton.contracts.vocabulary import ClosureReason
from marketing_intake.domain.attribution import Credit, Reached, Touch
from marketing_intake.domain.sharing import EXACT, added, money_unit

Key = TypeVar("Key")
RATIO_UNIT: Final = Decimal("0.0001")
Money = Mapping[str, Decimal]
"""Amounts by currency; they are never added across currencies."""
Blame = tuple[Reached, ClosureReason | None]
"""How a pursuit ended without a sale, and why (None: sales gave no reason)."""


class By(StrEnum):
    """What credits are added up by."""

    SOURCE = "source"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"


@dataclass(slots=True)
class Line:
    """What was credited to one source, channel or campaign."""

    counts: dict[Reached, Decimal] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    blames: dict[Blame, Decimal] = field(default_factory=dict)

    def count(self, reached: Reached) -> Decimal:
        """How many of these, parts included."""
        return self.counts.get(reached, Decimal(0))


@dataclass(slots=True)
class Ledger:
    """Credits added up line by line; it takes them in any order and portion.

    The line of None has what no touch, or no campaign, is credited with, so that the lines always
    add up to all that was reached.
    """

    by: By
    lines: dict[str | None, Line] = field(default_factory=dict)

    def add(self, credits_: Iterable[Credit]) -> None:
        """Add some credits."""
        for credit in credits_:
            line = self.lines.setdefault(key_of(credit.touch, self.by), Line())
            conversion = credit.conversion
            _add(line.counts, conversion.reached, credit.share)
            if conversion.reached is Reached.WON and credit.amount is not None:
                _add(line.amounts, conversion.currency or "", credit.amount)
            if conversion.reached in (Reached.LOST, Reached.DISQUALIFIED):
                _add(line.blames, (conversion.reached, conversion.reason), credit.share)

    def total(self) -> Line:
        """All lines together."""
        total = Line()
        for line in self.lines.values():
            for reached, count in line.counts.items():
                _add(total.counts, reached, count)
            for currency, amount in line.amounts.items():
                _add(total.amounts, currency, amount)
            for blame, count in line.blames.items():
                _add(total.blames, blame, count)
        return total


def key_of(touch: Touch | None, by: By) -> str | None:
    """The line that a touch stands in."""
    if touch is None:
        return None
    match by:
        case By.SOURCE:
            return touch.source_id
        case By.CHANNEL:
            return touch.channel
        case By.CAMPAIGN:
            return touch.campaign_id
        case _:
            assert_never(by)


def together(*moneys: Money) -> dict[str, Decimal]:
    """The sums by currency."""
    sums: dict[str, Decimal] = {}
    for money in moneys:
        for currency, amount in money.items():
            _add(sums, currency, amount)
    return sums


def in_units(money: Money) -> dict[str, Decimal]:
    """The same amounts with as many digits as the currency has, or as they need."""
    return {
        currency: amount.quantize(money_unit(amount, currency), context=EXACT)
        for currency, amount in money.items()
    }


def margin(amounts: Money, costs: Money) -> dict[str, Decimal]:
    """What is left of amounts after costs, by currency. Nothing is converted."""
    return together(amounts, {currency: -cost for currency, cost in costs.items()})


def per_one(costs: Money, count: Decimal) -> dict[str, Decimal] | None:
    """What one costs, to four digits; None while there is none, for then nothing can be said."""
    if not count:
        return None
    return {currency: ratio(cost, count) for currency, cost in costs.items()}


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """A quotient to four digits, a half to the even neighbour. `whole` is not zero."""
    return (part / whole).quantize(RATIO_UNIT, rounding=ROUND_HALF_EVEN)


def _add(sums: dict[Key, Decimal], key: Key, amount: Decimal) -> None:
    sums[key] = added(sums.get(key, Decimal(0)), amount)
