"""Forms' rules and public keys: changed by hand, and audited; the rules are part of a contract."""

from dataclasses import replace

from baton.contracts.vocabulary import SourceKind
from baton.errors import Conflict, NotFound
from baton.transaction import Origin, Transaction
from baton.vault import Vault
from marketing_intake.domain.form import CAPTCHA_CONFIG, FORM_CONFIG, FormRules
from marketing_intake.domain.source import Source
from marketing_intake.handlers.sealing import seal_config
from marketing_intake.handlers.sources import change_source, new_form_key
from marketing_intake.repository import forms


async def set_rules(
    source_id: str,
    rules: FormRules,
    secret: str | None,
    tx: Transaction,
    *,
    vault: Vault,
    who: str,
    origin: Origin,
) -> Source:
    """Settle how a form is shown and guarded: a new version of its contract. Raises `NotFound`.

    Without `secret` the captcha's secret key stays, as long as its provider does.
    """

    def settled(source: Source) -> Source:
        if source.kind is not SourceKind.FORM:
            raise NotFound("there is no such form", field="source_id")
        config = {**source.config, FORM_CONFIG: forms.document_of(rules)}
        if _provider(rules) != _provider(forms.rules_in(source)):
            config.pop(CAPTCHA_CONFIG, None)
        if secret is not None:
            config |= seal_config({CAPTCHA_CONFIG: secret}, source_id, vault)
        return replace(source, config=config)

    return await change_source(source_id, settled, tx, what="form settled", who=who, origin=origin)


async def add_key(source_id: str, tx: Transaction, *, who: str) -> str:
    """Give a form one more public key. Raises `NotFound`, and `Conflict` when it has too many."""
    await forms.load_form(tx, source_id)
    if len(await forms.keys_of(tx, source_id)) >= forms.KEYS_MAX:
        raise Conflict(f"a form may have {forms.KEYS_MAX} keys", field="source_id")
    key = new_form_key()
    await forms.insert_key(tx, source_id, key)
    tx.audit(who=who, what="form key made", subject=source_id, old=None, new={"form_key": key})
    return key


async def revoke_key(source_id: str, key: str, tx: Transaction, *, who: str) -> None:
    """End a public key for good; within seconds it opens nothing. Raises `NotFound`."""
    await forms.revoke_key(tx, source_id, key)
    tx.audit(who=who, what="form key revoked", subject=source_id, old={"form_key": key}, new=None)


def _provider(rules: FormRules) -> str | None:
    return None if rules.captcha is None else rules.captcha.provider.value
