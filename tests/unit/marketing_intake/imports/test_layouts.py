"""How a file is laid out is found from its beginning, or told; columns find their fields."""

import pytest

from marketing_intake.domain.imports import ImportFormat
from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.tabular.detecting import Told, layout_of
from marketing_intake.reading.tabular.mapping import field_of, mapping_of, told_mapping


@pytest.mark.parametrize(
    ("sample", "delimiter", "columns"),
    [
        (b"email,name\na@b.org,Ada\n", ",", ("email", "name")),
        (b"email;name\na@b.org;Ada, and others\n", ";", ("email", "name")),
        (b"email\tname\n", "\t", ("email", "name")),
        (b"email|name|phone\na|b, c|d\n", "|", ("email", "name", "phone")),
        (b"email\na@b.org\n", ",", ("email",)),
        (b'email;note\na@b.org;"x\ny;z"\n', ";", ("email", "note")),
        (b"\n\nemail,name\r\n", ",", ("email", "name")),
        (b"email,email,,\n", ",", ("email", "email (2)", "column 3", "column 4")),
    ],
)
def test_delimiter_and_columns_are_found(
    sample: bytes, delimiter: str, columns: tuple[str, ...]
) -> None:
    layout = layout_of(sample, Told(), is_whole=True)

    assert (layout.delimiter, layout.columns) == (delimiter, columns)
    assert layout.has_header


@pytest.mark.parametrize(
    ("sample", "has_header"),
    [
        (b"a@b.org,Ada\n", False),
        (b"Ada,+1 202 555 0123\n", False),
        (b"Ada,2024-01-31\n", False),
        (b"Who,What\n", True),
        (b"E-Mail Address,2024\n", True),
    ],
)
def test_a_header_is_told_from_a_lead(sample: bytes, *, has_header: bool) -> None:
    layout = layout_of(sample, Told(), is_whole=True)

    assert layout.has_header is has_header
    assert layout.start == (len(sample) if has_header else 0)


def test_what_is_told_is_not_looked_for() -> None:
    told = Told(ImportFormat.CSV, ";", has_header=False, mapping={"2": "email", "1": "traits.page"})

    layout = layout_of(b"name;email,x\n", told, is_whole=True)

    assert layout.columns == ("column 1", "column 2")
    assert layout.mapping == {"column 2": "email", "column 1": "traits.page"}


def test_json_lines_are_recognised_and_may_be_mapped() -> None:
    layout = layout_of(b' {"mail": 1}\n', Told(mapping={"mail": "email"}), is_whole=False)

    assert (layout.format, layout.mapping) == (ImportFormat.JSONL, {"mail": "email"})


@pytest.mark.parametrize("sample", [b"", b"\n\n", b'"a\nb', b",,\n"])
def test_a_file_without_a_first_row_is_refused(sample: bytes) -> None:
    with pytest.raises(Unreadable, match="must begin with a row"):
        layout_of(sample, Told(), is_whole=True)


def test_a_file_of_too_many_columns_is_refused() -> None:
    with pytest.raises(Unreadable, match="at most 500 columns"):
        layout_of(b",".join([b"x"] * 501), Told(), is_whole=True)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("E-Mail", "email"),
        ("  First  Name ", "given_name"),
        ("LAST_NAME", "family_name"),
        ("utm.source", "utm_source"),
        ("traits.shoe_size", "traits.shoe_size"),
        ("traits", None),
        ("traits.Shoe Size", None),
        ("Favourite colour", None),
    ],
)
def test_a_column_says_what_it_holds(column: str, field: str | None) -> None:
    assert field_of(column) == field


def test_what_is_told_comes_before_what_a_column_is_called() -> None:
    columns = ("Email", "Private mail", "Notes")

    mapping = mapping_of(columns, {"private MAIL": "email", "notes": ""})

    assert mapping == {"Private mail": "email"}


def test_the_first_of_two_columns_of_the_same_meaning_is_read() -> None:
    assert mapping_of(("Phone", "Mobile"), {}) == {"Phone": "phone"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"Fax": "phone"}, "a column that is not in the file"),
        ({"Email": "e-mail"}, "must be mapped to traits.NAME or one of "),
        ({"Email": "traits"}, "must be mapped to traits.NAME or one of "),
        ({"Email": "traits.Bad Name"}, "must be mapped to traits.NAME or one of "),
        ({"Email": "email", "Private mail": "email"}, "from two columns"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(told: dict[str, str], expected: str) -> None:
    with pytest.raises(Unreadable, match=expected) as raised:
        mapping_of(("Email", "Private mail"), told)

    assert raised.value.field == "map"


def test_a_mapping_is_told_by_pairs() -> None:
    assert told_mapping(["E-Mail = email", "a=b=phone", "Notes="]) == {
        "E-Mail": "email",
        "a=b": "phone",
        "Notes": "",
    }
    for pair in ("email", "=email", ""):
        with pytest.raises(Unreadable, match="of the form column=field"):
            told_mapping([pair])
