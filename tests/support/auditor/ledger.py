"""What a client knows for certain: what it was answered."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Answers of 2xx, written down by whoever got them."""

    leads: dict[str, str] = field(default_factory=dict)
    """The mark under which a lead was sent, and the lead id that it was answered with 202."""
    answered_otherwise: dict[str, set[str]] = field(default_factory=dict)
    """Marks whose repeated requests were answered with another lead id."""
    accepted: dict[str, str] = field(default_factory=dict)
    """Prospects, and the rep whose accept was answered 200."""
    outcomes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Prospect and deal, and the outcome whose report was answered 200."""

    def lead_taken(self, mark: str, lead_id: str) -> None:
        """Write down a 202."""
        first = self.leads.setdefault(mark, lead_id)
        if first != lead_id:
            self.answered_otherwise.setdefault(mark, {first}).add(lead_id)
