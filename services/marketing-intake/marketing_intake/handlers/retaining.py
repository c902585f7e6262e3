"""How long what came is kept: bodies go after days, a bounded number at a time; rows stay."""

from datetime import timedelta

from baton.transaction import Transaction
from marketing_intake.repository import contracts, payloads, strays


async def forget_bodies(tx: Transaction, payload_days: int, failed_days: int, *, limit: int) -> int:
    """Delete the bodies of payloads whose days are over; returns the most of a kind."""
    taken = await payloads.empty_old(
        tx, tx.now - timedelta(days=payload_days), limit, of_failed=False
    )
    failed = await payloads.empty_old(
        tx, tx.now - timedelta(days=failed_days), limit, of_failed=True
    )
    return max(taken, failed)


async def forget_strays(tx: Transaction, stray_days: int, *, limit: int) -> int:
    """Delete old samples of what was nobody's, and the counts of days that are over."""
    await contracts.forget_days(tx, (tx.now - timedelta(days=2)).date())
    return await strays.forget_strays(tx, tx.now - timedelta(days=stray_days), limit)
