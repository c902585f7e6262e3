"""Kept payloads that change: mended, refused once more, given up, or their bodies deleted."""

from datetime import datetime
from typing import Any, Final

from baton.ids import first_id_of
from baton.transaction import Transaction
from marketing_intake.domain.draft import RefusedDraft

LOCK_SQL: Final = """
select id, source_id, status, resent_as from payloads where id = $1 for update
"""
AGAIN_SQL: Final = """
update payloads set kind = $2, field = $3, detail = $4, failure = $5, component_version = $6,
  contract_version = $7 where id = $1
"""
FORGET_ANSWERS_SQL: Final = """
delete from idempotency where source_id = $1 and key_hash = any ($2::bytea[])
  and convert_from(body, 'UTF8')::jsonb ->> 'payload_id' = $3
"""
AWAITING_SQL: Final = "select 1 from payloads where id = $1 and status = 'awaiting' for update"
FETCHED_SQL: Final = "update payloads set status = 'fetched', resent_as = $2 where id = $1"
REFUSE_AWAITING_SQL: Final = """
update payloads set status = 'refused', kind = $2, field = $3, detail = $4, failure = $5
where id = $1 and status = 'awaiting' returning id
"""
RESENT_SQL: Final = "update payloads set resent_as = $2 where id = $1"
DISCARD_SQL: Final = """
update payloads set status = 'discarded'
where id = $1 and status = 'refused' and resent_as is null returning id
"""
DISCARD_STRAY_SQL: Final = "delete from strays where id = $1 returning id"
MARK_SQL: Final = """
insert into retention_marks (name, up_to) values ($1, $2)
on conflict (name) do update set up_to = retention_marks.up_to returning up_to
"""
OLD_SQL: Final = "select id from payloads where id > $1 and id < $2 order by id limit $3"
EMPTY_SQL: Final = """
update payloads set body = null, headers = null
where id = any ($1::uuid[]) and body is not null and (status = any ($2::text[])) = $3
"""
MOVE_SQL: Final = "update retention_marks set up_to = $2 where name = $1"
FIRST_ID: Final = "00000000-0000-0000-0000-000000000000"
FAILED: Final = ("refused", "discarded", "awaiting")


async def lock(tx: Transaction, payload_id: str) -> dict[str, Any] | None:
    """A payload's id, source, status and what it became; nobody else mends it meanwhile."""
    await tx.begin()
    row = await tx.fetchrow(LOCK_SQL, payload_id)
    return None if row is None else dict(row)


async def refuse_again(
    tx: Transaction, payload_id: str, failure: tuple[object, ...], versions: tuple[int, int]
) -> None:
    """Note why it fails now (kind, field, detail, failure), under reader and contract of now."""
    await tx.execute(AGAIN_SQL, payload_id, *failure, *versions)


async def forget_answers(
    tx: Transaction, source_id: str, key_hashes: list[bytes], *, payload_id: str
) -> None:
    """Forget that these keys were answered by refusing this payload."""
    await tx.execute(FORGET_ANSWERS_SQL, source_id, key_hashes, payload_id)


async def set_resent(tx: Transaction, payload_id: str, became: str) -> None:
    """Note what a mended payload became."""
    await tx.execute(RESENT_SQL, payload_id, became)


async def is_awaiting(tx: Transaction, payload_id: str) -> bool:
    """Whether the lead that this payload announces is still to be fetched; nobody else settles it
    meanwhile.
    """
    await tx.begin()
    return await tx.fetchval(AWAITING_SQL, payload_id) is not None


async def set_fetched(tx: Transaction, payload_id: str, became: str | None) -> None:
    """Note what an announced lead has become."""
    await tx.execute(FETCHED_SQL, payload_id, became)


async def refuse_awaiting(tx: Transaction, payload_id: str, refused: RefusedDraft) -> bool:
    """Note why an announced lead could not be fetched; False when it is settled otherwise."""
    failure = (refused.kind, refused.field, refused.detail, refused.failure)
    return await tx.fetchval(REFUSE_AWAITING_SQL, payload_id, *failure) is not None


async def discard(tx: Transaction, failed_id: str) -> bool:
    """Give up a refused payload, or delete the sample of a stray; says whether there was one."""
    if await tx.fetchval(DISCARD_SQL, failed_id) is not None:
        return True
    return await tx.fetchval(DISCARD_STRAY_SQL, failed_id) is not None


async def empty_old(tx: Transaction, before: datetime, limit: int, *, of_failed: bool) -> int:
    """Delete the bodies of a bounded number of payloads from before a moment; says how many.

    Of failed ones, or of all others. A mark holds how far it is: ids are in the order of time, so
    no index is needed that every lead would have to pay for.
    """
    name = "failed" if of_failed else "others"
    up_to = await tx.fetchval(MARK_SQL, name, FIRST_ID)
    rows = await tx.fetch(OLD_SQL, up_to, first_id_of(before), limit)
    ids = [row["id"] for row in rows]
    if ids:
        await tx.execute(EMPTY_SQL, ids, list(FAILED), of_failed)
        await tx.execute(MOVE_SQL, name, ids[-1])
    return len(ids)
