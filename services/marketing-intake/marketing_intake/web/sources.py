"""Sources with their health, and the form that makes one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from baton.auth.sessions import Person
from baton.auth.web import check_csrf
from baton.contracts.vocabulary import Channel, SourceKind, SourceRole
from baton.database import Reader
from baton.errors import Refused
from baton.http import Line
from baton.vault import vault_of
from baton.web import plots
from marketing_intake.domain.channels import CATALOGUE
from marketing_intake.domain.source import Source
from marketing_intake.handlers import sources as handlers
from marketing_intake.queries import health
from marketing_intake.reading.vendors import VENDORS
from marketing_intake.repository import catalogue
from marketing_intake.web.room import Asked, Room, Signed, Token
from marketing_intake.web.trying import ways_in

HOURS: Final = 24
SECRET_CHARACTERS_MIN: Final = 8
KINDS: Final = {
    SourceKind.API: "a program that calls our API with a key",
    SourceKind.FORM: "a form on a web site",
    SourceKind.WEBHOOK: "a tool that posts to a webhook",
    SourceKind.EMAIL: "e-mail",
    SourceKind.IMPORT: "files that are imported",
    SourceKind.OFFLINE: "people who write down what they heard",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What a new source's form says."""

    csrf_token: Token
    name: Annotated[Line, Form()]
    kind: Annotated[SourceKind, Form()]
    channel: Annotated[Channel, Form()] = Channel.UNKNOWN
    role: Annotated[SourceRole, Form()] = SourceRole.CAMPAIGN
    owner: Annotated[str, Form(max_length=200)] = ""
    vendor: Annotated[str, Form(max_length=40)] = ""
    secret: Annotated[str, Form(max_length=4096)] = ""

    def drawn(self) -> Source:
        """The source that is asked for. Raises `Refused`."""
        if (self.kind is SourceKind.WEBHOOK) != bool(self.vendor):
            raise Refused("choose the tool, for a webhook and for nothing else", field="vendor")
        if self.vendor and self.vendor not in VENDORS:
            raise Refused("choose one of the tools that are listed", field="vendor")
        if self.secret and len(self.secret) < SECRET_CHARACTERS_MIN:
            expected = f"must have at least {SECRET_CHARACTERS_MIN} characters"
            raise Refused(f"the signing secret {expected}", field="secret")
        return Source(
            id="",
            name=self.name,
            kind=self.kind,
            channel=self.channel,
            is_active=True,
            honeypot="website",
            role=self.role,
            owner=self.owner.strip(),
            vendor=self.vendor or None,
        )


def add_sources(router: APIRouter, room: Room) -> None:
    """`/sources` and `/sources/new`."""
    vault = vault_of(room.frame.settings)

    @router.get("/sources")
    async def sources_page(request: Request, person: Signed, *, live: bool = False) -> Response:
        async with room.read() as reader:
            found = await catalogue.list_sources(reader)
            lines = await health_of(reader, found, room.now())
        return room.show(request, "sources.html", person, is_live=live, lines=lines)

    @router.get("/sources/new")
    async def new_source_page(request: Request, person: Signed) -> Response:
        return _form(room, request, person, {})

    @router.post("/sources/new")
    async def make_source(
        request: Request, person: Signed, filled: Annotated[Filled, Depends()], origin: Asked
    ) -> Response:
        check_csrf(person, filled.csrf_token)
        try:
            async with room.begin() as tx:
                made = await handlers.create_source(
                    filled.drawn(), filled.secret or None, tx, vault=vault, who=person.who,
                    origin=origin,
                )  # fmt: skip
        except Refused as refusal:
            given = {"name": filled.name, "kind": filled.kind, "channel": filled.channel}
            given |= {"role": filled.role, "owner": filled.owner, "vendor": filled.vendor}
            return _form(room, request, person, given, fault=refusal.message)
        # Not a redirect: the key is shown in this answer, and nowhere else.
        ways = ways_in(made.source, room.frame.settings.public_url or str(request.base_url))
        return room.show(
            request, "source_made.html", person, source=made.source, key=made.api_key, ways=ways
        )


async def health_of(reader: Reader, sources: list[Source], now: datetime) -> list[dict[str, Any]]:
    """How each source is: its last lead, today's leads and refusals, and the last 24 hours."""
    begin = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [begin - timedelta(hours=n) for n in range(HOURS - 1, -1, -1)]
    midnight = begin.replace(hour=0)
    rows = await health.hours(reader, hours[0], midnight)
    last, refused = await health.last_heard(reader), await health.refused_since(reader, midnight)
    by_source: dict[str, dict[datetime, int]] = {}
    today: dict[str, int] = {}
    for row in rows:
        by_source.setdefault(row["source_id"], {})[row["hour"]] = row["leads"]
        today[row["source_id"]] = today.get(row["source_id"], 0) + row["today"]
    return [
        {
            "source": one,
            "last": last.get(one.id),
            "today": today.get(one.id, 0),
            "refused": refused.get(one.id, 0),
            "rate": _rate(today.get(one.id, 0), refused.get(one.id, 0)),
            "hourly": sum(by_source.get(one.id, {}).values()),
            "spark": plots.spark([by_source.get(one.id, {}).get(hour, 0) for hour in hours]),
        }
        for one in sources
    ]


def _rate(taken: int, refused: int) -> float | None:
    return refused / (taken + refused) if taken + refused else None


def _form(
    room: Room, request: Request, person: Person, given: dict[str, Any], *, fault: str = ""
) -> Response:
    return room.show(
        request, "source_new.html", person, status=422 if fault else 200, given=given, fault=fault,
        kinds=KINDS, channels=CATALOGUE, roles=list(SourceRole),
        vendors=sorted(VENDORS.values(), key=lambda one: one.title),
    )  # fmt: skip
