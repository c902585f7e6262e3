"""Who is asked about leads' companies, by HTTP: looked at and changed; each change is audited."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from baton.auth.api_keys import Identity
from baton.errors import Refused
from baton.http import PROBLEMS, require
from baton.http.text import Line
from baton.parts import Frame
from baton.vault import Vault
from marketing_intake.domain.enrichment import (
    PROVIDED,
    PROVIDERS_MAX,
    Provider,
    ProviderKind,
    Trait,
)
from marketing_intake.handlers import enriching
from marketing_intake.handlers.sealing import seal_provider_key
from marketing_intake.reading.vendors.paths import steps_of
from marketing_intake.repository import enrichment
from marketing_intake.settings import IntakeSettings

Admin = Annotated[Identity, Depends(require("sources:admin"))]
Name = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
Place = Annotated[Line, StringConstraints(max_length=200)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,1900}$")]
Key = Annotated[SecretStr, Field(min_length=1, max_length=4096)]


class ProviderTerms(BaseModel):
    """How a provider is asked.

    `fields` says where it has each trait: a column of the file, or a path into the answer; a trait
    that is not named is looked for under its usual name. `url` may hold `{domain}`; without it the
    domain is the parameter `domain`. Nothing else of a lead is sent.
    """

    model_config = ConfigDict(extra="forbid")  # a typing error must not pass unseen

    name: Name = Field(examples=["firmographics"])
    kind: ProviderKind = ProviderKind.HTTP
    url: Url | None = Field(default=None, examples=["https://api.example.com/companies/{domain}"])
    fields: dict[Trait, Place] = Field(default_factory=dict, max_length=len(Trait))
    seconds: float = Field(default=5.0, gt=0, le=20, description="how long an answer may take")
    per_day: int = Field(default=1000, ge=1, le=10_000_000, description="questions in a UTC day")
    kept_days: int = Field(default=30, ge=1, le=365, description="how long an answer is good")


class ProviderForm(ProviderTerms):
    """A provider to be asked; without `api_key` it keeps the one it has, null takes it away."""

    api_key: Key | None = None


class ProvidersForm(BaseModel):
    """All that are asked from now on, and nobody else."""

    providers: list[ProviderForm] = Field(max_length=PROVIDERS_MAX)


class ProviderView(ProviderTerms):
    """A provider as it is; of its key only whether it has one."""

    has_api_key: bool
    asked_today: int


class ProvidersView(BaseModel):
    """All that are asked."""

    providers: list[ProviderView]


def make_enrichment_router(frame: Frame, vault: Vault) -> APIRouter:
    """`/v1/enrichment/providers`."""
    router = APIRouter(prefix="/v1/enrichment", tags=["enrichment"], responses=PROBLEMS)
    transactions = frame.transactions
    assert isinstance(frame.settings, IntakeSettings)
    has_file = frame.settings.enrichment_file is not None

    @router.get("/providers")
    async def list_providers(_: Admin) -> ProvidersView:
        """Who is asked, and how often that was done today."""
        async with transactions.read() as reader:
            providers = await enrichment.load_providers(reader)
            asked = await enrichment.asked_on(reader, transactions.clock.now().date())
        return _view(providers, asked)

    @router.put("/providers")
    async def put_providers(form: ProvidersForm, admin: Admin) -> ProvidersView:
        """Ask these from now on; leads that come within seconds of it may still order the old."""
        _check(form, has_file=has_file)
        kept = {one.name for one in form.providers if "api_key" not in one.model_fields_set}
        async with transactions.begin() as tx:
            providers = await enriching.put_providers(
                [_provider(one, vault) for one in form.providers],
                frozenset(kept),
                tx,
                who=admin.who,
            )
            asked = await enrichment.asked_on(tx, tx.now.date())
        return _view(providers, asked)

    return router


def _check(form: ProvidersForm, *, has_file: bool) -> None:
    """Raises `Refused` for what no shape can say."""
    names = [one.name for one in form.providers]
    if len(set(names)) < len(names):
        raise Refused("every provider must have a name of its own", field="name")
    files = [one for one in form.providers if one.kind is ProviderKind.FILE]
    if len(files) > 1:
        raise Refused("there may be one file", field="kind")
    if files and not has_file:
        raise Refused("BATON_ENRICHMENT_FILE must name the file", field="kind")
    for one in form.providers:
        if (one.url is not None) != (one.kind is ProviderKind.HTTP):
            raise Refused("is needed for http, and for nothing else", field="url")
        _check_paths(one)


def _check_paths(form: ProviderForm) -> None:
    if form.kind is ProviderKind.HTTP:
        for path in form.fields.values():
            try:
                steps_of(path)
            except ValueError as error:
                raise Refused(str(error), field="fields") from None


def _provider(form: ProviderForm, vault: Vault) -> Provider:
    key = None if form.api_key is None else form.api_key.get_secret_value()
    return Provider(
        name=form.name,
        kind=form.kind,
        fields={**PROVIDED, **form.fields},
        url=form.url,
        seconds=form.seconds,
        per_day=form.per_day,
        kept_days=form.kept_days,
        sealed=None if key is None else seal_provider_key(key, form.name, vault),
    )


def _view(providers: list[Provider], asked: dict[str, int]) -> ProvidersView:
    return ProvidersView(
        providers=[
            ProviderView(
                name=one.name,
                kind=one.kind,
                url=one.url,
                fields=dict(one.fields),
                seconds=one.seconds,
                per_day=one.per_day,
                kept_days=one.kept_days,
                has_api_key=one.sealed is not None,
                asked_today=asked.get(one.name, 0),
            )
            for one in providers
        ]
    )
