"""What robots do to forms: they fill in too fast, with old or shared tokens; and who asks."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from support.captcha_desk import GOOD, SECRET, CaptchaDesk, captcha_desk
from support.forms import ADA, SHOP, MadeForm, a_form
from support.intake_door import IntakeDoor, open_intake

DAY = 86_400
RESPONSES = {
    "turnstile": "cf-turnstile-response",
    "hcaptcha": "h-captcha-response",
    "recaptcha": "g-recaptcha-response",
}


@pytest.fixture
def desk() -> Iterator[CaptchaDesk]:
    """A local server that answers as the vendors do."""
    with captcha_desk() as opened:
        yield opened


@pytest_asyncio.fixture
async def guarded(url: str, desk: CaptchaDesk) -> AsyncIterator[IntakeDoor]:
    """Intake with an account at every provider, all of them at the same desk."""
    names = ("turnstile", "hcaptcha", "recaptcha")
    settings = {f"{name}_url": desk.url for name in names}
    settings |= {f"{name}_secret": SECRET for name in names}
    async with open_intake(url, **settings) as door:
        yield door


async def reasons(form: MadeForm) -> list[str | None]:
    """Why each lead is held to be a robot's, in order; None for a person's."""
    return [details.get("spam_reason") for _, details in await form.leads()]


async def test_who_takes_their_time_is_a_person(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    token = await form.token()
    intake.clock.advance(seconds=3)

    answer = await form.submit(ADA | {"_token": token})

    assert answer.status_code == 200
    assert await form.states() == ["captured"]


@pytest.mark.parametrize(
    ("seconds", "reason"), [(1, "too_fast"), (DAY - 1, None), (DAY + 1, "token_stale")]
)
async def test_too_fast_and_too_late_are_spam_and_look_alike(
    intake: IntakeDoor, seconds: int, reason: str | None
) -> None:
    form = await a_form(intake, redirects=[f"{SHOP}/thanks"])
    person = await form.submit()
    token = await form.token()
    intake.clock.advance(seconds=seconds)

    answer = await form.submit(ADA | {"_token": token})

    assert (answer.status_code, answer.headers["location"]) == (
        person.status_code,
        person.headers["location"],
    )
    assert await reasons(form) == [None, reason]
    assert await intake.unaccounted() == 0


async def test_a_token_that_is_passed_around_is_spam(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(token_uses_max=2)
    token = await form.token()
    intake.clock.advance(seconds=3)

    for n in range(3):
        await form.submit({"email": f"robot{n}@example.org", "_token": token})

    assert await reasons(form) == [None, None, "token_replayed"]


async def test_the_same_form_sent_twice_is_one_lead(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    token = await form.token()
    intake.clock.advance(seconds=3)

    twice = [
        await form.submit(ADA | {"_token": token}, accept="application/json") for _ in range(2)
    ]

    assert twice[0].json() == twice[1].json()
    assert await form.states() == ["captured"]


@pytest.mark.parametrize("token", ["", "nonsense", "é", "A" * 48])
async def test_a_token_that_is_not_ours_is_spam_and_none_is_not(
    intake: IntakeDoor, token: str
) -> None:
    form = await a_form(intake)

    await form.submit(ADA | {"_token": token})

    assert await reasons(form) == ["token_forged" if token else None]


async def test_a_token_of_another_form_is_spam(intake: IntakeDoor) -> None:
    form, other = await a_form(intake), await a_form(intake, "other form")
    token = await other.token()
    intake.clock.advance(seconds=3)

    await form.submit(ADA | {"_token": token})

    assert await reasons(form) == ["token_forged"]


async def test_a_form_may_insist_on_a_token(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(is_token_required=True)

    await form.submit()

    assert await reasons(form) == ["token_missing"]


async def test_spam_teaches_nothing_of_whom_it_names(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.submit(ADA)

    await form.submit(ADA | {"phone": "+12025550173", "website": "x"})

    rows = await intake.opened.fetch("select kind, value from identifiers")
    assert [row["kind"] for row in rows] == ["email"]
    assert len(await intake.said("ContactCard")) == 1


@pytest.mark.parametrize("provider", RESPONSES)
async def test_a_visitor_who_passed_the_captcha_is_a_person(
    guarded: IntakeDoor, desk: CaptchaDesk, provider: str
) -> None:
    form = await a_form(guarded)
    await form.settle(captcha={"provider": provider, "site_key": "site"})

    await form.submit(ADA | {RESPONSES[provider]: GOOD})

    assert await form.states() == ["captured"]
    (asked,) = desk.asked
    assert (asked["secret"], asked["response"]) == (SECRET, GOOD)
    assert "remoteip" not in asked
    assert asked.get("sitekey") == ("site" if provider == "hcaptcha" else None)


@pytest.mark.parametrize("response", [None, "a-bad-response", "x" * 20_000])
async def test_a_visitor_who_did_not_is_a_robot_and_sees_thanks(
    guarded: IntakeDoor, response: str | None
) -> None:
    form = await a_form(guarded)
    await form.settle(captcha={"provider": "turnstile", "site_key": "site"})
    field = {} if response is None else {RESPONSES["turnstile"]: response}

    answer = await form.submit(ADA | field)

    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    assert await reasons(form) == ["captcha"]
    assert await guarded.said("LeadCaptured") == []


async def test_a_response_is_good_once(guarded: IntakeDoor) -> None:
    form = await a_form(guarded)
    await form.settle(captcha={"provider": "turnstile", "site_key": "site"})

    for _ in range(2):
        await form.submit(ADA | {RESPONSES["turnstile"]: GOOD})

    assert await reasons(form) == [None, "captcha"]


@pytest.mark.parametrize(("score", "reason"), [(0.9, None), (0.1, "captcha")])
async def test_a_low_score_is_a_robots(
    guarded: IntakeDoor, desk: CaptchaDesk, score: float, reason: str | None
) -> None:
    form = await a_form(guarded)
    await form.settle(captcha={"provider": "recaptcha", "site_key": "site", "score_min": 0.5})
    desk.score = score

    await form.submit(ADA | {RESPONSES["recaptcha"]: GOOD})

    assert await reasons(form) == [reason]


@pytest.mark.parametrize(
    ("when_away", "state", "mark"),
    [("take", "captured", {"captcha": "unverified"}), ("spam", "spam", {"spam_reason": "captcha"})],
)
async def test_while_the_provider_is_away_the_rule_decides(
    guarded: IntakeDoor, desk: CaptchaDesk, when_away: str, state: str, mark: dict[str, str]
) -> None:
    form = await a_form(guarded)
    await form.settle(captcha={"provider": "hcaptcha", "site_key": "site", "when_away": when_away})
    desk.is_broken = True

    await form.submit(ADA | {RESPONSES["hcaptcha"]: GOOD})

    assert await form.leads() == [(state, mark)]


async def test_a_wrong_secret_of_ours_is_no_visitors_fault(url: str, desk: CaptchaDesk) -> None:
    settings = {"turnstile_url": desk.url, "turnstile_secret": "mistyped"}
    async with open_intake(url, **settings) as intake:
        form = await a_form(intake)
        await form.settle(captcha={"provider": "turnstile", "site_key": "site"})

        await form.submit(ADA | {RESPONSES["turnstile"]: GOOD})

        assert await form.leads() == [("captured", {"captcha": "unverified"})]


async def test_a_desk_that_nobody_answers_at_is_away(url: str) -> None:
    settings = {"turnstile_url": "http://127.0.0.1:1/", "turnstile_secret": SECRET}
    async with open_intake(url, **settings) as intake:
        form = await a_form(intake)
        await form.settle(captcha={"provider": "turnstile", "site_key": "site"})

        await form.submit(ADA | {RESPONSES["turnstile"]: GOOD})

        assert await form.states() == ["captured"]


async def test_a_form_may_have_a_secret_of_its_own_that_is_never_shown(
    url: str, desk: CaptchaDesk
) -> None:
    async with open_intake(url, recaptcha_url=desk.url) as intake:
        form = await a_form(intake)
        captcha = {"provider": "recaptcha", "site_key": "site"}
        set_ = await form.settle(captcha=captcha | {"secret_key": SECRET})
        again = await form.settle(captcha=captcha)

        await form.submit(ADA | {RESPONSES["recaptcha"]: GOOD})

        assert await form.leads() == [("captured", {})]
        assert set_.json()["captcha"]["has_secret_key"] is True
        assert SECRET not in set_.text + again.text
        (row,) = await intake.opened.fetch("select config::text from sources")
        audited = await intake.opened.fetch("select new from audit_log")
        assert SECRET not in row["config"] + str(audited)
