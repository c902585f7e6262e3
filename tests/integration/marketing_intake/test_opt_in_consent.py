"""What a confirmed form leaves as evidence, and that only a confirmed one brings somebody back."""

import hashlib

from support.opt_in import GIVEN, RULES, open_office

SENTENCES = {"contact": "You may call me.", "marketing": "You may write to me, every month."}
BOXES = [{"purpose": purpose, "text": text} for purpose, text in SENTENCES.items()]


async def test_a_link_that_is_pressed_leaves_what_was_ticked_and_the_proof(url: str) -> None:
    async with open_office(url) as office:
        link = await office.asked()
        before = await office.intake.count("consents")

        await office.press(link)

        (lead,) = await office.intake.opened.fetch("select id, person_id from leads")
        shown = await office.intake.get(f"/v1/people/{lead['person_id']}/consents")
        kept = {one["how"]: one for one in shown.json()["consents"]}
        assert before == 0
        assert (kept["lead"]["id"], kept["lead"]["granted"]) == (lead["id"], ["contact"])
        assert kept["opt_in"]["proof"]["lead_id"] == lead["id"]
        assert len(kept["opt_in"]["proof"]["token_sha256"]) == 64
        assert await office.intake.unaccounted() == 0


async def test_only_a_confirmed_form_lifts_what_is_suppressed(url: str) -> None:
    async with open_office(url) as office:
        shop = await office.intake.source()
        lead = await office.intake.taken(shop, email=GIVEN["email"])
        path = f"/v1/people/{lead['person_id']}"
        await office.intake.client.delete(path, headers=office.intake.admin)

        link = await office.asked()
        unconfirmed = await office.intake.count("suppressions")
        await office.press(link)

        assert unconfirmed > 0
        (left,) = await office.intake.opened.fetch("select count(*) as n from suppressions")
        assert left["n"] < unconfirmed


async def test_the_proof_of_a_double_opt_in_is_handed_out_with_everything_else(url: str) -> None:
    async with open_office(url) as office:
        await office.form.settle(**RULES, consent=BOXES)
        link = await office.asked()
        office.intake.clock.advance(seconds=3600)

        await office.press(link)

        (lead,) = await office.intake.opened.fetch("select person_id from leads")
        exported = (await office.intake.get(f"/v1/people/{lead['person_id']}/export")).json()
        (filled,) = [one for one in exported["parts"]["consents"] if one["how"] == "lead"]
        (proven,) = [one for one in exported["parts"]["consents"] if one["how"] == "opt_in"]
        text = hashlib.sha256(SENTENCES["contact"].encode()).hexdigest()
        assert {(one["who"], one["speaker"]) for one in (filled, proven)} == {("person", "person")}
        assert (filled["text_sha256"], proven["text_sha256"]) == (text, text)
        assert proven["happened_at"] == "2026-05-04T13:00:12Z"
        assert (proven["source_id"], proven["contract_version"]) == (office.form.id, 3)
        assert set(proven["proof"]) == {
            "lead_id", "token_sha256", "sent_at", "sent_to_hash", "filled_in_at", "how",
        }  # fmt: skip
        assert len(proven["proof"]["sent_to_hash"]) == 32
        assert len(proven["circumstances"]["address_hash"]) == 32
        (asked,) = exported["parts"]["opt_ins"]
        assert asked["confirmed_at"] == proven["happened_at"]


async def test_a_pending_opt_in_is_handed_out(url: str) -> None:
    async with open_office(url) as office:
        await office.asked()

        (lead,) = await office.intake.opened.fetch("select person_id from leads")
        exported = (await office.intake.get(f"/v1/people/{lead['person_id']}/export")).json()

        (asked,) = exported["parts"]["opt_ins"]
        assert asked["draft"]["card"]["email"] == GIVEN["email"]
