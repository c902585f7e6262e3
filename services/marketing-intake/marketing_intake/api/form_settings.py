"""A form's settings by HTTP: its rules, and its public keys."""

from datetime import datetime
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from baton.auth.api_keys import Identity
from baton.errors import Refused
from baton.http import PROBLEMS, PathUuid, request_origin, require
from baton.transaction import Origin
from baton.transactions import Transactions
from baton.vault import vault_of
from marketing_intake.api.form_shapes import RulesForm, rules_of, secret_in, shown_rules
from marketing_intake.api.forms.captchas import secrets_of
from marketing_intake.domain.form import CAPTCHA_CONFIG, FormRules
from marketing_intake.domain.source import Source
from marketing_intake.handlers import forms as handlers
from marketing_intake.repository import forms
from marketing_intake.settings import IntakeSettings

ADMIN = Depends(require("sources:admin"))
ORIGIN = Depends(request_origin)
RULES_BYTES_MAX: Final = 64 * 1024
"""A source is remembered with its rules, and kept with them in every version."""
FormKeyPath = Annotated[str, Path(max_length=100, pattern="^[A-Za-z0-9_]+$")]


class KeyView(BaseModel):
    """A public key."""

    form_key: str
    created_at: datetime
    revoked_at: datetime | None = None


def make_form_settings_router(transactions: Transactions, settings: IntakeSettings) -> APIRouter:
    """`/v1/sources/{source_id}/form` and `/form-keys`."""
    router = APIRouter(prefix="/v1/sources/{source_id}", tags=["sources"], responses=PROBLEMS)
    vault = vault_of(settings)

    @router.get("/form")
    async def show_form_rules(source_id: PathUuid, _: Identity = ADMIN) -> RulesForm:
        """How the form is shown and guarded."""
        async with transactions.read() as reader:
            return shown_rules(await forms.load_form(reader, source_id))

    @router.put("/form")
    async def set_form_rules(
        source_id: PathUuid, form: RulesForm, identity: Identity = ADMIN, origin: Origin = ORIGIN
    ) -> RulesForm:
        """Settle it; what is left out has its default. It holds within seconds."""
        rules = rules_of(form)
        if len(orjson.dumps(forms.document_of(rules))) > RULES_BYTES_MAX:
            raise Refused(f"all rules together may have {RULES_BYTES_MAX} bytes", field="fields")
        async with transactions.begin() as tx:
            source = await handlers.set_rules(
                source_id,
                rules,
                secret_in(form),
                tx,
                vault=vault,
                who=identity.who,
                origin=origin,
            )
            _check_possible(source, rules, settings)
        return shown_rules(source)

    @router.get("/form-keys")
    async def list_form_keys(source_id: PathUuid, _: Identity = ADMIN) -> list[KeyView]:
        """The form's public keys, oldest first."""
        async with transactions.read() as reader:
            await forms.load_form(reader, source_id)
            found = await forms.keys_of(reader, source_id)
        return [
            KeyView(form_key=one.key, created_at=one.created_at, revoked_at=one.revoked_at)
            for one in found
        ]

    @router.post("/form-keys", status_code=201)
    async def create_form_key(source_id: PathUuid, identity: Identity = ADMIN) -> KeyView:
        """One more public key, for another page, say."""
        async with transactions.begin() as tx:
            key = await handlers.add_key(source_id, tx, who=identity.who)
            return KeyView(form_key=key, created_at=tx.now)

    @router.delete("/form-keys/{form_key}", status_code=204)
    async def revoke_form_key(
        source_id: PathUuid, form_key: FormKeyPath, identity: Identity = ADMIN
    ) -> None:
        """End a public key for good; within seconds it opens nothing."""
        async with transactions.begin() as tx:
            await handlers.revoke_key(source_id, form_key, tx, who=identity.who)

    return router


def _check_possible(source: Source, rules: FormRules, settings: IntakeSettings) -> None:
    if rules.double_opt_in and (settings.smtp_url is None or not settings.smtp_from):
        raise Refused("needs BATON_SMTP_URL and BATON_SMTP_FROM", field="double_opt_in")
    if rules.captcha is None or CAPTCHA_CONFIG in source.config:
        return
    provider = rules.captcha.provider
    if provider not in secrets_of(settings):
        name = f"BATON_{provider.value.upper()}_SECRET"
        raise Refused(f"is needed, or {name}", field="captcha.secret_key")
