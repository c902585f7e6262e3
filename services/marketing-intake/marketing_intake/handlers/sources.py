"""Sources: made and changed by hand, audited, and told to everybody who reports."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from baton.auth.api_keys import create_key
from baton.contracts.marketing import SourceDescribed
from baton.contracts.vocabulary import Channel, SourceKind
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait
from marketing_intake.repository import catalogue

FORM_KEY_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be made."""

    name: str
    kind: SourceKind
    channel: Channel
    declared: Sequence[DeclaredTrait] = ()
    redirects: tuple[str, ...] = ()
    honeypot: str = "website"
    cost_per_lead: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class SourceMade:
    """The source with its keys; the secret one is shown this once."""

    source: Source
    api_key: str | None


async def create_source(new: NewSource, tx: Transaction, *, who: str, origin: Origin) -> SourceMade:
    """Make a source with the key that its kind uses. Raises `Conflict` when the name is taken."""
    is_form = new.kind is SourceKind.FORM
    source = Source(
        id=new_id(),
        name=new.name,
        kind=new.kind,
        channel=new.channel,
        is_active=True,
        declared={trait.name: trait for trait in new.declared},
        redirects=new.redirects,
        honeypot=new.honeypot,
        form_key=f"form_{secrets.token_hex(FORM_KEY_BYTES)}" if is_form else None,
    )
    await catalogue.insert_source(tx, source, new.cost_per_lead, new.currency)
    key = None
    if not is_form:
        key, _ = await create_key(
            tx, f"source {new.name}", ["leads:write", "leads:read"], source_id=source.id
        )
    _describe(source, tx, origin, cost=new.cost_per_lead, currency=new.currency)
    tx.audit(who=who, what="source made", subject=source.id, old=None, new={"kind": new.kind})
    return SourceMade(source, key)


async def set_source_active(
    source_id: str, tx: Transaction, *, is_active: bool, who: str, origin: Origin
) -> Source:
    """Open or close a source; a closed one takes nothing. Raises `NotFound`."""
    source, cost, currency = await catalogue.set_active(tx, source_id, is_active)
    _describe(source, tx, origin, cost=cost, currency=currency)
    what = "source opened" if is_active else "source closed"
    tx.audit(who=who, what=what, subject=source_id, old=None, new={"is_active": is_active})
    return source


def _describe(
    source: Source, tx: Transaction, origin: Origin, *, cost: Decimal | None, currency: str | None
) -> None:
    fact = SourceDescribed(
        source_id=source.id,
        name=source.name,
        kind=source.kind,
        channel=source.channel,
        is_active=source.is_active,
        cost_per_lead=cost,
        currency=currency,
    )
    tx.publish(fact, key=source.id, subject=source.id, cause=origin)
