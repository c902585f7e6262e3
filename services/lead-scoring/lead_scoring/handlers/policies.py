"""Policies: drafted, published, rolled back to knowingly, and never changed."""

from typing import Final

from baton.contracts.scoring import PolicyPublished
from baton.errors import Conflict, NotFound, Refused
from baton.transaction import Origin, Transaction
from lead_scoring import metrics
from lead_scoring.domain.policy_faults import faults_of
from lead_scoring.repository import policies, publications
from lead_scoring.repository.default_policy import DEFAULT
from lead_scoring.repository.documents import PolicyDocument
from lead_scoring.repository.policies import StoredPolicy
from lead_scoring.repository.policy_reading import policy_of

KEY: Final = "policy"
BATON: Final = "baton"
"""Who did what nobody asked for: the first policy of a fresh service."""


async def draft(document: PolicyDocument, tx: Transaction, *, who: str) -> StoredPolicy:
    """Keep a new version; nothing is decided by it yet. Raises `Refused` for a faulty one."""
    for fault in faults_of(policy_of(0, document)):
        raise Refused(fault.expected, field=fault.field, kind="faulty_policy")
    await policies.lock(tx)
    version = await policies.add_draft(tx, document, who)
    tx.audit(
        who=who,
        what="policy drafted",
        subject=f"policy {version}",
        old=None,
        new={"version": version, "name": document.name},
    )
    return await _found(tx, version)


async def publish(version: int, tx: Transaction, *, who: str, origin: Origin) -> StoredPolicy:
    """Draw the line by this version from now on; doing it again changes nothing.

    Raises `NotFound`, and `Conflict` when a newer version was published, or this one held before:
    so no late repetition brings an older one back, which is done knowingly or not at all.
    """
    await policies.lock(tx)
    policy = await _found(tx, version)
    active = await policies.active_version(tx)
    if version == active:
        return policy
    newest = await publications.newest_version(tx)
    if newest is not None and version <= newest:
        raise Conflict(
            f"version {newest} was published already, and a score never goes back to an older one"
            " unknowingly: draft the document again, or roll back to a version that held before",
            field="version",
        )
    await _activate(policy, tx, who=who, origin=origin)
    _audit(tx, policy, who=who, what="policy published", replaced=active)
    return await _found(tx, version)


async def roll_back(
    version: int, tx: Transaction, *, replaces: int, who: str, origin: Origin
) -> StoredPolicy:
    """Let a version hold again that held before, in place of `replaces`; doing it again changes
    nothing.

    Raises `NotFound`, and `Conflict` when another version holds by now than whoever asks believes,
    or this one never held.
    """
    await policies.lock(tx)
    policy = await _found(tx, version)
    active = await policies.active_version(tx)
    if version == active:
        return policy
    if active != replaces:
        raise Conflict(f"version {active} holds, not the one to be replaced", field="replaces")
    if policy.published_at is None:
        raise Conflict("this version never held: publish it", field="version")
    await _activate(policy, tx, who=who, origin=origin, is_rollback=True)
    _audit(tx, policy, who=who, what="policy rolled back to", replaced=active)
    return await _found(tx, version)


async def ensure_policy(tx: Transaction) -> None:
    """Publish the default policy when there is none, so that a fresh service can decide."""
    await policies.lock(tx)
    if await policies.active_version(tx) is None:
        version = await policies.add_draft(tx, DEFAULT, BATON)
        await _activate(await _found(tx, version), tx, who=BATON, origin=Origin.fresh())


async def _activate(
    policy: StoredPolicy, tx: Transaction, *, who: str, origin: Origin, is_rollback: bool = False
) -> None:
    version = policy.version
    number = await publications.add(tx, version, who=who, origin=origin, is_rollback=is_rollback)
    await policies.activate(tx, version, who, publication=number)
    fact = PolicyPublished(
        version=version,
        document=policy.document.model_dump(mode="json"),
        publication=number,
        is_rollback=is_rollback,
    )
    tx.publish(fact, key=KEY, subject=f"{KEY}/{version}", cause=origin)
    tx.after_commit(lambda _at: metrics.POLICY_VERSION.set(version))


def _audit(
    tx: Transaction, policy: StoredPolicy, *, who: str, what: str, replaced: int | None
) -> None:
    tx.audit(
        who=who,
        what=what,
        subject=f"policy {policy.version}",
        old={"version": replaced},
        new={"version": policy.version, "name": policy.document.name},
    )


async def _found(tx: Transaction, version: int) -> StoredPolicy:
    policy = await policies.find(tx, version)
    if policy is None:
        raise NotFound(f"there is no policy with the version {version}", field="version")
    return policy
