"""How forms are shown: the hosted page, the snippet, the script; and what scripts may send."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from typing_extensions import override

import marketing_intake
from support.captcha_desk import SECRET
from support.forms import ADA, SHOP, a_form
from support.intake_door import IntakeDoor, open_intake

SCRIPT = Path(marketing_intake.__file__).parent / "web/static/baton.js"
SCRIPT_BYTES_MAX = 3000
TOUCH = {
    "utm_source": "news",
    "gclid": "click",
    "last_utm_source": "ads",
    "last_landing_page": f"{SHOP}/again",
    "anonymous_id": "a1b2",
    "landing_page": f"{SHOP}/",
}


class Inputs(HTMLParser):
    """The named fields of a page and their values, and everything that would run or style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.form: dict[str, str | None] = {}
        self.inline: list[str] = []
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag down."""
        given = dict(attrs)
        if tag == "form":
            self.form = given
        if tag in ("input", "textarea", "select"):
            self.fields[str(given.get("name"))] = given.get("value") or ""
        is_inline = (tag == "script" and "src" not in given) or tag == "style" or "style" in given
        if is_inline or any(name.startswith("on") for name in given):
            self.inline.append(tag)


async def send_json(intake: IntakeDoor, key: str, body: Any, type_: str) -> httpx.Response:
    """What a script sends."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {"content-type": type_, "origin": SHOP}
    return await intake.client.post(f"/f/{key}", content=content, headers=headers)


async def test_the_hosted_page_can_be_filled_in_and_sent(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    await form.settle(
        title="Ask <us>",
        is_token_required=True,
        consent=[{"purpose": "marketing", "text": "Write to me & more"}],
    )

    page = await intake.client.get(f"/f/{form.key}?utm_source=poster&evil=1")
    inputs = Inputs(page.text)
    intake.clock.advance(seconds=5)
    answer = await form.submit(inputs.fields | {"email": "ada@example.org"})

    assert "Ask &lt;us&gt;" in page.text
    assert "Write to me &amp; more" in page.text
    assert set(inputs.fields) == {
        *("_token", "utm_source", "name", "email", "company", "message", "consent", "website"),
    }
    assert (inputs.form["method"], inputs.form["action"]) == ("post", f"/f/{form.key}")
    assert answer.status_code == 200
    ((state, details),) = await form.leads()
    assert (state, details["utm_source"]) == ("captured", "poster")
    (fact,) = await intake.said("LeadCaptured")
    assert fact["data"]["consent"] == ["marketing"]


async def test_pages_run_nothing_that_stands_in_them(intake: IntakeDoor) -> None:
    form = await a_form(intake, redirects=[f"{SHOP}/thanks"])

    page = await intake.client.get(f"/f/{form.key}")

    policy = page.headers["content-security-policy"]
    assert Inputs(page.text).inline == []
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert f"form-action 'self' {SHOP};" in policy
    assert page.headers["cache-control"] == "no-store"


async def test_a_captchas_widget_may_load_and_nothing_else(url: str) -> None:
    async with open_intake(url, turnstile_secret=SECRET) as intake:
        form = await a_form(intake)
        await form.settle(captcha={"provider": "turnstile", "site_key": 'a"b'})

        page = await intake.client.get(f"/f/{form.key}")

    assert 'class="cf-turnstile" data-sitekey="a&#34;b"' in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://challenges.cloudflare.com;" in policy


async def test_the_snippet_works_without_its_script(url: str) -> None:
    async with open_intake(url, public_url="https://forms.example/") as intake:
        form = await a_form(intake)

        answer = await intake.client.get(f"/f/{form.key}/snippet")
        inputs = Inputs(answer.text)
        sent = await form.submit(inputs.fields | {"email": "ada@example.org"})

        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert inputs.form["action"] == f"https://forms.example/f/{form.key}"
        assert 'src="https://forms.example/f/baton.js"' in answer.text
        assert "_token" not in inputs.fields
        assert inputs.inline == []
        assert (sent.status_code, await form.states()) == (200, ["captured"])


async def test_all_kinds_of_fields_are_shown(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    kinds = ["text", "email", "tel", "textarea", "select", "hidden"]
    fields = [
        {"name": kind, "label": kind.title(), "kind": kind, "choices": ["a<b"], "value": "a<b"}
        for kind in kinds
    ]
    await form.settle(fields=fields)

    page = await intake.client.get(f"/f/{form.key}")

    inputs = Inputs(page.text)
    assert set(kinds) <= set(inputs.fields)
    assert inputs.fields["hidden"] == "a<b"
    assert "<option selected>a&lt;b</option>" in page.text


async def test_the_script_is_small_and_kept_by_browsers(intake: IntakeDoor) -> None:
    answer = await intake.client.get("/f/baton.js")
    again = await intake.client.get(
        "/f/baton.js", headers={"if-none-match": answer.headers["etag"]}
    )

    assert answer.content == SCRIPT.read_bytes()
    assert len(answer.content) < SCRIPT_BYTES_MAX
    assert answer.headers["content-type"].startswith("text/javascript")
    assert (again.status_code, again.content) == (304, b"")


def test_the_script_evaluates_no_text() -> None:
    source = SCRIPT.read_text()

    assert not re.search(r"\beval\b|innerHTML|new Function|document\.write|\.style\b", source)


@pytest.mark.parametrize("type_", ["application/json", "text/plain;charset=UTF-8"])
async def test_what_a_script_sends_is_taken(intake: IntakeDoor, type_: str) -> None:
    form = await a_form(intake)
    await form.settle(origins=[SHOP])

    answer = await send_json(intake, form.key, ADA | TOUCH | {"consent": "contact"}, type_)

    assert (answer.status_code, answer.json()["status"]) == (202, "captured")
    assert set(answer.json()) == {"lead_id", "status"}
    assert answer.headers["access-control-allow-origin"] == SHOP
    (card,) = await intake.said("ContactCard")
    assert (card["data"]["given_name"], card["data"]["family_name"]) == ("Ada", "Invented")
    ((_, details),) = await form.leads()
    assert details == TOUCH
    (payload,) = await intake.opened.fetch("select content_type, component from payloads")
    assert (payload["content_type"], payload["component"]) == (type_, "form")


async def test_a_robot_that_speaks_json_is_spam_too(intake: IntakeDoor) -> None:
    form = await a_form(intake)

    answer = await send_json(intake, form.key, ADA | {"website": "x"}, "application/json")

    assert (answer.status_code, await form.states()) == (202, ["spam"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"hello", "malformed"), (b"[1]", "malformed"), (b'{"email": 1}', "invalid")],
)
async def test_what_is_no_lead_is_kept_with_its_reason(
    intake: IntakeDoor, body: bytes, kind: str
) -> None:
    form = await a_form(intake)

    answer = await send_json(intake, form.key, body, "text/plain")

    assert answer.status_code in (400, 422)
    (row,) = await intake.opened.fetch("select body, status, kind from payloads")
    assert (row["body"], row["status"], row["kind"]) == (body, "refused", kind)
    assert await intake.unaccounted() == 0


async def test_json_cannot_say_when_it_happened_or_that_it_is_a_test(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    fields = ADA | {"occurred_at": "1999-01-01T00:00:00Z", "is_test": True}

    await send_json(intake, form.key, fields, "application/json")

    assert await form.states() == ["captured"]


async def test_what_a_script_adds_is_cut_and_never_refused(intake: IntakeDoor) -> None:
    form = await a_form(intake)
    long = {"utm_term": "x" * 900, "fbclid": "y" * 900, "last_referrer": "z" * 3000}

    answer = await form.submit(ADA | long)

    ((_, details),) = await form.leads()
    assert answer.status_code == 200
    lengths = {name: len(details[name]) for name in long}
    assert lengths == {"utm_term": 200, "fbclid": 500, "last_referrer": 2000}


@pytest.mark.parametrize("path", ["", "/snippet", "/token"])
async def test_a_form_that_is_closed_is_not_shown(intake: IntakeDoor, path: str) -> None:
    form = await a_form(intake)
    await intake.client.patch(
        f"/v1/sources/{form.id}", json={"is_active": False}, headers=intake.admin
    )

    answer = await intake.client.get(f"/f/{form.key}{path}")

    assert answer.status_code == 404
