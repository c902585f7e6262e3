"""By what people are matched, by HTTP: looked at and changed; each change is audited."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from baton.auth.api_keys import Identity
from baton.errors import Refused
from baton.http import PROBLEMS, require
from baton.http.text import Line
from baton.transactions import Transactions
from marketing_intake.domain.identity_rules import (
    BLOCKED_MAX,
    KEYS_MAX,
    BadRules,
    MatchRules,
    key_text,
)
from marketing_intake.handlers import people_rules
from marketing_intake.repository import match_rules

Admin = Annotated[Identity, Depends(require("people:admin"))]


class RulesForm(BaseModel):
    """Keys in the order of their weight; any of them matches, all fields of one must.

    A field is one of email, phone, external_id, given_name, family_name, company.
    """

    keys: list[Line] = Field(
        min_length=1, max_length=KEYS_MAX, examples=[["email", "phone & family_name"]]
    )
    limits: dict[str, int] = Field(
        default_factory=dict, max_length=10, description="how many of a kind a person may have"
    )
    blocked: list[Line] = Field(
        default_factory=list, max_length=BLOCKED_MAX, description="values that identify nobody"
    )


class RulesView(RulesForm):
    """The rules in force; version 0 are the defaults."""

    version: int


class RulesVersion(BaseModel):
    """Rules that were put in force once."""

    version: int
    keys: list[str]
    limits: dict[str, int]
    blocked: list[str]
    created_at: datetime
    created_by: str


def make_match_rules_router(transactions: Transactions) -> APIRouter:
    """`/v1/people/rules`; to be included before `/v1/people/{person_id}`."""
    router = APIRouter(prefix="/v1/people/rules", tags=["people"], responses=PROBLEMS)

    @router.get("")
    async def show_rules(_: Admin) -> RulesView:
        """The rules that leads are matched by now."""
        async with transactions.read() as reader:
            return _view(await match_rules.in_force(reader))

    @router.get("/versions")
    async def list_rules(_: Admin) -> list[RulesVersion]:
        """The rules that there were, newest first."""
        async with transactions.read() as reader:
            rows = await match_rules.history(reader)
        return [RulesVersion.model_validate(row) for row in rows]

    @router.put("")
    async def put_rules(form: RulesForm, admin: Admin) -> RulesView:
        """Match by these from now on; who is known already learns the new keys from their card.

        Looser rules find more pairs and merge none but what the matcher would have merged;
        stricter ones take nothing back.
        """
        try:
            async with transactions.begin() as tx:
                rules = await people_rules.put_rules(
                    form.keys, form.limits, form.blocked, tx, who=admin.who
                )
        except BadRules as bad:
            raise Refused(bad.expected, field=bad.field) from None
        return _view(rules)

    return router


def _view(rules: MatchRules) -> RulesView:
    return RulesView(
        version=rules.version,
        keys=[key_text(key) for key in rules.keys],
        limits=dict(rules.limits),
        blocked=sorted(rules.blocked),
    )
