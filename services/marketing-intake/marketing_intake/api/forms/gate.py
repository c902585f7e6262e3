"""The gate of forms: is there such a form, may this page hold it, is it not too often."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request

from baton.errors import NotFound
from baton.transactions import Transactions
from marketing_intake import metrics
from marketing_intake.api.circumstances import circumstances_of
from marketing_intake.api.forms.browsers import check_origin, hashed_address
from marketing_intake.domain.form import Form
from marketing_intake.domain.guarding import Bucket, drawn
from marketing_intake.repository import forms
from marketing_intake.settings import IntakeSettings

REMEMBERED_FOR: Final = timedelta(seconds=5)
FORMS_MAX: Final = 10_000
BUCKETS_MAX: Final = 50_000
"""About 10 MB; beyond it whoever was quiet for longest is forgotten, and may send as at first."""


class TooOften(Exception):
    """More came by this key or from this address than the form takes."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.retry_after_seconds = max(1, round(seconds + 0.5))


class Gate:
    """Lets a request through to its form."""

    def __init__(self, transactions: Transactions, settings: IntakeSettings) -> None:
        self.clock = transactions.clock
        self._transactions = transactions
        self._settings = settings
        self._known: dict[str, tuple[datetime, Form | None]] = {}
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    async def form(self, key: str) -> Form:
        """The open form of this key. Raises `NotFound`."""
        now = self.clock.now()
        known = self._known.get(key)
        if known is None or known[0] < now:
            async with self._transactions.read() as reader:
                known = (now + REMEMBERED_FOR, await forms.find_form(reader, key))
            if len(self._known) >= FORMS_MAX:
                self._known.clear()
            self._known[key] = known
        form = known[1]
        if form is None or not form.source.is_active:
            raise NotFound("there is no such form, or it is closed", field="form_key")
        return form

    def admit(self, request: Request, form: Form) -> None:
        """Let a submission through. Raises `Forbidden` and `TooOften`."""
        check_origin(request, form)
        address = hashed_address(request, self._settings, self._settings.proxy_hops)
        self._draw(form.source.id.encode() + address, form.rules.address_per_minute)
        self._draw(form.key.encode(), form.rules.key_per_minute)

    def circumstances(self, request: Request) -> dict[str, str]:
        """Where from a submission came, as evidence of what its sender consents to."""
        return circumstances_of(request, self._settings)

    def _draw(self, name: bytes, per_minute: int) -> None:
        bucket, seconds = drawn(self._buckets.get(name), self.clock.now(), per_minute=per_minute)
        self._buckets[name] = bucket
        self._buckets.move_to_end(name)
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.popitem(last=False)
        if seconds:
            metrics.TURNED_AWAY.labels("form_rate").inc()
            raise TooOften(seconds)
