"""Policies: drafted, published, never changed; what holds never goes back to an older one."""

from typing import Final

from baton.contracts.scoring import PolicyPublished
from baton.errors import Conflict, NotFound, Refused
from baton.transaction import Origin, Transaction
from lead_scoring import metrics
from lead_scoring.domain.policy_faults import faults_of
from lead_scoring.repository import policies
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

    Raises `NotFound`, and `Conflict` when a newer version was published: a score never goes back
    to an older one, so what was better before is drafted again and published as the newest.
    """
    await policies.lock(tx)
    policy = await _found(tx, version)
    active = await policies.active_version(tx)
    if active is not None and version < active:
        raise Conflict(
            f"version {active} was published already, and scores never go back to an older one:"
            " draft the document again and publish that",
            field="version",
        )
    if version == active:
        return policy
    await _activate(policy, tx, who=who, origin=origin)
    tx.audit(
        who=who,
        what="policy published",
        subject=f"policy {version}",
        old={"version": active},
        new={"version": version, "name": policy.document.name},
    )
    return await _found(tx, version)


async def ensure_policy(tx: Transaction) -> None:
    """Publish the default policy when there is none, so that a fresh service can decide."""
    await policies.lock(tx)
    if await policies.active_version(tx) is None:
        version = await policies.add_draft(tx, DEFAULT, BATON)
        await _activate(await _found(tx, version), tx, who=BATON, origin=Origin.fresh())


async def _activate(policy: StoredPolicy, tx: Transaction, *, who: str, origin: Origin) -> None:
    version = policy.version
    await policies.activate(tx, version, who)
    fact = PolicyPublished(version=version, document=policy.document.model_dump(mode="json"))
    tx.publish(fact, key=KEY, subject=f"{KEY}/{version}", cause=origin)
    tx.after_commit(lambda _at: metrics.POLICY_VERSION.set(version))


async def _found(tx: Transaction, version: int) -> StoredPolicy:
    policy = await policies.find(tx, version)
    if policy is None:
        raise NotFound(f"there is no policy with the version {version}", field="version")
    return policy
