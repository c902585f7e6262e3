"""What marketing has settled for a form: who may show it, what it asks for, how it is guarded."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from baton.contracts.vocabulary import ConsentPurpose
from marketing_intake.domain.source import Source


class FieldKind(StrEnum):
    """How a field is asked for on a page."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "tel"
    LONG_TEXT = "textarea"
    CHOICE = "select"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that the hosted page and the snippet show, under its name of a lead."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """A box that a visitor may tick, with the exact sentence that stands beside it."""

    purpose: ConsentPurpose
    text: str


class CaptchaProvider(StrEnum):
    """Who tells people from robots."""

    TURNSTILE = "turnstile"
    HCAPTCHA = "hcaptcha"
    RECAPTCHA = "recaptcha"


class WhenAway(StrEnum):
    """What becomes of a lead while nobody can say whether a robot sent it."""

    TAKE = "take"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class CaptchaRules:
    """Whom to ask about a visitor; `score_min` counts where the provider gives a score.

    While the provider is away leads are taken and marked: an outage is no visitor's fault, and the
    honeypot, the fill time and the limits hold all the same.
    """

    provider: CaptchaProvider
    site_key: str
    score_min: float = 0.0
    when_away: WhenAway = WhenAway.TAKE


@dataclass(frozen=True, slots=True)
class OptInRules:
    """What the message that asks for a confirmation says; nothing that a visitor wrote is in it."""

    subject: str = "Please confirm your request"
    text: str = "Somebody gave this address in our form. If that was you, please confirm it."


FORM_CONFIG: Final = "form_rules"
CAPTCHA_CONFIG: Final = "captcha_secret"
"""Under these names a source's configuration holds the rules, and its own captcha's secret key."""
DEFAULT_FIELDS: Final = (
    FormField("name", "Name"),
    FormField("email", "E-mail", FieldKind.EMAIL, is_required=True),
    FormField("company", "Company"),
    FormField("message", "Message", FieldKind.LONG_TEXT),
)


@dataclass(frozen=True, slots=True)
class FormRules:
    """A form's settings.

    Without `origins` any page may hold the form, and none may read its answer by script. Rates are
    per minute; as many may come at once after a quiet minute. `token_uses_max` lets a person send
    again what they have corrected.
    """

    title: str = "Contact us"
    intro: str = ""
    button: str = "Send"
    thanks: str = "We have received your message and will be in touch."
    fields: tuple[FormField, ...] = DEFAULT_FIELDS
    consent: tuple[ConsentBox, ...] = ()
    origins: tuple[str, ...] = ()
    key_per_minute: int = 600
    address_per_minute: int = 30
    is_token_required: bool = False
    fill_seconds_min: float = 2.0
    token_uses_max: int = 5
    captcha: CaptchaRules | None = None
    double_opt_in: bool = False
    opt_in: OptInRules = field(default_factory=OptInRules)


@dataclass(frozen=True, slots=True)
class Form:
    """A form by one of its public keys: the source that it sends for, and its rules."""

    key: str
    source: Source
    rules: FormRules

    @property
    def origins(self) -> tuple[str, ...]:
        """The pages' origins that may hold it: those of its rules, and of its source's contract."""
        return self.rules.origins + self.source.allowed_origins


def origin_of(url: str) -> str | None:
    """`https://shop.example` of an address; None when it is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or "\\" in url:
        return None
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_allowed(url: str, allowed: tuple[str, ...]) -> bool:
    """Whether a redirect goes to a listed page, or below a listed origin."""
    origin = origin_of(url)
    if origin is None:
        return False
    return any(url == entry or entry.rstrip("/").lower() == origin for entry in allowed)
