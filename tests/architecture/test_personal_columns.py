"""No column can hold what somebody wrote without anybody having thought of how it is erased."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import ARRAY, JSON, Column, LargeBinary, MetaData, String, Table

from lead_scoring.tables import METADATA as SCORING
from marketing_intake.repository.erasure_rules import RULES
from marketing_intake.repository.export import LEFT_OUT, PARTS
from marketing_intake.tables import ERASED as BY_INTAKE
from marketing_intake.tables import METADATA as INTAKE
from sales_routing.repository.people import CARD_FIELDS
from sales_routing.tables import METADATA as ROUTING
from sales_routing.tables.base import ERASED as BY_ROUTING

SERVICES: Final = {"marketing-intake": INTAKE, "lead-scoring": SCORING, "sales-routing": ROUTING}
WORDS: Final = frozenset(
    {
        "calls_to_action.title", "campaign_costs.note", "campaign_costs.reference",
        "campaigns.name", "campaigns.owner", "campaigns.target", "candidates.reasons",
        "idempotency.key_hash", "identifiers.kind", "lead_steps.type", "leads.attributes",
        "leads.channel", "leads.closure_reason", "leads.currency", "leads.deal_id",
        "leads.missing", "leads.outcome", "leads.own_state", "leads.reasons", "leads.sales_state",
        "leads.scoring_state", "leads.state", "match_rules.blocked", "match_rules.keys",
        "match_rules.limits", "opt_ins.token_hash", "payloads.kind", "payloads.status",
        "people.consent", "peppers.pepper", "pursuit_steps.deal_id", "reps.name", "reps.team",
        "source_contracts.document", "sources.channel", "sources.config", "sources.currency",
        "sources.declared", "sources.form_key", "sources.honeypot", "sources.kind", "sources.name",
        "sources.redirects", "sources.role", "sources.secrets", "sources.terms",
        "trait_values.name", "trait_values.value",
    }
)  # fmt: skip
"""Columns of intake that hold words of ours, of marketing or of sales, and carry no mark."""
OF_A_PERSON: Final = frozenset({"person_id", "first_id", "second_id", "member_ids"})
"""Columns that say whose a row is."""
TABLES_READ: Final = re.compile(r"\b(?:from|join) (\w+)")
ADVICE: Final = """
These columns may hold what names, reaches or was written by a person, and nobody has said:
    {columns}
For each, decide, and mark it in its service's tables:
  - it may hold something personal: `info=ERASED`, and a rule that blanks or deletes it
    (intake: `repository/erasure_rules.py`, and a part in `repository/export.py`), or
    `info={{"personal": "how it goes by itself"}}`;
  - it holds words or ids of ours alone: `info=WORD`, or a helper of the tables that says so.
"""


def textual(metadata: MetaData) -> Iterator[Column[object]]:
    """Every column that can hold text, JSON or bytes, or an array of them."""
    for table in metadata.tables.values():
        for column in table.columns:
            kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
            if isinstance(kind, String | LargeBinary | JSON):
                yield column


def unmarked(metadata: MetaData, words: frozenset[str] = frozenset()) -> list[str]:
    """The columns of which nobody has said what they hold."""
    return sorted(
        str(column)
        for column in textual(metadata)
        if not column.info.keys() & {"personal", "word"} and str(column) not in words
    )


@pytest.mark.parametrize("service", SERVICES)
def test_of_every_column_it_is_said_whether_it_may_be_personal(service: str) -> None:
    words = WORDS if service == "marketing-intake" else frozenset()

    found = unmarked(SERVICES[service], words)

    assert not found, ADVICE.format(columns=", ".join(found))


def test_a_column_of_which_nobody_has_thought_is_found() -> None:
    metadata = MetaData()
    Table("t", metadata, Column("a", String), Column("b", String, info={"word": True}))

    assert unmarked(metadata) == ["t.a"]


def test_the_list_of_words_names_columns_that_are_there_and_not_marked() -> None:
    assert frozenset(unmarked(INTAKE)) == WORDS


def test_every_column_that_an_erasure_blanks_has_a_rule_in_intake() -> None:
    with_rule = {f"{rule.table}.{column}" for rule in RULES for column in rule.columns}
    marked = {
        str(one)
        for table in INTAKE.tables.values()
        for one in table.columns
        if one.info == BY_INTAKE
    }

    # The card is blanked with the row that says when its person was erased.
    assert marked - with_rule == {"people.card", "people.card_times"}
    all_marked = {
        str(one)
        for table in INTAKE.tables.values()
        for one in table.columns
        if "personal" in one.info
    }
    assert with_rule <= all_marked


def test_every_column_that_an_erasure_blanks_is_blanked_in_routing() -> None:
    marked = {str(one) for one in textual(ROUTING) if one.info == BY_ROUTING}

    assert marked == {f"people.{name}" for name in CARD_FIELDS}


def test_scoring_holds_nothing_personal_of_its_own() -> None:
    own = [one for one in textual(SCORING) if "personal" in one.info]

    assert {one.table.name for one in own} <= {
        "outbox", "parked", "work", "staff", "sign_in_attempts",
    }  # fmt: skip


def test_every_table_of_intake_with_something_of_a_person_is_handed_out_to_them() -> None:
    handed_out = {name for part in PARTS for name in TABLES_READ.findall(part.sql)}
    of_people = {
        table.name
        for table in INTAKE.tables.values()
        if any(one.name in OF_A_PERSON or "personal" in one.info for one in table.columns)
    }

    assert of_people - handed_out - set(LEFT_OUT) == set(), "add a part, or say why there is none"
    assert set(LEFT_OUT) <= of_people - handed_out
