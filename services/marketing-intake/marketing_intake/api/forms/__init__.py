"""HTML forms: public keys that can only create, and answers that a browser understands.

A form passes the gate (is there such a form, may this page hold it, not too often), is read, is
looked at for what robots do, and goes the way of every lead. A robot sees what everybody sees.
"""

from fastapi import APIRouter

from baton.http import PROBLEMS
from marketing_intake.api.door import LeadDoor
from marketing_intake.api.forms.captchas import Captchas
from marketing_intake.api.forms.confirming import Confirmations, add_confirming
from marketing_intake.api.forms.gate import Gate
from marketing_intake.api.forms.showing import add_showing
from marketing_intake.api.forms.submitting import Counter, add_submitting
from marketing_intake.api.forms.tokens import FillTokens
from marketing_intake.settings import IntakeSettings


def make_forms_router(door: LeadDoor, settings: IntakeSettings) -> APIRouter:
    """`/f/…`; what is named stands before what a key stands for."""
    router = APIRouter(tags=["forms"], responses=PROBLEMS)
    gate = Gate(door.transactions, settings)
    tokens = FillTokens(door.signing)
    add_confirming(router, Confirmations(door.transactions, door.signing, settings))
    add_showing(router, gate, tokens, settings)
    add_submitting(router, Counter(gate, door, tokens, Captchas(settings)))
    return router
