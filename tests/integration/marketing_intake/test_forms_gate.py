"""Forms' gate: keys that end, pages that may hold a form, and rates."""

import pytest

from support.forms import ADA, SHOP, a_form
from support.intake_door import IntakeDoor


async def test_a_form_may_have_several_keys_and_each_can_be_ended(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    path = f"/v1/sources/{form.id}/form-keys"
    second = (await intake.client.post(path, headers=intake.admin)).json()["form_key"]
    before = [(await form.submit(key=key)).status_code for key in (form.key, second)]

    ended = await intake.client.delete(f"{path}/{form.key}", headers=intake.admin)
    intake.clock.advance(seconds=6)

    after = [(await form.submit(key=key)).status_code for key in (form.key, second)]
    assert (ended.status_code, before, after) == (204, [200, 200], [404, 200])
    listed = (await intake.get(path)).json()
    open_ones = [key["form_key"] for key in listed if key["revoked_at"] is None]
    assert (len(listed), open_ones) == (2, [second])
    again = await intake.client.delete(f"{path}/{form.key}", headers=intake.admin)
    assert again.status_code == 404
    rows = await intake.opened.fetch("select what from audit_log where what like 'form key%'")
    assert sorted(row["what"] for row in rows) == ["form key made", "form key revoked"]


async def test_rules_come_back_as_they_were_set_and_are_audited(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    rules = {"title": "Ask us", "origins": ["https://Shop.Example"], "address_per_minute": 3}

    answer = await form.settle(**rules)

    shown = (await intake.get(f"/v1/sources/{form.id}/form")).json()
    assert answer.json() == shown
    assert (shown["title"], shown["origins"]) == ("Ask us", [SHOP])
    (row,) = await intake.opened.fetch("select * from audit_log where what = 'form settled'")
    assert row["new"]["config"]["form_rules"]["title"] == "Ask us"
    assert row["old"]["config"] == {}


async def test_rules_are_part_of_the_contract_that_leads_name(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.submit()

    for _ in range(2):
        await form.settle(title="Ask us")
    await form.submit()

    rows = await intake.opened.fetch("select contract_version as version from leads order by id")
    assert [row["version"] for row in rows] == [1, 2]


async def test_rules_have_a_door_of_their_own(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    change = {"config": {"form_rules": {"title": 1}}}

    answer = await intake.client.patch(f"/v1/sources/{form.id}", json=change, headers=intake.admin)

    assert answer.status_code == 422
    assert (await form.submit()).status_code == 200


async def test_origins_of_the_contract_are_listed_too(intake: IntakeDoor) -> None:
    form = await a_form(intake, allowed_origins=[SHOP])

    answers = [await form.submit(origin=origin) for origin in (SHOP, "https://evil.example")]

    assert [answer.status_code for answer in answers] == [200, 403]


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ({"origins": ["shop.example"]}, "#/origins/0"),
        ({"origins": ["https://shop.example/page"]}, "#/origins/0"),
        ({"origins": ["*"]}, "#/origins/0"),
        ({"address_per_minute": 0}, "#/address_per_minute"),
        ({"fields": [{"name": "a b", "label": "x"}]}, "#/fields/0/name"),
        ({"opt_in": {"subject": "Hello\r\nBcc: x@example.org"}}, "#/opt_in/subject"),
        ({"double_opt_in": True}, "#/double_opt_in"),
        ({"captcha": {"provider": "turnstile", "site_key": "x"}}, "#/captcha/secret_key"),
    ],
)
async def test_rules_that_cannot_be_are_refused(
    intake: IntakeDoor, rules: dict[str, object], pointer: str
) -> None:
    form = await a_form(intake)

    answer = await form.settle(**rules)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_only_a_form_has_rules(intake: IntakeDoor) -> None:
    shop = await intake.source()

    answer = await intake.client.put(f"/v1/sources/{shop.id}/form", json={}, headers=intake.admin)

    assert answer.status_code == 404


async def test_rules_are_for_administrators(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    reader = await intake.opened.key("leads:read")

    answer = await intake.client.put(f"/v1/sources/{form.id}/form", json={}, headers=reader)

    assert answer.status_code == 403


async def test_a_page_that_is_not_listed_may_not_send(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(origins=[SHOP])

    answers = [
        await form.submit(origin="https://evil.example"),
        await form.submit(origin="https://shop.example.evil.example"),
        await form.submit(origin="null"),
        await form.submit(origin=SHOP),
        await form.submit(origin="http://service.test"),
        await form.submit(),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 200, 200, 200]
    assert len(await form.leads()) == 3


async def test_a_listed_page_may_read_every_answer(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(origins=[SHOP], address_per_minute=3)

    answers = [
        await form.submit(origin=SHOP, accept="application/json"),
        await form.submit({"message": "x"}, origin=SHOP, accept="application/json"),
        await form.submit(origin=SHOP, content_type="text/css"),
        await form.submit(origin=SHOP, accept="application/json"),
        await intake.client.get(f"/f/{form.key}/token", headers={"origin": SHOP}),
    ]

    assert [answer.status_code for answer in answers] == [202, 422, 415, 429, 200]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {SHOP}
    assert {answer.headers["vary"] for answer in answers} == {"Origin"}
    assert not [one for one in answers if "access-control-allow-credentials" in one.headers]


@pytest.mark.parametrize(("origin", "status"), [(SHOP, 204), ("https://evil.example", 403)])
async def test_a_preflight_is_answered_for_listed_pages_alone(
    intake: IntakeDoor, origin: str, status: int
) -> None:
    form = await a_form(intake)
    await form.settle(origins=[SHOP])
    headers = {"origin": origin, "access-control-request-method": "POST"}

    answer = await intake.client.options(f"/f/{form.key}", headers=headers)

    assert answer.status_code == status
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == (SHOP if status == 204 else None)


async def test_without_a_list_no_page_of_another_site_may_read(intake: IntakeDoor) -> None:
    form = await a_form(intake)

    answer = await form.submit(origin=SHOP)

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


async def test_an_address_that_sends_too_often_waits(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(address_per_minute=2)
    first = [(await form.submit()).status_code for _ in range(2)]

    page = await form.submit()
    problem = await form.submit(accept="application/json")
    intake.clock.advance(seconds=int(page.headers["retry-after"]))
    later = await form.submit()

    assert (first, page.status_code, problem.status_code, later.status_code) == (
        [200, 200],
        429,
        429,
        200,
    )
    assert page.headers["content-type"].startswith("text/html")
    assert problem.headers["content-type"] == "application/problem+json"
    assert await intake.count("payloads") == 3


async def test_a_key_has_a_rate_of_its_own(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(key_per_minute=1)
    path = f"/v1/sources/{form.id}/form-keys"
    second = (await intake.client.post(path, headers=intake.admin)).json()["form_key"]

    statuses = [(await form.submit(key=key)).status_code for key in (form.key, form.key, second)]

    assert statuses == [200, 429, 200]


async def test_what_a_proxy_says_counts_only_where_there_is_one(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(address_per_minute=1)

    statuses = [(await form.submit(x_forwarded_for=f"203.0.113.{n}")).status_code for n in range(2)]

    assert statuses == [200, 429]


async def test_a_key_opens_nothing_else(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    key = {"authorization": f"Bearer {form.key}"}

    sent = await intake.client.post("/v1/leads", json=ADA, headers=key)
    listed = await intake.client.get("/v1/leads", headers=key)

    assert [sent.status_code, listed.status_code] == [401, 401]
