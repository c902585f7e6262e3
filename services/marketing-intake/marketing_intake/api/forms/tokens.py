"""Fill-time tokens: when a form was shown, signed, and how often each has been used."""

from collections import OrderedDict
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Final

from marketing_intake.domain.form import Form
from marketing_intake.domain.guarding import FillToken
from marketing_intake.domain.signing import signed, unsigned

NONCE_BYTES: Final = 9
MOMENT_BYTES: Final = 6
USES_KEPT_MAX: Final = 50_000


class FillTokens:
    """Makes, reads and counts the tokens of all forms.

    Uses are counted in this process and only for the latest tokens: a robot that goes through all
    replicas, or waits until its token is forgotten here, gains a few more uses of a day-old token.
    """

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        self._secrets = secrets
        self._uses: OrderedDict[bytes, int] = OrderedDict()

    def make(self, form: Form, now: datetime) -> str:
        """A token for a form that is shown now."""
        moment = int(now.timestamp() * 1000).to_bytes(MOMENT_BYTES, "big")
        body = moment + token_bytes(NONCE_BYTES)
        return signed(body, secret=self._secrets[0], purpose=_purpose(form))

    def read(self, text: str, form: Form) -> FillToken | None:
        """What a token says; None when it is none of ours for this form."""
        body = unsigned(text, secrets=self._secrets, purpose=_purpose(form))
        if body is None or len(body) != MOMENT_BYTES + NONCE_BYTES:
            return None
        seconds = int.from_bytes(body[:MOMENT_BYTES], "big") / 1000
        return FillToken(datetime.fromtimestamp(seconds, UTC), body[MOMENT_BYTES:])

    def use(self, token: FillToken) -> int:
        """Count one use; returns how many there were, with this one."""
        uses = self._uses[token.nonce] = self._uses.get(token.nonce, 0) + 1
        self._uses.move_to_end(token.nonce)
        if len(self._uses) > USES_KEPT_MAX:
            self._uses.popitem(last=False)
        return uses


def _purpose(form: Form) -> str:
    return f"fill {form.source.id}"
