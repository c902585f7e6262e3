"""Whatever a spreadsheet has saved a file as, it is read as UTF-8, however it was cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.tabular.encoding import SAMPLE_BYTES, Transcoder

TEXT = "Name;Ort\nBjörn Ångström;Łódź €5\n"
WESTERN = "Name;Ort\nBjörn Ångström;Köln €5\n"


def read(data: bytes, *, size: int, encoding: str | None = None) -> tuple[str, str | None]:
    """The text of a file that comes in pieces of a size, and the encoding that was found."""
    transcoder = Transcoder(encoding)
    pieces = [data[first : first + size] for first in range(0, len(data), size)]
    read = b"".join(transcoder.feed(piece) for piece in pieces) + transcoder.finish()
    return read.decode(), transcoder.encoding


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "written_as", "found"),
    [
        (TEXT, "utf-8", "utf-8"),
        (TEXT, "utf-8-sig", "utf-8"),
        (TEXT, "utf-16", "utf-16"),
        (WESTERN, "cp1252", "windows-1252"),
        ("plain\n", "ascii", "utf-8"),
        ("", "ascii", "utf-8"),
        ("é", "cp1252", "windows-1252"),
    ],
)
def test_an_encoding_is_found(text: str, written_as: str, found: str, size: int) -> None:
    assert read(text.encode(written_as), size=size) == (text, found)


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_of_either_order_is_told_by_its_mark(order: str) -> None:
    data = "\ufeff".encode(f"utf-16-{order}") + TEXT.encode(f"utf-16-{order}")

    assert read(data, size=5) == (TEXT, "utf-16")


@pytest.mark.parametrize(
    ("given", "written_as"),
    [
        ("UTF-16LE", "utf-16-le"),
        ("utf_16_be", "utf-16-be"),
        ("latin-1", "latin-1"),
        ("CP1252", "cp1252"),
        ("utf8", "utf-8"),
    ],
)
def test_a_given_encoding_is_believed(given: str, written_as: str) -> None:
    text = "Björn\n"

    assert read(text.encode(written_as), size=3, encoding=given)[0] == text


def test_what_is_far_behind_the_beginning_decides_as_well() -> None:
    plain = "plain text\n" * SAMPLE_BYTES

    text, found = read((plain + WESTERN).encode("cp1252"), size=64 * 1024)

    assert (text, found) == (plain + WESTERN, "windows-1252")


def test_a_character_that_is_cut_where_the_sample_ends_is_waited_for() -> None:
    data = b"x" * (SAMPLE_BYTES - 1) + "ö".encode()

    assert read(data, size=SAMPLE_BYTES)[1] == "utf-8"


def test_a_fault_behind_good_utf_8_stays_with_its_row() -> None:
    transcoder = Transcoder()
    good = ("ö" * SAMPLE_BYTES).encode()

    read = transcoder.feed(good) + transcoder.feed(b"\xff") + transcoder.finish()

    assert (read, transcoder.encoding) == (good + b"\xff", "utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "utf-32", ""])
def test_an_encoding_that_is_not_read_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable, match=r"must be one of utf-16, .*windows-1252"):
        Transcoder(encoding)


def test_utf_32_is_refused() -> None:
    with pytest.raises(Unreadable, match="must be UTF-8, UTF-16 or Windows-1252"):
        Transcoder().feed("abc".encode("utf-32"))


@given(st.binary(max_size=300), st.integers(min_value=1, max_value=50))
def test_no_byte_stops_it_and_no_cut_changes_it(data: bytes, size: int) -> None:
    try:
        whole = Transcoder()
        wanted = whole.feed(data) + whole.finish()
    except Unreadable:
        return

    cut = Transcoder()
    pieces = [data[first : first + size] for first in range(0, len(data), size)]
    found = b"".join(cut.feed(piece) for piece in pieces) + cut.finish()

    assert (found, cut.encoding) == (wanted, whole.encoding)
