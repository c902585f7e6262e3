"""Rows out of CSV, however the file is cut: good ones are taken, a bad one spoils itself alone."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.reading.tabular.csv_rows import BrokenRow, CsvRows, Row
from marketing_intake.reading.tabular.json_rows import JsonRows
from marketing_intake.reading.tabular.lines import LINE_BYTES_MAX


def rows_of(
    data: bytes, *, width: int | None = 2, size: int = 1_000_000, delimiter: str = ","
) -> list[Row | BrokenRow]:
    """Every row of a file that is fed in pieces of a size."""
    rows = CsvRows(delimiter, width=width, position=0)
    return all_of(rows, data, size)


def all_of(rows: CsvRows | JsonRows, data: bytes, size: int) -> list[Row | BrokenRow]:
    """Feed and take until all is read."""
    found: list[Row | BrokenRow] = []
    for first in range(0, max(1, len(data)), size):
        rows.feed(data[first : first + size], is_last=first + size >= len(data))
        while some := rows.take(3):
            found += some
    return found


def told(rows: list[Row | BrokenRow]) -> list[object]:
    """What a test reads easily: values, or the kind of the fault."""
    return [row.cells if isinstance(row, Row) else row.fault.detail.split(",")[0] for row in rows]


UNCLOSED = "a quoted value must be closed"
MISQUOTED = "a quoted value must end before the delimiter"
NARROW = "must have 2 values"
CASES = [
    (b"", []),
    (b"a,b", [["a", "b"]]),
    (b"a,b\n\nc,d\n\n", [["a", "b"], ["c", "d"]]),
    (b"a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
    (b"a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
    (b'"a\nb","c ""d"""\ne,f', [["a\nb", 'c "d"'], ["e", "f"]]),
    (b'"a\r\nb",c\r\n"d,e",f\r\n', [["a\r\nb", "c"], ["d,e", "f"]]),
    (b",\n , \n,,,\nx,\n", [[" ", " "], ["x", ""]]),
    (b"a\nb,c\nd,e,f\ng,h", [NARROW, ["b", "c"], NARROW, ["g", "h"]]),
    (b'a,"b\nc,d\ne,f', [UNCLOSED, ["c", "d"], ["e", "f"]]),
    (b'a,"b\nc,"d"\ne,f', [MISQUOTED, ["c", "d"], ["e", "f"]]),
    (b'"a"b,c\nd,e', [MISQUOTED, ["d", "e"]]),
    (b'a 5" disk,b\nc,d', [['a 5" disk', "b"], ["c", "d"]]),
    (b"a,\xff\nb,\xc3\xb6\n", ["must be UTF-8", ["b", "ö"]]),
    (b"a,\0\n", [["a", "\0"]]),
    (b'"', [UNCLOSED]),
    (b'x,"\ny,"z', [MISQUOTED, UNCLOSED]),
]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(("data", "expected"), CASES)
def test_rows_come_out_whatever_the_cut(data: bytes, expected: list[object], size: int) -> None:
    assert told(rows_of(data, size=size)) == expected


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_each_row_has_its_own_bytes_and_the_next_one_begins_at_its_end(size: int) -> None:
    data = b'\n"a\nb",c\n\nd,"e\nf,g\r\nh,i'

    rows = rows_of(data, size=size)

    assert [row.body for row in rows] == [b'"a\nb",c\n', b'd,"e\n', b"f,g\r\n", b"h,i"]
    assert [data[: row.end].endswith(row.body) for row in rows] == [True] * 4
    assert rows[-1].end == len(data)


def test_reading_goes_on_from_any_end() -> None:
    data = b'"a\nb",c\n\nd,"e\nf,g\r\nh,"i"\nj,k'
    whole = rows_of(data)

    for number, row in enumerate(whole):
        rest = CsvRows(",", width=2, position=row.end)
        assert all_of(rest, data[row.end :], 5) == whole[number + 1 :]


@pytest.mark.parametrize("size", [LINE_BYTES_MAX // 3, 2 * LINE_BYTES_MAX, 10 * LINE_BYTES_MAX])
@pytest.mark.parametrize("long", [b"x" * 3 * LINE_BYTES_MAX, b"x," * LINE_BYTES_MAX])
def test_a_line_that_is_too_long_is_refused_alone(long: bytes, size: int) -> None:
    data = b"a,b\n" + long + b"\nc,d\n"

    good, broken, last = rows_of(data, size=size)

    assert told([good, last]) == [["a", "b"], ["c", "d"]]
    assert isinstance(broken, BrokenRow)
    assert (broken.fault.kind, broken.fault.status) == ("too-large", 413)
    assert (broken.body, broken.end) == (long[:LINE_BYTES_MAX], len(data) - 4)


@pytest.mark.parametrize("size", [50_000, 10_000_000])
def test_a_quote_that_is_never_closed_spoils_one_line_of_a_large_file(size: int) -> None:
    data = b'a,"b\n' + b"c,d\n" * 200_000

    rows = rows_of(data, size=size)

    assert told(rows[:1]) == [UNCLOSED]
    assert len(rows) == 200_001
    assert {type(row) for row in rows[1:]} == {Row}


def test_a_row_of_many_long_values_comes_to_an_end() -> None:
    value = b'"' + b"x\n" * 50_000 + b'",'
    data = b"a,b\n" + value * 20 + b"\nc,d\n"

    rows = rows_of(data, size=100_000)

    assert told([rows[0], rows[-1]]) == [["a", "b"], ["c", "d"]]


@given(
    st.lists(
        st.lists(st.text(alphabet='ab",;\n\r\tö ', max_size=8), min_size=2, max_size=2), max_size=8
    ),
    st.integers(min_value=1, max_value=40),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_again(
    values: list[list[str]], size: int, delimiter: str, ending: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows(values)

    rows = rows_of(out.getvalue().encode(), size=size, delimiter=delimiter)

    assert told(rows) == [row for row in values if any(row)]


@given(st.binary(max_size=200), st.integers(min_value=1, max_value=40))
def test_no_bytes_stop_it_and_no_cut_changes_it(data: bytes, size: int) -> None:
    whole, cut = rows_of(data), rows_of(data, size=size)

    assert [row.end for row in cut] == [row.end for row in whole]
    assert told(cut) == told(whole)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_json_lines_are_rows_as_well(size: int) -> None:
    data = b'{"a":1}\n\n  \n{"b":\r\n{"c":3}'

    rows = all_of(JsonRows(position=0), data, size)

    assert [row.body for row in rows] == [b'{"a":1}\n', b'{"b":\r\n', b'{"c":3}']
    assert [row.end for row in rows] == [8, 19, 26]


def test_a_json_line_that_is_too_long_is_refused_alone() -> None:
    data = b"{}\n" + b" " + b"x" * 3 * LINE_BYTES_MAX + b"\n{}\n"

    for size in (LINE_BYTES_MAX // 2, 10 * LINE_BYTES_MAX):
        _, broken, last = all_of(JsonRows(position=0), data, size)
        assert isinstance(broken, BrokenRow)
        assert (broken.fault.kind, last.body) == ("too-large", b"{}\n")
