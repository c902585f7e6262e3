"""Every vendor as it posts to a hook of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx

from marketing_intake.reading.raw import Raw
from support.form_samples import SAMPLES
from support.form_vendors import Sample
from support.intake_door import IntakeDoor, MadeSource
from support.message_samples import MESSAGES
from support.message_vendors import MessageSample
from support.open_services import ADDRESS

SECRETS = ("s3cret-of-this-source", "an0ther-that-is-wrong")
ALL: dict[str, Sample] = {**SAMPLES, **MESSAGES}


def secrets_of(sample: Sample) -> tuple[str, str]:
    """The active secret and a wrong one."""
    if isinstance(sample, MessageSample):
        return sample.secrets[0], sample.secrets[1]
    return SECRETS


async def a_hook_of(intake: IntakeDoor, name: str) -> MadeSource:
    """A source of this vendor."""
    sample = ALL[name]
    config = dict(sample.config) if isinstance(sample, MessageSample) else {}
    form: dict[str, Any] = {"kind": "webhook", "vendor": name, "config": config}
    return await intake.source(name, **form, secret=secrets_of(sample)[0])


async def post(
    intake: IntakeDoor,
    source: MadeSource,
    name: str,
    raw: Raw,
    secret: str,
    *,
    spoil: Callable[[bytes], bytes] = bytes,
) -> httpx.Response:
    """Send a request as the vendor signs it now; what is to `spoil` its body, no signature minds.

    That is done before a body is signed, and after it where the signature stands in the body.
    """
    address = f"{ADDRESS}/hooks/{source.id}/{name}"
    is_signed = ALL[name].signs_body
    raw = replace(raw, url=address, body=spoil(raw.body) if is_signed else raw.body)
    signed = ALL[name].signed(raw, secret, intake.clock.now())
    signed = signed if is_signed else replace(signed, body=spoil(signed.body))
    query = f"?{urlencode(signed.query)}" if signed.query else ""
    headers = {**signed.headers, "content-type": signed.content_type}
    return await intake.client.post(address + query, content=signed.body, headers=headers)


def two(sample: Sample) -> Raw:
    """A request that holds two things, where a vendor's requests can."""
    numbers = (1, 2) if sample.holds_several else (1,)
    return sample.raw(*[sample.document(number, "Crumpet & Sons") for number in numbers])
