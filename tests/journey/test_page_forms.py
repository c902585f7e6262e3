"""The forms of marketing's pages: whose they are, what they refuse, and what they say then."""

import httpx

from baton.ids import new_id
from support.intake_door import IntakeDoor
from support.reading_pages import read, show, sign_in

FORMS = (
    "/sources/new",
    "/sources/{id}/switch",
    "/failed/replay",
    "/failed/{id}/replay",
    "/failed/{id}/discard",
    "/imports/{id}/cancel",
    "/people",
    "/people/merge",
    "/people/unmerge/{id}",
    "/people/candidates/{id}/dismiss",
    "/campaigns",
    "/campaigns/{id}/costs",
)
FILLED = {
    "csrf_token": "somebody else's", "name": "x", "kind": "api", "is_active": "true", "why": "x",
    "asked": "x", "spent_on": "2026-05-04", "amount": "1", "currency": "EUR", "reference": "x",
    "first": new_id(), "second": new_id(), "back": new_id(),
}  # fmt: skip


async def test_a_form_of_another_page_does_nothing(intake: IntakeDoor) -> None:
    await sign_in(intake.opened, "manager")

    answers = {path: await post(intake, path) for path in FORMS}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        FORMS, 403
    )
    assert all("out of date" in answer.text for answer in answers.values())
    assert await intake.opened.fetch("select from audit_log where who like 'staff:%'") == []


async def test_a_form_needs_somebody_who_is_signed_in(intake: IntakeDoor) -> None:
    answers = {path: await post(intake, path) for path in FORMS}

    places = {answer.headers.get("location", "").partition("?")[0] for answer in answers.values()}
    assert places == {"/sign-in"}


async def test_what_is_not_there_is_said_in_words(intake: IntakeDoor) -> None:
    await sign_in(intake.opened, "manager")

    answer = await intake.client.get(f"/campaigns/{new_id()}")

    assert answer.status_code == 404
    assert "There is no such campaign." in read(answer.text).text


async def test_an_empty_service_says_on_every_page_what_to_do(intake: IntakeDoor) -> None:
    await sign_in(intake.opened, "marketing")

    said = {
        path: read(await show(intake.opened, path)).text
        for path in ("/sources", "/live", "/failed", "/imports", "/campaigns", "/attribution")
    }

    assert "Make one" in said["/sources"]
    assert "how to send it something" in said["/live"]
    assert "Nothing has failed" in said["/failed"]
    assert "Make one under Sources" in said["/imports"]
    assert "Make one below" in said["/campaigns"]
    assert "all time" in said["/attribution"]


async def test_a_person_is_found_by_what_they_gave_and_not_by_a_part_of_it(
    intake: IntakeDoor,
) -> None:
    taken = await intake.taken(await intake.source(), phone="+12025550123")
    await sign_in(intake.opened, "manager")
    page = await show(intake.opened, "/people")
    _, _, rest = page.partition('name="csrf_token" value="')
    token = rest.partition('"')[0]

    answers = {
        asked: await intake.client.post("/people", data={"csrf_token": token, "asked": asked})
        for asked in ("ADA@example.org", "+1 202 555 0123", "da@example.org", "ada")
    }

    places = [answer.headers.get("location") for answer in answers.values()]
    assert places == [f"/people/{taken['person_id']}"] * 2 + [None, None]
    assert "Nobody is known" in answers["da@example.org"].text
    assert answers["ada"].status_code == 422


async def test_refused_rows_are_not_for_who_may_not_see_them(intake: IntakeDoor) -> None:
    await sign_in(intake.opened, "marketing")

    answer = await intake.client.get(f"/imports/{new_id()}/errors")

    assert answer.status_code == 403


async def post(intake: IntakeDoor, path: str) -> httpx.Response:
    """Send a form that is filled in, but was not made for this session."""
    return await intake.client.post(path.format(id=new_id()), data=FILLED)
