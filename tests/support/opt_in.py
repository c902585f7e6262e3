"""Double opt-in in tests: a form that asks for a confirmation, and the mailbox behind it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from marketing_intake.settings import IntakeSettings
from marketing_intake.timers import make_timers
from support.forms import ADA, MadeForm, a_form, do_work
from support.intake_door import IntakeDoor, open_intake
from support.smtp_sink import SmtpSink, smtp_sink

LINK = re.compile(r"https://forms\.example(/f/confirm\?token=[\w-]+)")
RULES = {"double_opt_in": True, "opt_in": {"subject": "Was it you?"}}
GIVEN = ADA | {"phone": "+12025550173", "consent": "contact", "campaign": "SPRING"}


@dataclass(frozen=True)
class Office:
    """A form that asks for a confirmation, with the server that takes its messages."""

    intake: IntakeDoor
    form: MadeForm
    sink: SmtpSink

    async def asked(self, fields: dict[str, str] = GIVEN) -> str:
        """Fill in the form, and open the message; returns the link's path and query."""
        answer = await self.form.submit(fields)
        assert answer.status_code == 200
        await do_work(self.intake)
        return link_in(self.sink.messages[-1])

    async def press(self, link: str) -> int:
        """Press the button of the link's page; returns the answer's status."""
        token = link.partition("token=")[2]
        return (await self.intake.client.post("/f/confirm", data={"token": token})).status_code

    async def forget_unconfirmed(self) -> int:
        """Let the timer run once."""
        settings = self.intake.opened.service.parts.settings
        assert isinstance(settings, IntakeSettings)
        (timer,) = [one for one in make_timers(settings) if one.name == "forget_unconfirmed"]
        async with self.intake.opened.service.transactions.begin() as tx:
            return await timer.handler(tx)


def link_in(message: EmailMessage) -> str:
    """Path and query of the message's link."""
    part = message.get_body(("plain",))
    assert part is not None
    found = LINK.search(part.get_content())
    assert found is not None
    return found[1]


@asynccontextmanager
async def open_office(url: str) -> AsyncIterator[Office]:
    """Intake on this database, with such a form."""
    async with (
        smtp_sink() as sink,
        open_intake(
            url,
            smtp_url=f"smtp://127.0.0.1:{sink.port}",
            smtp_from="Crumpet & Sons <hello@crumpet.example>",
            public_url="https://forms.example",
        ) as intake,
    ):
        form = await a_form(intake)
        settled = await form.settle(**RULES)
        assert settled.status_code == 200, settled.text
        yield Office(intake, form, sink)
