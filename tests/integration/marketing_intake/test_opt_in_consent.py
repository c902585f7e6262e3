"""What a confirmed form leaves as evidence, and that only a confirmed one brings somebody back."""

from support.opt_in import GIVEN, open_office


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
