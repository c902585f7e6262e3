"""How many people are on which side of a diff, by source, with the deals won among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lead_scoring.domain.diffing import Compared, Side


@dataclass(frozen=True, slots=True)
class WonDeal:
    """A deal that was won, as it was corrected last; what it is worth may not have been said."""

    currency: str | None
    amount: Decimal | None


@dataclass(slots=True)
class Count:
    """People and the deals won with them; amounts are never added across currencies."""

    people: int = 0
    won: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, deals: Iterable[WonDeal]) -> None:
        """One more person, with their deals."""
        self.people += 1
        for deal in deals:
            self.won += 1
            if deal.currency is not None and deal.amount is not None:
                known = self.amounts.get(deal.currency, Decimal(0))
                self.amounts[deal.currency] = known + deal.amount


def counts_of(
    compared: Iterable[Compared], deals: Mapping[str, Sequence[WonDeal]]
) -> dict[tuple[str, Side], Count]:
    """The counts by source and side; `deals` are by person."""
    counts: dict[tuple[str, Side], Count] = {}
    for one in compared:
        count = counts.setdefault((one.source_id, one.side), Count())
        count.add(deals.get(one.person_id, ()))
    return counts
