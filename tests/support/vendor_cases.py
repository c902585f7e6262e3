"""What every vendor must bear: a case is a function that posts, and says what must be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from marketing_intake.reading.raw import Raw
from marketing_intake.reading.vendors import VENDORS
from support.failing import failed
from support.form_vendors import Document, Sample, without
from support.intake_door import IntakeDoor, MadeSource
from support.vendor_hooks import ALL, a_hook_of, post, secrets_of

SEVERAL: Final = 5
HUGE: Final = 300_000
ALPHABETS: Final = "Žofie & Søn 東京パン Пекарня مخبز"
NO_UTF8: Final = b"Bl\xe4tterteig"


@dataclass(frozen=True)
class Desk:
    """A vendor at its hook."""

    intake: IntakeDoor
    name: str
    hook: MadeSource
    sample: Sample

    async def posted(
        self, raw: Raw, *, is_forged: bool = False, spoil: Callable[[bytes], bytes] = bytes
    ) -> httpx.Response:
        """Post it a second later, signed with the right secret or a wrong one."""
        right, wrong = secrets_of(self.sample)
        self.intake.clock.advance(seconds=1)
        secret = wrong if is_forged else right
        return await post(self.intake, self.hook, self.name, raw, secret, spoil=spoil)

    async def taken(self, raw: Raw) -> dict[str, int]:
        """Post what must be answered 200; the counts that are not 0."""
        answer = await self.posted(raw)
        assert answer.status_code == 200, answer.text
        return {word: count for word, count in answer.json().items() if count}

    def document(self, company: str = "Crumpet & Sons", number: int = 1) -> Document:
        """What it sends of one thing."""
        return self.sample.document(number, company)


async def desk_of(intake: IntakeDoor, name: str) -> Desk:
    """A vendor with a source of its own."""
    return Desk(intake, name, await a_hook_of(intake, name), ALL[name])


async def valid(desk: Desk) -> None:
    """It is taken, whatever it is, and nothing is refused."""
    counts = await desk.taken(desk.sample.raw(desk.document()))

    assert sum(counts.values()) == 1
    assert counts.keys() <= {"taken", "recorded", "awaiting"}


async def wrong_signature(desk: Desk) -> None:
    """401, and nothing is kept but a sample."""
    answer = await desk.posted(desk.sample.raw(desk.document()), is_forged=True)

    assert answer.status_code == 401
    assert await desk.intake.count("payloads") == 0
    assert await desk.intake.count("strays") == 1


async def replayed(desk: Desk) -> None:
    """200, and nothing new."""
    raw, (secret, _) = desk.sample.raw(desk.document()), secrets_of(desk.sample)
    await desk.taken(raw)
    said = await desk.intake.count("outbox")

    later = await desk.taken(raw)
    the_very_same = await post(desk.intake, desk.hook, desk.name, raw, secret)

    assert later == {"repeated": 1}
    assert (the_very_same.status_code, the_very_same.json()["repeated"]) == (200, 1)
    assert await desk.intake.count("payloads") == 1
    assert await desk.intake.count("outbox") == said


async def reordered(desk: Desk) -> None:
    """The same things in another order are the same things."""
    numbers = range(SEVERAL if desk.sample.holds_several else 1)
    documents = [desk.document(number=number) for number in numbers]
    await desk.taken(desk.sample.raw(*documents))

    again = await desk.taken(desk.sample.raw(*[_reversed(one) for one in reversed(documents)]))

    assert again == {"repeated": len(documents)}
    assert await desk.intake.count("payloads") == len(documents)


async def several(desk: Desk) -> None:
    """Each is taken by itself, and a bad one among them spoils no other."""
    good = [desk.document(number=number) for number in range(SEVERAL)]
    bad = without(desk.document(number=SEVERAL), desk.sample.required[0])

    counts = await desk.taken(desk.sample.raw(*good, bad))

    assert counts.pop("refused") == 1
    assert sum(counts.values()) == SEVERAL


async def huge(desk: Desk) -> None:
    """What is long is taken or kept; beyond the vendor's limit it is 413, and a sample is kept."""
    counts = await desk.taken(desk.sample.raw(desk.document("o" * HUGE)))
    beyond = desk.document("o" * VENDORS[desk.name].body_bytes_max)
    answer = await desk.posted(desk.sample.raw(beyond))

    assert sum(counts.values()) == 1
    assert answer.status_code == 413
    assert await desk.intake.count("payloads") == 1


async def other_charset(desk: Desk) -> None:
    """Every alphabet is taken; what is no UTF-8 is kept, and no fault of ours."""
    counts = await desk.taken(desk.sample.raw(desk.document(ALPHABETS)))
    raw = desk.sample.raw(desk.document("Crumpet", number=2))
    latin = await desk.posted(raw, spoil=lambda body: body.replace(b"Crumpet", NO_UTF8))

    assert "refused" not in counts
    # A secret in a body that can't be read can't be verified.
    assert latin.status_code in {200, 401}
    assert await desk.intake.count("payloads") == 1 + (latin.status_code == 200)
    faults = await desk.intake.opened.fetch("select id from payloads where kind = 'fault'")
    assert faults == []


async def unknown_fields(desk: Desk) -> None:
    """Taken as if they were not there."""
    more = desk.document() | {"invented_in_2031": {"deep": [1, None, {"x": True}]}, "x": 1.5}

    counts = await desk.taken(desk.sample.raw(more))

    assert "refused" not in counts
    assert await desk.taken(desk.sample.raw(desk.document())) == {"repeated": 1}


async def missing_fields(desk: Desk) -> None:
    """200, and kept as failed, with the field that was missed."""
    for path in desk.sample.required:
        counts = await desk.taken(desk.sample.raw(without(desk.document(), path)))
        assert counts == {"refused": 1}, path

    kept = await failed(desk.intake)
    assert len(kept) == len(desk.sample.required)
    for one in kept:
        assert (one["item"], one["component"]) == ("payload", desk.name)
        assert one["field"] or one["detail"]


Case = Callable[[Desk], Awaitable[None]]
CASES: Final[dict[str, Case]] = {
    "valid": valid,
    "wrong signature: 401": wrong_signature,
    "replayed: 200, nothing new": replayed,
    "reordered": reordered,
    "several in one body": several,
    "huge": huge,
    "other charset": other_charset,
    "unknown fields": unknown_fields,
    "missing fields: kept as failed": missing_fields,
}
ONE_A_REQUEST: Final = frozenset(
    {
        "google_ads", "jotform", "mailchimp", "mailgun_events", "mailgun_routes", "netlify",
        "postmark_events", "postmark_inbound", "sendgrid_inbound", "tally", "typeform", "webflow",
    }
)  # fmt: skip
"""Vendors whose requests hold one thing each, so that there is nothing to be several."""


def has_case(name: str, case: str) -> bool:
    """Whether there is anything to be seen of this vendor in this case."""
    return name not in ONE_A_REQUEST or CASES[case] is not several


def _reversed(value: Any) -> Any:
    match value:
        case dict():
            return {name: _reversed(inner) for name, inner in reversed(value.items())}
        case [{"id": _} | {"key": _} | {"column_id": _} | {"field": _}, *_]:
            return [_reversed(inner) for inner in reversed(value)]
        case _:
            return value
