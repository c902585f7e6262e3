"""Messages under fire: whatever the bytes, there is one finding, and it can be stored."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.http.text import storable
from marketing_intake.reading.email.html_text import text_of
from marketing_intake.reading.email.mime import MULTIPARTS_MAX
from marketing_intake.reading.email.reader import read_mail
from marketing_intake.reading.email.stripping import without_tail
from marketing_intake.reading.findings import Broken, FoundLead, Ignored
from marketing_intake.reading.lead_form import LeadForm

FEW = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
WHOLE = (
    b"Received: from a by b; Mon, 2 Mar 2026 09:29:00 +0000\r\n"
    b"From: =?utf-8?b?w5ZmZW4=?= Ada <ada@crumpet.example>\r\n"
    b"Reply-To: \"Ben, B.\" <ben@b.example>\r\nTo: sales+tag@ovens.example (Sales)\r\n"
    b"Date: Mon, 2 Mar 2026 09:29:00 +0000\r\nSubject: =?koi8-r?q?=F0?=\r\n"
    b"Message-ID: <m1@x>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n"
    b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
    b"--c\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\nHello\r\n-- \r\nAda\r\n"
    b"--c\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+SGk8L3A+\r\n"
    b"--c--\r\n--b\r\nContent-Type: application/pdf; name*0*=utf-8''a; name*1=b\r\n"
    b"Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.pdf\r\n"
    b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x\r\n\r\ny\r\n--b--\r\n"
)  # fmt: skip
HEADERS = st.sampled_from(
    [
        *("From", "Reply-To", "To", "Date", "Subject", "Message-ID", "Return-Path", "Received"),
        *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "List-Id"),
    ]
)
PIECES = st.sampled_from(
    [
        *(b"--b\r\n", b"\r\n\r\n", b"From: ", b"=?utf-8?b?", b"?=", b'"', b"<", b">", b"(", b";"),
        *(b"boundary=", b"charset=", b"multipart/mixed", b"name*0*=", b"%ff", b"\0", b"\x1b$B"),
        *(b"Content-Type: ", b"message/rfc822", b"begin 644 a\n", b"\xff\xfe", b"'", b"a@b.c"),
    ]
)


def check(raw: bytes) -> None:
    found = read_mail(raw, own_addresses=["sales@ovens.example"])

    match found:
        case Broken(detail=detail):
            assert detail
        case Ignored(reason=reason, key=key):
            assert reason in ("auto_reply", "bounce", "mailing_list", "loop")
            assert key
        case FoundLead(fields=fields, key=key):
            assert key
            storable(key)
            LeadForm.model_validate(dict(fields))
            _check_storable(fields)
        case _:
            raise AssertionError(found)


def _check_storable(value: object) -> None:
    match value:
        case str():
            storable(value)
        case Mapping():
            for inner in value.values():
                _check_storable(inner)
        case list():
            for inner in value:
                _check_storable(inner)
        case _:
            return


@FEW
@given(st.binary(max_size=500))
def test_any_bytes_are_one_finding(raw: bytes) -> None:
    check(raw)
    check(b"From: a@b.example\r\n" + raw)


@FEW
@given(st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join))
def test_pieces_of_messages_are_one_finding(raw: bytes) -> None:
    check(raw)
    check(b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + raw)


@FEW
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
def test_a_message_with_bytes_changed_is_one_finding(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(WHOLE)

    for place, byte in changes:
        raw[place] = byte

    check(bytes(raw))


@FEW
@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), PIECES)
def test_a_message_with_a_piece_put_in_its_place_is_one_finding(
    start: int, end: int, piece: bytes
) -> None:
    check(WHOLE[: min(start, end)] + piece + WHOLE[max(start, end) :])


@FEW
@given(st.dictionaries(HEADERS, st.text(max_size=80)))
def test_any_header_is_one_finding(headers: dict[str, str]) -> None:
    lines = [f"{name}: {value}" for name, value in headers.items()]

    check("\r\n".join([*lines, "", "words"]).encode("utf-8", "surrogatepass"))


@FEW
@given(st.text(max_size=300))
def test_any_text_is_stripped_to_a_part_of_itself(text: str) -> None:
    kept = without_tail(text)

    assert bool(kept) == bool(text.strip())
    assert set(kept) <= set(text) | {"\n"}


@FEW
@given(st.text(st.sampled_from("<>/!-ab \"'=&#;\n"), max_size=200))
def test_any_html_is_text(source: str) -> None:
    assert len(text_of(source)) <= 8 * len(source) + 8


def test_nesting_without_end_is_broken() -> None:
    level = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"

    found = read_mail(b"From: a@b.example\r\n" + level * (MULTIPARTS_MAX + 1))

    assert isinstance(found, Broken)
    check(b"From: a@b.example\r\n" + level * MULTIPARTS_MAX)
