"""Pages that strangers see: the hosted form, the snippet, thanks; each under a strict policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from baton.web import Pages
from marketing_intake.domain.form import CaptchaProvider, Form, origin_of

ROOM: Final = Path(__file__).parents[2] / "web"
PAGES: Final = Pages("form", ROOM / "templates")
SCRIPT: Final = (ROOM / "static" / "baton.js").read_bytes()
WIDGETS: Final = {
    CaptchaProvider.TURNSTILE: (
        "cf-turnstile",
        "https://challenges.cloudflare.com/turnstile/v0/api.js",
        "https://challenges.cloudflare.com",
    ),
    CaptchaProvider.HCAPTCHA: (
        "h-captcha",
        "https://js.hcaptcha.com/1/api.js",
        "https://hcaptcha.com https://*.hcaptcha.com",
    ),
    CaptchaProvider.RECAPTCHA: (
        "g-recaptcha",
        "https://www.google.com/recaptcha/api.js",
        "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
    ),
}
"""Each provider's class of the widget, its script, and what the widget may load."""


def notice(request: Request, title: str, text: str, *, status: int = 200) -> Response:
    """A page with one sentence."""
    context = {"title": title, "text": text}
    return PAGES.render(request, "form_notice.html", context, status=status)


def hosted_page(request: Request, form: Form, shown: Mapping[str, Any]) -> Response:
    """The form as a page of ours; `shown` has its token, its address and hidden values."""
    response = PAGES.render(request, "form_page.html", {**_words(form), **shown})
    response.headers["content-security-policy"] = _policy(form)
    return response


def snippet(request: Request, form: Form, shown: Mapping[str, Any]) -> Response:
    """The form as HTML to be put into somebody's own page; it has no token, since it is kept."""
    page = PAGES.render(request, "form_snippet.html", {**_words(form), **shown})
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    return Response(page.body, 200, headers, "text/plain; charset=utf-8")


def confirm_page(request: Request, token: str) -> Response:
    """A page with a button: programs that look into messages open links, and press nothing."""
    response = PAGES.render(request, "form_confirm.html", {"token": token})
    # The link is in the page's address; nobody else is to learn of it.
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _words(form: Form) -> dict[str, Any]:
    captcha = form.rules.captcha
    widget = None
    if captcha is not None:
        class_, script, _ = WIDGETS[captcha.provider]
        widget = {"class": class_, "script": script, "site_key": captcha.site_key}
    return {"rules": form.rules, "honeypot": form.source.honeypot, "widget": widget}


def _policy(form: Form) -> str:
    """Our own script, the widget's, and the pages that a browser may be sent on to."""
    captcha = form.rules.captcha
    hosts = "" if captcha is None else f" {WIDGETS[captcha.provider][2]}"
    frames = hosts or " 'none'"
    onward = {origin_of(page) for page in form.source.redirects} - {None}
    targets = "".join(f" {origin}" for origin in sorted(map(str, onward)))
    return (
        f"default-src 'none'; script-src 'self'{hosts}; style-src 'self'{hosts}; img-src 'self'; "
        f"connect-src 'self'{hosts}; frame-src{frames}; form-action 'self'{targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
