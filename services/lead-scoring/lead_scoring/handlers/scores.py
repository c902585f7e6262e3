"""The score of a person as it stands: from all that is known now, by the policy that holds now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baton.database import Reader
from baton.errors import NotFound
from lead_scoring.domain.facts import LeadFact, history_of
from lead_scoring.domain.people import kin
from lead_scoring.domain.policy import Policy
from lead_scoring.domain.receipts import Receipt
from lead_scoring.domain.scoring import Score, score_of
from lead_scoring.repository import facts, leads, people, policies, receipts
from lead_scoring.repository.leads import StoredLead
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


async def current(person_id: str, reader: Reader) -> PersonScore:
    """The score of a person, their newest leads and the newest receipts. Raises `NotFound`."""
    person_ids = await _kin(reader, person_id)
    known = await facts.load_of_people(reader, person_ids)
    found = [fact for one in person_ids for fact in known.get(one, ())]
    version = await policies.active_version(reader)
    if not found or version is None:
        raise NotFound(NOBODY, field="person_id")
    policy = await policies.load(reader, version)
    return PersonScore(
        person_ids=person_ids,
        policy=policy,
        score=score_of(history_of(found), policy),
        leads=await leads.load(reader, [fact.lead_id for fact in found]),
        receipts=await receipts.of_events(reader, _event_ids(found), limit=RECEIPTS_MAX),
    )


async def _kin(reader: Reader, person_id: str) -> list[str]:
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


def _event_ids(known: Sequence[LeadFact]) -> list[str]:
    return [fact.event_id for fact in known]
