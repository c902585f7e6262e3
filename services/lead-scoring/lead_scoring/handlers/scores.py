"""The score of a person at a moment: from all that is known, by the policy that holds now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from baton.database import Reader
from baton.errors import NotFound
from lead_scoring.domain.facts import History, history_of
from lead_scoring.domain.people import kin
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.receipts import Receipt
from lead_scoring.domain.scoring import Score, score_at
from lead_scoring.handlers.companies import with_roll_ups
from lead_scoring.repository import activities, facts, leads, overrides, people, policies, receipts
from lead_scoring.repository.leads import StoredLead
from lead_scoring.repository.overrides import Override
from lead_scoring.repository.people import People

RECEIPTS_MAX: Final = 20
NOBODY: Final = "there is nobody under this id, or they were forgotten"


@dataclass(frozen=True, slots=True)
class PersonScore:
    """Where a person stands, under all of their ids."""

    person_ids: Sequence[str]
    policy: Policy
    score: Score
    leads: Sequence[StoredLead]
    receipts: Sequence[Receipt]
    override: Override | None = None


async def current(person_id: str, reader: Reader, *, moment: datetime) -> PersonScore:
    """The score of a person at a moment, their newest leads and receipts. Raises `NotFound`."""
    person_ids = await kin_of(reader, person_id)
    history = await history_of_people(reader, person_ids)
    version = await policies.active_version(reader)
    if not history or version is None:
        raise NotFound(NOBODY, field="person_id")
    policy = await policies.load(reader, version)
    said = await overrides.latest(reader, person_ids)
    history = await with_roll_ups(reader, history, policy)
    return PersonScore(
        person_ids=person_ids,
        policy=policy,
        score=score_at(history, policy, None, max(moment, history.newest_at)),
        leads=await leads.load(reader, [fact.lead_id for fact in history.leads]),
        receipts=await receipts.of_people(reader, person_ids, limit=RECEIPTS_MAX),
        override=said if said is not None and said.holds_at(moment) else None,
    )


async def history_of_people(reader: Reader, person_ids: Sequence[str]) -> History:
    """What counts of one person, under all of their ids."""
    captured = await facts.load_of_people(reader, person_ids)
    return history_of([*captured, *await activities.load_of_people(reader, person_ids)])


async def kin_of(reader: Reader, person_id: str) -> list[str]:
    """All ids of the person who is known under this one. Raises `NotFound` for who is erased."""
    known, asked = People(), {person_id}
    while True:
        known.merges = await people.load_merges(reader, asked)
        members = {one for merge in known.merges.values() for one in merge.member_ids}
        if members <= asked:
            break
        asked |= members
    await people.load_words(reader, known, sorted(asked))
    if person_id in known.erasures:
        raise NotFound(NOBODY, field="person_id")
    return sorted(kin(person_id, known.merges.values(), known.erasures.keys()))
