"""The team: reps, pools and rules; every change is audited and numbered in the pools' logs.

Changes are made one at a time: each begins by taking the rulebook, which is first in the order of
locks after people.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace

from baton.contracts.sales import RepDescribed
from baton.errors import Conflict, NotFound, Refused
from baton.ids import new_id
from baton.transaction import Origin, Transaction
from sales_routing.domain.rules import Rulebook
from sales_routing.repository import team, waiting
from sales_routing.repository.rulebooks import document_of
from sales_routing.repository.team import PoolDetails, Rep, RepDetails, TeamPool

DESCRIBED = ("name", "team", "is_active")
"""What others hear of a rep."""
PERSONAL = ("name", "sign_in")
"""What an audit record does not repeat; that it changed is enough."""


async def create_rep(details: RepDetails, tx: Transaction, *, who: str, origin: Origin) -> Rep:
    """Add a rep, who is in no pool yet."""
    await team.rulebook_taken(tx)
    rep = Rep(new_id(), details, described=1)
    await _check_sign_in(tx, rep)
    await team.insert_rep(tx, rep)
    _describe(tx, rep, origin)
    tx.audit(who=who, what="rep created", subject=rep.id, old=None, new=_audited(details))
    return rep


async def change_rep(
    rep_id: str, changes: dict[str, object], tx: Transaction, *, who: str, origin: Origin
) -> Rep:
    """Change what is said of a rep. Raises `NotFound`."""
    await team.rulebook_taken(tx)
    pool_ids = await team.lock_pools(tx, await team.pools_of(tx, rep_id))
    before = await team.rep(tx, rep_id)
    if before is None:
        raise NotFound(f"there is no rep {rep_id}", field="rep_id")
    details = replace(before.details, **changes)  # type: ignore[arg-type]  # the door checked them
    is_news = any(getattr(details, name) != getattr(before.details, name) for name in DESCRIBED)
    after = replace(before, details=details, described=before.described + is_news)
    await _check_sign_in(tx, after)
    await team.update_rep(tx, after)
    if is_news:
        _describe(tx, after, origin)
    await _log_rep(tx, pool_ids, before, after)
    await waiting.wake(tx)
    old, new = _audited(before.details), _audited(details)
    tx.audit(who=who, what="rep changed", subject=rep_id, old=old, new=new)
    return after


async def create_pool(details: PoolDetails, tx: Transaction, *, who: str) -> TeamPool:
    """Add a pool; its log begins with the rules in force and its members. Raises `Refused`."""
    rulebook = await team.rulebook_taken(tx)
    await _check_name(tx, details, None)
    pool = TeamPool(new_id(), details)
    await team.insert_pool(tx, pool)
    await team.log_rules(tx, [pool.id], rulebook)
    await _settle_pool(tx, pool)
    tx.audit(who=who, what="pool created", subject=pool.id, old=None, new=asdict(details))
    return pool


async def change_pool(
    pool_id: str, changes: dict[str, object], tx: Transaction, *, who: str
) -> TeamPool:
    """Change a pool or its members. Raises `NotFound`, `Refused`."""
    await team.rulebook_taken(tx)
    await team.lock_pools(tx, [pool_id])
    before = await team.pool(tx, pool_id)
    if before is None:
        raise NotFound(f"there is no pool {pool_id}", field="pool_id")
    details = replace(before.details, **changes)  # type: ignore[arg-type]  # the door checked them
    await _check_name(tx, details, pool_id)
    after = replace(before, details=details)
    await _settle_pool(tx, after)
    old, new = asdict(before.details), asdict(details)
    tx.audit(who=who, what="pool changed", subject=pool_id, old=old, new=new)
    return after


async def put_rules(wanted: Rulebook, tx: Transaction, *, who: str) -> Rulebook:
    """Put rules in force, as the next version. Raises `Refused` when they name what is not."""
    before = await team.rulebook_taken(tx)
    pool_ids = await team.lock_pools(tx, None)
    await _check_rules(tx, wanted, set(pool_ids))
    after = replace(wanted, version=before.version + 1)
    await team.keep_rulebook(tx, after)
    await team.log_rules(tx, pool_ids, after)
    await waiting.wake(tx)
    old, new = document_of(before), document_of(after)
    tx.audit(who=who, what="rules changed", subject=str(after.version), old=old, new=new)
    return after


def _describe(tx: Transaction, rep: Rep, origin: Origin) -> None:
    fact = RepDescribed(
        rep_id=rep.id,
        name=rep.details.name,
        team=rep.details.team,
        is_active=rep.details.is_active,
    )
    tx.publish(fact, key=rep.id, subject=rep.id, cause=origin)


async def _log_rep(tx: Transaction, pool_ids: list[str], before: Rep, after: Rep) -> None:
    if after.details.weight != before.details.weight:
        await team.log_rosters(tx, pool_ids)
    await team.log_rep(tx, pool_ids, after)


async def _settle_pool(tx: Transaction, pool: TeamPool) -> None:
    missing = _missing(pool.details.member_ids, await team.known_reps(tx, pool.details.member_ids))
    if missing:
        raise Refused(f"there is no rep {missing}", field="member_ids", kind="unknown_rep")
    await team.update_pool(tx, pool)
    await team.log_rosters(tx, [pool.id])
    await waiting.wake(tx)


async def _check_sign_in(tx: Transaction, rep: Rep) -> None:
    name = rep.details.sign_in
    if name is not None and await team.signs_in_as(tx, name) not in (None, rep.id):
        raise Conflict("another rep signs in with this", field="sign_in", kind="sign_in_taken")


async def _check_name(tx: Transaction, details: PoolDetails, own_id: str | None) -> None:
    others = (one for one in await team.pools(tx) if one.id != own_id)
    if any(one.details.name == details.name for one in others):
        raise Conflict("another pool has this name", field="name", kind="name_taken")


async def _check_rules(tx: Transaction, wanted: Rulebook, pool_ids: set[str]) -> None:
    for index, rule in enumerate(wanted.rules):
        if rule.pool_id not in pool_ids:
            raise Refused(f"there is no pool {rule.pool_id}", field=f"rules.{index}.pool_id")
    if wanted.fallback_pool_id is not None and wanted.fallback_pool_id not in pool_ids:
        raise Refused(f"there is no pool {wanted.fallback_pool_id}", field="fallback_pool_id")
    owner_id = wanted.fallback_owner_id
    if owner_id is not None and not await team.known_reps(tx, [owner_id]):
        raise Refused(f"there is no rep {owner_id}", field="fallback_owner_id")


def _missing(wanted: Iterable[str], known: set[str]) -> str | None:
    return next((one for one in wanted if one not in known), None)


def _audited(details: RepDetails) -> dict[str, object]:
    return {name: value for name, value in asdict(details).items() if name not in PERSONAL}
