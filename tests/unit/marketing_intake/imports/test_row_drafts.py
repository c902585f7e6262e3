"""A row becomes the draft that the same lead as JSON would become, or says what is wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from baton.contracts.vocabulary import Channel, ConsentPurpose, LeadState, SourceKind
from marketing_intake.domain.contract import Shaping
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.imports import ImportFormat
from marketing_intake.domain.source import Source
from marketing_intake.domain.traits import DeclaredTrait, TraitKind
from marketing_intake.reading.json_lead import read_json
from marketing_intake.reading.tabular.detecting import Told, layout_of
from marketing_intake.reading.tabular.drafts import RowDrafts, draft_again, rows_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOP = Source(
    id="0199aaaa-0000-7000-8000-000000000000",
    name="shop",
    kind=SourceKind.API,
    channel=Channel.EMAIL,
    is_active=True,
    declared={
        "size": DeclaredTrait("size", TraitKind.NUMBER, values_max=9),
        "is_member": DeclaredTrait("is_member", TraitKind.BOOLEAN, values_max=2),
        "page": DeclaredTrait("page", TraitKind.TEXT, values_max=9),
    },
)

ON_A_LIST = replace(SHOP, kind=SourceKind.IMPORT)
"""A file is a list, whatever its source sends besides."""


def drafts(
    data: bytes, told: Told | None = None, source: Source = SHOP
) -> list[LeadDraft | RefusedDraft]:
    """The draft of each row of a file."""
    layout = layout_of(data, told or Told(), is_whole=True)
    rows = rows_of(layout)
    rows.feed(data[layout.start :], is_last=True)
    made = RowDrafts(layout, source, "US")
    return [made.draft(row, NOW) for row in rows.take(1000)]


def test_a_row_is_read_as_the_same_lead_in_json_is() -> None:
    header = b"E-Mail,First name,Company,Title,Country,Phone,Message,utm_source,occurred_at,consent"
    row = (
        b'Ada@Example.org,Ada,"Crumpet, Ltd",Head of Baking,gb,+12025550123,"Do you\nsell?",news,'
        b'2026-02-01T10:00:00Z,"contact; marketing"'
    )
    as_json = (
        b'{"email":"Ada@Example.org","given_name":"Ada","company":"Crumpet, Ltd",'
        b'"job_title":"Head of Baking","country":"gb","phone":"+12025550123",'
        b'"message":"Do you\\nsell?","utm_source":"news","occurred_at":"2026-02-01T10:00:00Z",'
        b'"consent":["contact","marketing"]}'
    )

    (draft,) = drafts(header + b"\n" + row)

    assert draft == read_json(as_json, ON_A_LIST, NOW, "US")
    assert isinstance(draft, LeadDraft)
    assert draft.consent == (ConsentPurpose.CONTACT, ConsentPurpose.MARKETING)


def test_an_empty_value_was_not_given() -> None:
    (draft,) = drafts(b"email,phone,country,is_test\na@crumpet.org,,,\n")

    assert isinstance(draft, LeadDraft)
    assert draft.identifiers == (Identifier("email", "a@crumpet.org"),)
    assert draft.own_state is LeadState.CAPTURED


def test_traits_take_the_kind_that_was_declared() -> None:
    data = b"email,Size,Member,traits.page,traits.other\na@crumpet.org,4.5,Yes,12,x\n"
    told = Told(mapping={"size": "traits.size", "member": "traits.is_member"})

    (draft,) = drafts(data, told)

    assert isinstance(draft, LeadDraft)
    assert draft.traits == {"size": 4.5, "is_member": True, "page": "12"}


def test_a_column_may_be_a_box_that_was_ticked() -> None:
    told = Told(mapping={"News": "consent.marketing", "Call": "consent.contact"})

    found = drafts(b"email,News,Call\na@crumpet.org,Yes,\nb@crumpet.org,no,1\n", told)

    allowed = [one.consent for one in found if isinstance(one, LeadDraft)]
    assert allowed == [(ConsentPurpose.MARKETING,), (ConsentPurpose.CONTACT,)]


def test_what_is_agreed_with_the_source_holds_for_its_files() -> None:
    names = {"Adresse": "email", "Firma": "external_id"}
    shaping = Shaping(names, frozenset({"email", "campaign"}), {"campaign": "fair"})
    told = Told(agreed=names, mapping={"Wer": "given_name"})

    (draft,) = drafts(
        b"Adresse,Firma,Wer\na@crumpet.org,7,Ada\n", told, replace(SHOP, shaping=shaping)
    )

    assert isinstance(draft, LeadDraft)
    assert draft.identifiers == (Identifier("email", "a@crumpet.org"),)
    assert (draft.campaign, draft.card) == ("fair", {"email": "a@crumpet.org"})


@pytest.mark.parametrize(
    ("row", "field", "kind"),
    [
        (b"nobody,,,", "email", "invalid"),
        (b",,,", None, ""),
        (b",,4,", "email", "invalid"),
        (b"a@crumpet.org,Klingon,,", "country", "invalid"),
        (b"a@crumpet.org,,large,", "traits/size", "invalid"),
        (b"a@crumpet.org,,,2026-02-01", "occurred_at", "invalid"),
        (b"a@crumpet.org,,", None, "malformed"),
        (b"a@crumpet.org\0,,,", "email", "invalid"),
        (b"\xff@crumpet.org,,,", None, "malformed"),
    ],
)
def test_a_fault_is_typed_and_the_next_row_goes_on(
    row: bytes, field: str | None, kind: str
) -> None:
    found = drafts(b"email,country,traits.size,occurred_at\n" + row + b"\nb@crumpet.org,,,\n")

    assert isinstance(found[-1], LeadDraft)
    refused = [one for one in found if isinstance(one, RefusedDraft)]
    assert [(one.field, one.kind) for one in refused] == ([(field, kind)] if kind else [])


def test_a_row_that_was_kept_is_read_again_from_its_own_bytes() -> None:
    layout = layout_of(b"who;email\nAda;x\n", Told(), is_whole=True)

    mended = draft_again(b'"A;da";a@crumpet.org\r\n', layout, SHOP, NOW, region="US")
    empty = draft_again(b"\n", layout, SHOP, NOW, region="US")

    assert isinstance(mended, LeadDraft)
    assert isinstance(empty, RefusedDraft)


def test_json_lines_are_read_as_single_leads_are() -> None:
    lines = [b'{"email": "a@crumpet.org"}', b"{broken", b"7", b'{"email": 7}']

    found = drafts(b"\n".join(lines), Told(ImportFormat.JSONL))

    assert found == [read_json(line, ON_A_LIST, NOW, "US") for line in lines]


def test_json_lines_are_renamed_by_the_mapping() -> None:
    told = Told(mapping={"mail": "email", "shoes": "traits.size"})

    found = drafts(
        b'{"mail": "a@crumpet.org", "shoes": 7, "company": "X"}\n{"mail"\n[1]\n'
        + b'{"mail": '
        + b"[" * 900
        + b"]" * 900
        + b"}",
        told,
    )

    assert isinstance(found[0], LeadDraft)
    assert found[0].traits == {"size": 7}
    assert found[0].card["company"] == "X"
    assert [getattr(one, "kind", "") for one in found[1:]] == ["malformed"] * 3
