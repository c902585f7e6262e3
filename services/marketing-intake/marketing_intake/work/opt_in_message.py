"""The message that asks a person to confirm: made when it is sent, and of nothing they wrote."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from baton.transactions import Transactions
from marketing_intake.domain.form import FormRules
from marketing_intake.domain.opt_in import Link, MessageState, link_token, token_hash
from marketing_intake.handlers import opt_ins
from marketing_intake.repository import forms
from marketing_intake.settings import IntakeSettings
from marketing_intake.work.post import Undeliverable, post_of

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class OptInMessages:
    """Sends the messages of one installation."""

    transactions: Transactions
    settings: IntakeSettings

    async def send(self, payload: dict[str, Any]) -> None:
        """Send the message of a lead, unless it is too late for it. Raises what may work later."""
        lead_id = payload["lead_id"]
        async with self.transactions.begin() as tx:
            due = await opt_ins.message_due(lead_id, tx, secret=self._secret())
            if due is None:
                return
            rules = forms.rules_in(await forms.load_form(tx, due.source_id))
        expires_at = self.transactions.clock.now() + timedelta(hours=self.settings.opt_in_hours)
        token = link_token(Link(lead_id, expires_at), self._secret())
        message = self._message(lead_id, rules, f"{self._address()}/f/confirm?token={token}")
        try:
            await post_of(self.settings).send(message, due.email)
        except Undeliverable:
            async with self.transactions.begin() as tx:
                await opt_ins.message_failed(lead_id, tx, MessageState.UNDELIVERABLE)
            return
        async with self.transactions.begin() as tx:
            await opt_ins.message_sent(lead_id, tx, token_hash=token_hash(token), due=due)

    def _message(self, lead_id: str, rules: FormRules, link: str) -> EmailMessage:
        words = {
            "rules": rules,
            "link": link,
            "hours": self.settings.opt_in_hours,
            "days": self.settings.opt_in_days,
        }
        message = EmailMessage()
        message["Subject"] = rules.opt_in.subject
        message["From"] = self.settings.smtp_from
        message["Date"] = format_datetime(self.transactions.clock.now())
        # The same for each attempt, so that a mailbox can tell a repetition from a second message.
        domain = parseaddr(self.settings.smtp_from)[1].rpartition("@")[2]
        message["Message-ID"] = f"<{lead_id}@{domain or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(TEMPLATES.get_template("opt_in.txt").render(words))
        html = TEMPLATES.get_template("opt_in.html").render(words)
        message.add_alternative(html, subtype="html")
        return message

    def _address(self) -> str:
        own = f"http://{self.settings.http_host}:{self.settings.http_port}"
        return (self.settings.public_url or own).rstrip("/")

    def _secret(self) -> bytes:
        return self.settings.secret.get_secret_value().encode()
