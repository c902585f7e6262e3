"""Everything that intake keeps of somebody, as it is handed out to them.

Whoever adds a table that holds something of a person adds a part to `PARTS`, or says in `LEFT_OUT`
why it is none: a test compares.
"""

from collections.abc import Mapping
from typing import Final

from baton.exports import Part
from marketing_intake.repository import consent
from marketing_intake.repository.erasure_rules import By

CONSENT_COLUMNS: Final = ", ".join(consent.COLUMNS)
PARTS: Final = (
    Part(
        "people",
        "select id as person_id, created_at, card, card_version, card_times, consent,"
        " consent_version from people where id = any ($1::uuid[]) limit $2",
    ),
    Part(
        "identifiers",
        "select person_id, kind, value from identifiers where person_id = any ($1::uuid[])"
        " order by kind, value limit $2",
    ),
    Part(
        "shared_addresses",
        "select person_id, address from shared_addresses where person_id = any ($1::uuid[])"
        " order by address, person_id limit $2",
    ),
    Part(
        "leads",
        "select l.*, s.name as source, c.name as campaign from leads l"
        " left join sources s on s.id = l.source_id left join campaigns c on c.id = l.campaign_id"
        " where l.person_id = any ($1::uuid[]) order by l.id limit $2",
    ),
    Part(
        "enrichments",
        "select e.* from lead_enrichments e join leads l on l.id = e.lead_id"
        " where l.person_id = any ($1::uuid[]) order by e.lead_id, e.provider limit $2",
    ),
    Part(
        "steps",
        "select t.* from lead_steps t join leads l on l.id = t.lead_id"
        " where l.person_id = any ($1::uuid[]) order by t.recorded_at, t.event_id limit $2",
    ),
    Part(
        "pursuits",
        "select * from pursuit_steps where person_id = any ($1::uuid[])"
        " order by recorded_at, event_id limit $2",
    ),
    Part(
        "activities",
        "select a.*, s.name as source from activities a left join sources s on s.id = a.source_id"
        " where a.person_id = any ($1::uuid[]) order by a.happened_at, a.id limit $2",
    ),
    Part(
        "retractions",
        "select activity_id, person_id, suspicion, reason, who, retracted_at from retractions"
        " where person_id = any ($1::uuid[]) order by retracted_at, activity_id limit $2",
    ),
    Part(
        "consents",
        f"select {CONSENT_COLUMNS} from consents where person_id = any ($1::uuid[])"  # noqa: S608 our own columns
        " order by happened_at, id limit $2",
    ),
    Part(
        "merges",
        "select * from merges where member_ids && $1::uuid[] order by created_at limit $2",
    ),
    Part(
        "opt_ins",
        "select * from opt_ins where person_id = any ($1::uuid[]) order by created_at limit $2",
    ),
    Part(
        "candidates",
        "select * from candidates where first_id = any ($1::uuid[]) or second_id = any ($1::uuid[])"
        " order by id limit $2",
    ),
    Part(
        "payloads",
        "select id as payload_id, source_id, received_at, content_type, status, kind, field,"
        " detail, failure, component, resent_as, headers, body from payloads"
        " where id = any ($1::uuid[]) order by id limit $2",
        By.PAYLOADS,
    ),
    Part(
        "rows_of_files",
        "select r.payload_id, r.import_id, r.row, i.name as file from import_refusals r"
        " join imports i on i.id = r.import_id where r.payload_id = any ($1::uuid[])"
        " order by r.import_id, r.row limit $2",
        By.PAYLOADS,
    ),
)
LEFT_OUT: Final[Mapping[str, str]] = {
    "likenesses": "numbers made of the name and the phone on the card",
    "kin": "who is one with whom, as the merges say it",
    "burials": "only of who was forgotten",
    "idempotency": "answers that repeat the ids of payloads",
    "import_chunks": "a file on its way; its rows are payloads once they are read",
    "strays": "samples of what was nobody's, whoever they name",
    "outbox": "the card and the facts of the rows above, on their way",
    "work": "what is still to be done with the rows above",
    "parked": "what other services said and could not be heard yet; they hand it out",
    "staff": "people of the house, and no leads",
    "sign_in_attempts": "people of the house, and no leads",
}
"""Tables that have something to do with people, and no part: why."""
