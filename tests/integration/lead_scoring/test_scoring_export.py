"""What scoring keeps of somebody is handed out to who may know it, under all their ids."""

from baton.ids import new_id
from lead_scoring.__main__ import parts_of
from lead_scoring.settings import ScoringSettings
from support.databases import MakeTransactions, Templates
from support.open_services import open_service, plain_settings
from support.scoring_desk import a_consent, a_lead, a_merge, make_desk_on
from support.scoring_events import an_activity


async def test_leads_decisions_and_consents_of_merged_people_are_handed_out_together(
    make_transactions: MakeTransactions, templates: Templates
) -> None:
    url = await templates.copy("lead_scoring")
    desk = await make_desk_on(make_transactions, url)
    one, other = new_id(), new_id()
    await desk.hear(a_lead(one), a_lead(other), a_consent(one, "contact"))
    await desk.hear(an_activity(one))
    await desk.hear(*a_merge(one, other, merge_id=new_id()))

    async with open_service(parts_of(ScoringSettings.model_validate(plain_settings(url)))) as door:
        headers = await door.key("people:admin", "pii:read")
        answer = await door.client.get(f"/v1/people/{other}/export", headers=headers)
        unknown = await door.client.get(f"/v1/people/{new_id()}/export", headers=headers)

    exported = answer.json()
    counts = {name: len(rows) for name, rows in exported["parts"].items()}
    assert set(exported["person_ids"]) == {one, other}
    assert counts == {
        "facts": 2, "leads": 2, "activities": 1, "retractions": 0, "enrichments": 0, "due": 1,
        "overrides": 0, "receipts": 4, "consents": 1, "erasures": 0, "merges": 1, "outcomes": 0,
    }  # fmt: skip
    assert unknown.status_code == 404
