"""From what is asked of a source to the source: what no shape can say is checked here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from pydantic import ValidationError

from baton.contracts.vocabulary import ConsentPurpose
from baton.errors import Refused
from baton.http.problems import field_errors
from baton.vault import Vault
from marketing_intake.api.source_forms import SourceChange, SourceForm, TraitForm
from marketing_intake.domain.contract import CONSENT, TRAIT
from marketing_intake.domain.form import FORM_CONFIG
from marketing_intake.domain.source import Source, limits_of, shaping_of, terms_of
from marketing_intake.domain.traits import DeclaredTrait
from marketing_intake.handlers.sealing import seal_config
from marketing_intake.handlers.sources import Change
from marketing_intake.reading import storing
from marketing_intake.reading.json_lead import FORM, NAMES
from marketing_intake.reading.vendors import VENDORS

CONFIG_BYTES_MAX: Final = 16 * 1024
WAIT_SECONDS_MAX: Final = 10
"""Nobody who queues waits longer: vendors give up after as long."""
PERSONAL: Final = frozenset({"email", "phone", "external_id"})
PLAIN: Final = ("is_active", "name", "owner", "role", "channel", "honeypot")
CLEARED: Final = ("cost_per_lead", "currency", "vendor")
TUPLES: Final = ("redirects", "allowed_origins")
TERMS: Final = ("field_map", "fields", "defaults", "per_second", "per_day", "queue_max")
MAY_BE_NULL: Final = frozenset({*CLEARED, "fields", "per_second", "per_day"})


def drawn_source(form: SourceForm) -> Source:
    """The source that a form asks for, without id and keys. Raises `Refused`."""
    source = Source(
        id="",
        name=form.name,
        kind=form.kind,
        channel=form.channel,
        is_active=True,
        role=form.role,
        owner=form.owner,
    )
    given = form.model_dump(include={*PLAIN, *CLEARED, *TUPLES, *TERMS} - {"is_active"})
    changed = _with_values(source, given | {"traits": form.traits})
    _check(changed)
    return replace(changed, config=_checked_config(form.config))


def change_of(form: SourceChange, source_id: str, vault: Vault) -> Change:
    """What a form changes of a source; the change raises `Refused` when that can't be."""
    given = {
        name: getattr(form, name)
        for name in form.model_fields_set
        if getattr(form, name) is not None or name in MAY_BE_NULL
    }
    config = _checked_config(given.pop("config", {}))
    sealed = seal_config(config, source_id, vault)

    def changed(source: Source) -> Source:
        merged = {n: v for n, v in {**source.config, **sealed}.items() if v is not None}
        found = replace(_with_values(source, given), config=merged)
        _check(found)
        return found

    return changed


def _with_values(source: Source, given: Mapping[str, Any]) -> Source:
    values = {name: given[name] for name in (*PLAIN, *CLEARED) if name in given}
    values |= {name: tuple(given[name]) for name in TUPLES if name in given}
    if "traits" in given:
        values["declared"] = {name: _trait(name, one) for name, one in given["traits"].items()}
    terms: dict[str, Any] = terms_of(source) | {n: given[n] for n in TERMS if n in given}
    taken = terms["fields"]
    shaping = shaping_of(
        terms["field_map"], None if taken is None else frozenset(taken), terms["defaults"]
    )
    limits = limits_of(terms["per_second"], terms["per_day"], terms["queue_max"])
    return replace(source, **values, shaping=shaping, limits=limits)


def _check(source: Source) -> None:
    """Raises `Refused` for terms that contradict each other, or speak of what there is not."""
    if source.vendor is not None and source.vendor not in VENDORS:
        raise Refused(f"must be one of {', '.join(sorted(VENDORS))}", field="vendor")
    if (source.cost_per_lead is None) != (source.currency is None):
        raise Refused("cost_per_lead and currency need each other", field="currency")
    _check_shaping(source)
    limits = source.limits
    if limits is not None and limits.queue_max > WAIT_SECONDS_MAX * (limits.per_second or 0):
        raise Refused(f"may be {WAIT_SECONDS_MAX} times per_second at most", field="queue_max")


def _check_shaping(source: Source) -> None:
    if source.shaping is None:
        return
    for target in source.shaping.names.values():
        if not _is_known(target, source):
            expected = "must lead to a field of a lead, to a declared trait, or to consent.purpose"
            raise Refused(expected, field="field_map")
    unknown = sorted(set(source.shaping.defaults) - (NAMES - PERSONAL))
    if unknown:
        # A default that says who it is would make one person of everybody.
        raise Refused("may name fields of a lead that say nothing of who it is", field="defaults")
    try:
        FORM.validate_python(dict(source.shaping.defaults))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        detail = field_errors(faults)[0]["detail"]
        raise Refused(f"a default is not right: {detail}", field="defaults") from None


def _is_known(target: str, source: Source) -> bool:
    if target.startswith(TRAIT):
        return target.removeprefix(TRAIT) in source.declared
    if target.startswith(CONSENT):
        return target.removeprefix(CONSENT) in set(ConsentPurpose)
    return target in NAMES


def _checked_config(config: dict[str, Any]) -> dict[str, Any]:
    if FORM_CONFIG in config:
        raise Refused("a form is settled by PUT /v1/sources/{source_id}/form", field="config")
    fault = storing.fault_in(config)
    if fault is not None:
        raise Refused(f"a value {fault}", field="config")
    try:
        length = len(orjson.dumps(config))
    except TypeError:
        raise Refused("numbers must fit into 64 bits", field="config") from None
    if length > CONFIG_BYTES_MAX:
        raise Refused(f"may have {CONFIG_BYTES_MAX} bytes", field="config")
    return config


def _trait(name: str, trait: TraitForm | Mapping[str, Any]) -> DeclaredTrait:
    form = trait if isinstance(trait, TraitForm) else TraitForm.model_validate(trait)
    allowed = None if form.allowed is None else frozenset(form.allowed)
    return DeclaredTrait(name, form.kind, allowed, form.values_max)
