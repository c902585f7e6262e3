"""Sharing an amount out by weights, to the last unit: what is shared is exactly what was there."""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from typing import Final

EXACT: Final = Context(prec=60, traps=[Inexact])
"""Sums of money are exact or an error; amounts have 18 digits, so 60 are more than all add up to.

The default context would round beyond 28 digits, and say nothing.
"""
COUNT_UNIT: Final = Decimal("0.000001")
"""Into what one lead, prospect or win is divided."""
MINOR_DIGITS: Final = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
         "VUV", "XAF", "XOF", "XPF"), 0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip
"""Digits of a currency's smallest unit where they are not two (ISO 4217, list one)."""
USUAL_DIGITS: Final = 2


def money_unit(amount: Decimal, currency: str) -> Decimal:
    """The smallest unit that an amount is shared in: the currency's, or the amount's if finer."""
    exponent = EXACT.normalize(amount).as_tuple().exponent
    assert isinstance(exponent, int), "an amount is a number"
    digits = max(MINOR_DIGITS.get(currency, USUAL_DIGITS), -exponent)
    return Decimal(1).scaleb(-digits)


def shared(total: Decimal, weights: Sequence[int], unit: Decimal) -> tuple[Decimal, ...]:
    """`total` in one part for each weight, in their order; the parts add up to it exactly.

    Every part is its exact share rounded down to a unit. The units that are left go to the largest
    remainders, one each; of equal ones to the earlier. A total below zero is shared as its size is.
    `total` must be a multiple of `unit`; weights are not negative, and one is above zero.
    """
    whole = sum(weights)
    units = int(EXACT.divide(total.copy_abs(), unit))
    parts = [units * weight // whole for weight in weights]
    left = units - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda n: -(units * weights[n] % whole))
        for position in by_remainder[:left]:
            parts[position] += 1
    step = unit.copy_sign(total)
    return tuple(EXACT.multiply(part, step) for part in parts)


def added(one: Decimal, other: Decimal) -> Decimal:
    """The exact sum."""
    return EXACT.add(one, other)
