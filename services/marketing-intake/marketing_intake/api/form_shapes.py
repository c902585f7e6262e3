"""The shapes of a form's rules as they come and go by HTTP."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints

from baton.contracts.vocabulary import ConsentPurpose
from baton.http import Line, storable
from marketing_intake.domain.form import (
    CAPTCHA_CONFIG,
    DEFAULT_FIELDS,
    CaptchaProvider,
    CaptchaRules,
    ConsentBox,
    FieldKind,
    FormField,
    FormRules,
    OptInRules,
    WhenAway,
    origin_of,
)
from marketing_intake.domain.source import Source
from marketing_intake.repository import forms

CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


def _one_line(text: str) -> str:
    if CONTROLS.search(text):
        raise ValueError("must be one line")
    return text


def _origin(text: str) -> str:
    if origin_of(text) != text.lower():
        raise ValueError("must be an origin, such as https://shop.example")
    return text.lower()


OneLine = Annotated[Line, AfterValidator(_one_line)]
Prose = Annotated[str, StringConstraints(max_length=2000), AfterValidator(storable)]
FieldName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,59}(\[[a-z0-9_]*\])?$")
]


class FieldForm(BaseModel):
    """A field of the hosted page and the snippet."""

    name: FieldName = Field(examples=["email"])
    label: OneLine = Field(examples=["E-mail"])
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    choices: list[OneLine] = Field(default_factory=list, max_length=200)
    value: Prose = ""


class ConsentForm(BaseModel):
    """A box to tick, with its exact sentence."""

    purpose: ConsentPurpose
    text: Prose = Field(min_length=1)


class CaptchaForm(BaseModel):
    """Who tells people from robots.

    `secret_key` is sealed and never shown again; left out, the one that is kept stays, and without
    any the installation's own account counts. `has_secret_key` is told, and is not listened to.
    """

    provider: CaptchaProvider
    site_key: OneLine
    secret_key: SecretStr | None = Field(default=None, max_length=500, exclude=True)
    has_secret_key: bool = False
    score_min: float = Field(default=0.0, ge=0, le=1)
    when_away: WhenAway = WhenAway.TAKE


class OptInForm(BaseModel):
    """What the message says that asks for a confirmation."""

    subject: OneLine = OptInRules().subject
    text: Prose = OptInRules().text


class RulesForm(BaseModel):
    """How a form is shown and guarded."""

    title: OneLine = "Contact us"
    intro: Prose = ""
    button: OneLine = "Send"
    thanks: Prose = "We have received your message and will be in touch."
    fields: list[FieldForm] | None = Field(default=None, min_length=1, max_length=50)
    consent: list[ConsentForm] = Field(default_factory=list, max_length=5)
    origins: list[Annotated[OneLine, AfterValidator(_origin)]] = Field(
        default_factory=list, max_length=50, examples=[["https://shop.example"]]
    )
    key_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    address_per_minute: int = Field(default=30, ge=1, le=1_000_000)
    is_token_required: bool = False
    fill_seconds_min: float = Field(default=2.0, ge=0, le=600)
    token_uses_max: int = Field(default=5, ge=1, le=1000)
    captcha: CaptchaForm | None = None
    double_opt_in: bool = False
    opt_in: OptInForm = Field(default_factory=OptInForm)


def shown_rules(source: Source) -> RulesForm:
    """The rules as they are shown; of a secret key only that there is one."""
    document: dict[str, Any] = forms.document_of(forms.rules_in(source))
    if document["captcha"] is not None:
        document["captcha"]["has_secret_key"] = CAPTCHA_CONFIG in source.config
    return RulesForm.model_validate(document)


def secret_in(form: RulesForm) -> str | None:
    """The captcha's secret key that came."""
    secret = None if form.captcha is None else form.captcha.secret_key
    return None if secret is None else secret.get_secret_value()


def rules_of(form: RulesForm) -> FormRules:
    """The rules that came."""
    captcha = None
    if form.captcha is not None:
        captcha = CaptchaRules(**form.captcha.model_dump(exclude={"has_secret_key"}))
    fields: tuple[FormField, ...] = DEFAULT_FIELDS
    if form.fields is not None:
        fields = tuple(
            FormField(**one.model_dump(exclude={"choices"}), choices=tuple(one.choices))
            for one in form.fields
        )
    nested = {"fields", "consent", "origins", "captcha", "opt_in"}
    return FormRules(
        **form.model_dump(exclude=nested),
        fields=fields,
        consent=tuple(ConsentBox(one.purpose, one.text) for one in form.consent),
        origins=tuple(form.origins),
        captcha=captcha,
        opt_in=OptInRules(form.opt_in.subject, form.opt_in.text),
    )
