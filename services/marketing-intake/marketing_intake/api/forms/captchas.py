"""Asking a provider whether a visitor is a robot; never inside a transaction."""

import asyncio
from enum import StrEnum
from functools import cached_property
from typing import Final

import httpx
import orjson

from baton.vault import BrokenSeal, vault_of
from marketing_intake import metrics
from marketing_intake.domain.form import CAPTCHA_CONFIG, CaptchaProvider, CaptchaRules, Form
from marketing_intake.handlers.sealing import open_config
from marketing_intake.settings import IntakeSettings

RESPONSE_FIELDS: Final = {
    CaptchaProvider.TURNSTILE: "cf-turnstile-response",
    CaptchaProvider.HCAPTCHA: "h-captcha-response",
    CaptchaProvider.RECAPTCHA: "g-recaptcha-response",
}
"""How each provider's widget calls its field in the form."""
RESPONSE_CHARACTERS_MAX: Final = 10_000
ANSWER_BYTES_MAX: Final = 64 * 1024
OUR_FAULTS: Final = frozenset(
    {
        "missing-input-secret", "invalid-input-secret", "sitekey-secret-mismatch", "bad-request",
        "internal-error", "not-using-dummy-passcode",
    }
)  # fmt: skip
"""Codes that say nothing about the visitor."""


class CaptchaAnswer(StrEnum):
    """What the provider says."""

    PASSED = "passed"
    REFUSED = "refused"
    AWAY = "away"


def secrets_of(settings: IntakeSettings) -> dict[CaptchaProvider, str]:
    """The installation's own accounts, for forms that have none."""
    named = {
        CaptchaProvider.TURNSTILE: settings.turnstile_secret,
        CaptchaProvider.HCAPTCHA: settings.hcaptcha_secret,
        CaptchaProvider.RECAPTCHA: settings.recaptcha_secret,
    }
    return {name: one.get_secret_value() for name, one in named.items() if one is not None}


class Captchas:
    """Asks the providers that the settings name."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._seconds = settings.captcha_seconds
        self._vault = vault_of(settings)
        self._secrets = secrets_of(settings)
        self._urls = {
            CaptchaProvider.TURNSTILE: settings.turnstile_url,
            CaptchaProvider.HCAPTCHA: settings.hcaptcha_url,
            CaptchaProvider.RECAPTCHA: settings.recaptcha_url,
        }

    async def ask(self, form: Form, rules: CaptchaRules, response: object) -> CaptchaAnswer:
        """What the provider says of this visitor; without a response there is nothing to ask."""
        answer = CaptchaAnswer.REFUSED
        if isinstance(response, str) and 0 < len(response) <= RESPONSE_CHARACTERS_MAX:
            answer = await self._ask(self._secret(form, rules), rules, response)
        metrics.CAPTCHAS.labels(rules.provider.value, answer.value).inc()
        return answer

    async def _ask(self, secret: str | None, rules: CaptchaRules, response: str) -> CaptchaAnswer:
        if secret is None:
            return CaptchaAnswer.AWAY
        # The visitor's address is optional everywhere, and nobody's business.
        asked = {"secret": secret, "response": response}
        if rules.provider is CaptchaProvider.HCAPTCHA:
            asked["sitekey"] = rules.site_key
        try:
            async with asyncio.timeout(self._seconds):
                document = orjson.loads(await self._post(self._urls[rules.provider], asked))
        except (httpx.HTTPError, TimeoutError, orjson.JSONDecodeError):
            return CaptchaAnswer.AWAY
        return _answer(document, rules)

    def _secret(self, form: Form, rules: CaptchaRules) -> str | None:
        if CAPTCHA_CONFIG not in form.source.config:
            return self._secrets.get(rules.provider)
        try:
            return str(open_config(form.source, self._vault)[CAPTCHA_CONFIG])
        except BrokenSeal:
            return None

    async def _post(self, url: str, asked: dict[str, str]) -> bytes:
        async with self._client.stream("POST", url, data=asked) as response:
            response.raise_for_status()
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > ANSWER_BYTES_MAX:
                    raise httpx.DecodingError("the provider's answer is too long")
            return body

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        # Made once, since reading the certificates takes longer than asking; connections are not
        # kept, since nobody would close them.
        return httpx.AsyncClient(
            timeout=self._seconds,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=0),
        )


def _answer(document: object, rules: CaptchaRules) -> CaptchaAnswer:
    if not isinstance(document, dict) or not isinstance(document.get("success"), bool):
        return CaptchaAnswer.AWAY
    codes = document.get("error-codes")
    if not document["success"]:
        is_our_fault = isinstance(codes, list) and OUR_FAULTS.intersection(map(str, codes))
        return CaptchaAnswer.AWAY if is_our_fault else CaptchaAnswer.REFUSED
    # hCaptcha's score runs the other way, and Turnstile has none.
    score = document.get("score") if rules.provider is CaptchaProvider.RECAPTCHA else None
    is_low = isinstance(score, int | float) and score < rules.score_min
    return CaptchaAnswer.REFUSED if is_low else CaptchaAnswer.PASSED
