"""Findings become drafts: what is captured, what is refused, and as which kind of fault."""

from datetime import timedelta

import pytest

from baton.contracts.vocabulary import ActivityKind, Channel, ConsentPurpose, LeadState, SourceKind
from marketing_intake.domain.contract import Shaping
from marketing_intake.domain.draft import (
    ActivityDraft,
    DeletionDraft,
    Failure,
    IgnoredDraft,
    LeadDraft,
    ReferenceDraft,
    RefusedDraft,
)
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait, TraitKind
from marketing_intake.reading.drafts import draft_of_finding, draft_of_unreadable
from marketing_intake.reading.findings import (
    Broken,
    Finding,
    FoundActivity,
    FoundDeletion,
    FoundLead,
    FoundReference,
    Ignored,
    Unreadable,
)
from support.facts import NOON

ID = "01900000-0000-7000-8000-000000000001"
TRAITS = {"plan": DeclaredTrait("plan", TraitKind.TEXT, frozenset({"team", "solo"}))}
SOURCE = Source(
    ID, "form tool", SourceKind.WEBHOOK, Channel.SOCIAL, is_active=True, declared=TRAITS,
    vendor="typeform",
)  # fmt: skip
ADA = {"email": "ada@example.org"}
OPENED = ActivityKind.EMAIL_OPENED


def drafted(finding: Finding, source: Source = SOURCE) -> object:
    return draft_of_finding(finding, source, NOON, "US")


def activity(**values: object) -> ActivityDraft:
    draft = drafted(FoundActivity(**({"kind": OPENED, "who": ADA} | values)))  # type: ignore[arg-type]  # as one writes it
    assert isinstance(draft, ActivityDraft)
    return draft


def test_a_lead_is_read_from_its_fields() -> None:
    draft = drafted(FoundLead(ADA | {"given_name": "Ada", "shoe": "39"}))

    assert isinstance(draft, LeadDraft)
    assert draft.identifiers == (Identifier("email", "ada@example.org"),)
    assert draft.channel is Channel.SOCIAL


def test_a_test_lead_is_no_lead_to_score() -> None:
    draft = drafted(FoundLead(ADA | {"is_test": True}))

    assert isinstance(draft, LeadDraft)
    assert draft.own_state is LeadState.TEST


def test_a_lead_whose_fields_are_not_mapped_fails_as_mapping() -> None:
    draft = drafted(FoundLead({"your-email": "ada@example.org"}))

    assert isinstance(draft, RefusedDraft)
    assert (draft.failure, draft.field) == (Failure.MAPPING, "email")


def test_a_lead_with_a_wrong_field_fails_as_schema() -> None:
    draft = drafted(FoundLead({"email": "nobody"}))

    assert isinstance(draft, RefusedDraft)
    assert (draft.failure, draft.field) == (Failure.SCHEMA, "email")


def test_a_contract_maps_a_vendors_fields() -> None:
    mapped = Source(
        ID, "form tool", SourceKind.WEBHOOK, Channel.SOCIAL, is_active=True, declared=TRAITS,
        shaping=Shaping(names={"your-email": "email", "which": "traits.plan"}),
    )  # fmt: skip

    draft = drafted(FoundLead({"your-email": "ada@example.org", "which": "team"}), mapped)

    assert isinstance(draft, LeadDraft)
    assert draft.traits == {"plan": "team"}


def test_an_activity_is_of_whoever_is_named() -> None:
    draft = activity(who=ADA | {"given_name": "Ada"}, details={"plan": "team", "n": 1})

    assert draft.identifiers == (Identifier("email", "ada@example.org"),)
    assert draft.card == {"given_name": "Ada", "email": "ada@example.org"}
    assert draft.details == {"plan": "team", "n": 1}
    assert (draft.traits, draft.happened_at) == ({"plan": "team"}, NOON)


def test_an_anonymous_id_is_enough_and_no_identifier() -> None:
    alone = activity(who={"anonymous_id": "a-1"})
    beside = activity(who=ADA | {"anonymous_id": "a-1"})

    browser = Identifier(f"anonymous:{ID}", "a-1")
    assert (alone.identifiers, alone.card, alone.browser) == ((), {}, browser)
    assert beside.identifiers == (Identifier("email", "ada@example.org"),)
    assert beside.browser == browser


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({"anonymous_id": ""}, "email"),
        ({"anonymous_id": "  "}, "email"),
        ({"anonymous_id": "x" * 201}, "anonymous_id"),
        ({"anonymous_id": 7}, "anonymous_id"),
        ({"anonymous_id": "a-1", "email": "nobody"}, "email"),
        ({"anonymous_id": "a-1", "phone": "none"}, "phone"),
    ],
)
def test_an_anonymous_id_does_not_make_up_for_what_is_wrong(
    who: dict[str, object], field: str
) -> None:
    finding = FoundActivity(ActivityKind.PAGE_VIEWED, who)

    draft = draft_of_finding(finding, SOURCE, NOON, "US")

    assert isinstance(draft, RefusedDraft)
    assert draft.field == field


def test_what_an_activity_says_aside_is_kept_with_it() -> None:
    draft = activity(url="https://shop.example/", ip="192.0.2.1", user_agent="X", name="Ovens")

    assert draft.details == {
        "url": "https://shop.example/", "ip": "192.0.2.1", "user_agent": "X", "name": "Ovens",
    }  # fmt: skip


def test_an_activity_says_when_it_was_and_what_is_withdrawn() -> None:
    draft = activity(
        occurred_at="2026-05-04T11:00:00Z", withdraws=(ConsentPurpose.MARKETING,), message_id="m"
    )

    assert draft.happened_at == NOON - timedelta(hours=1)
    assert (draft.withdraws, draft.message_id) == ((ConsentPurpose.MARKETING,), "m")


DEEP: object = "x"
for _ in range(900):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("values", "field", "failure"),
    [
        ({"who": {}}, "email", Failure.SCHEMA),
        ({"who": {"email": "nobody", "anonymous_id": "a-1"}}, "email", Failure.SCHEMA),
        ({"who": {"anonymous_id": "x" * 201}}, "anonymous_id", Failure.SCHEMA),
        ({"who": {"anonymous_id": "a\0b"}}, None, Failure.SCHEMA),
        ({"occurred_at": "yesterday"}, "occurred_at", Failure.SCHEMA),
        ({"occurred_at": "2026-05-04T11:00:00"}, "occurred_at", Failure.SCHEMA),
        ({"occurred_at": "2026-05-05T11:00:00Z"}, "occurred_at", Failure.SCHEMA),
        ({"details": {"plan": "other"}}, "details/plan", Failure.SCHEMA),
        ({"details": {"x": "a\0b"}}, "details", Failure.SCHEMA),
        ({"details": {"x": DEEP}}, "details", Failure.SCHEMA),
        ({"details": {"x": "y" * 40_000}}, "details", Failure.LIMIT),
        ({"message_id": "a\0b"}, "details", Failure.SCHEMA),
    ],
)
def test_an_activity_that_is_not_right_is_refused(
    values: dict[str, object], field: str | None, failure: Failure
) -> None:
    draft = drafted(FoundActivity(**({"kind": OPENED, "who": ADA} | values)))  # type: ignore[arg-type]  # as above

    assert isinstance(draft, RefusedDraft)
    assert (draft.field, draft.failure) == (field, failure)


def test_a_lead_that_is_nested_too_deep_is_refused() -> None:
    assert isinstance(drafted(FoundLead(ADA | {"x": DEEP})), RefusedDraft)


def test_other_findings_become_what_they_are() -> None:
    assert drafted(FoundReference({"id": "1"}, "k")) == ReferenceDraft("typeform", {"id": "1"})
    assert drafted(FoundDeletion("k", "d")) == DeletionDraft("k")
    assert drafted(Ignored("auto_reply")) == IgnoredDraft("auto_reply")


def test_a_broken_item_says_what_was_expected() -> None:
    named = drafted(Broken("must be a list", "answers"))
    unnamed = drafted(Broken("an item must be an object"))

    assert isinstance(named, RefusedDraft)
    assert isinstance(unnamed, RefusedDraft)
    assert (named.field, named.failure) == ("answers", Failure.SCHEMA)
    assert unnamed.failure is Failure.MAPPING


def test_what_can_not_be_read_fails_as_format() -> None:
    draft = draft_of_unreadable(Unreadable("the body must be valid JSON"))

    assert (draft.failure, draft.detail) == (Failure.FORMAT, "the body must be valid JSON")
