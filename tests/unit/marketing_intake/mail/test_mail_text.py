"""What a message says: charsets, parts, HTML, and the text without quoted tail and signature."""

import base64
import time

import pytest

from marketing_intake.reading.email.charsets import codec_of, decoded
from marketing_intake.reading.email.headers import decoded_words
from marketing_intake.reading.email.html_text import text_of
from marketing_intake.reading.email.reader import read_mail
from marketing_intake.reading.email.stripping import without_tail
from marketing_intake.reading.findings import FoundLead

FROM = b"From: ada@crumpet.example\r\nMessage-ID: <m1@x>\r\n"


def said(body: bytes, headers: str = "") -> str:
    found = read_mail(FROM + headers.encode() + b"\r\n" + body)
    assert isinstance(found, FoundLead), found
    return str(found.fields.get("message", ""))


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("utf-8", "Öfen".encode(), "Öfen"),
        ("utf-8", "Öfen".encode("cp1252"), "Öfen"),
        ("us-ascii", "Öfen".encode(), "Öfen"),
        ("iso-8859-1", "Öfen „5“ €".encode("cp1252"), "Öfen „5“ €"),
        ("iso-8859-1", "Öfen".encode(), "Öfen"),
        ("iso-8859-15", "5 €".encode("iso-8859-15"), "5 €"),
        ("windows-1251", "Печь".encode("cp1251"), "Печь"),
        ("koi8-r", "Печь".encode("koi8-r"), "Печь"),
        ("Shift_JIS", "東京①".encode("cp932"), "東京①"),
        ("iso-2022-jp", "東京".encode("iso-2022-jp"), "東京"),
        ("gb2312", "烤箱镕".encode("gbk"), "烤箱镕"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("x-unknown", "Öfen".encode(), "Öfen"),
        ("x-unknown", "Öfen".encode("cp1252"), "Öfen"),
        (None, "Öfen".encode("cp1252"), "Öfen"),
        ("unicode_escape", b"\\u00d6", "\\u00d6"),
        ("base64", b"T2Zlbg==", "T2Zlbg=="),
        ('"utf-8"', "Ö".encode(), "Ö"),
        ("utf-8*de", "Ö".encode(), "Ö"),
    ],
)
def test_a_charset_is_what_it_most_likely_is(label: str | None, data: bytes, text: str) -> None:
    assert decoded(data, label) == text


@pytest.mark.parametrize("label", ["rot_13", "zlib", "idna", "punycode", "undefined", "\0", "é"])
def test_what_is_no_charset_is_none(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?=C3=96fen?=", "Öfen"),
        ("=?UTF-8?B?w5ZmZW4=?=", "Öfen"),
        ("=?UTF-8?B?w5ZmZW4?=", "Öfen"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=96fen?=", "Öfen"),
        ("=?utf-8?q?a?=\t=?utf-8?q?b?= c =?utf-8?q?d?=", "ab c d"),
        ("=?koi8-r?B?8MXe2A==?= =?utf-8?q?!?=", "Печь!"),
        ("=?nonsense?q?a?=", "a"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?b?!?=", ""),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_encoded_words_are_decoded(value: str, text: str) -> None:
    assert decoded_words(value) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello\n\nAda", "Hello\n\nAda"),
        ("Hello\n-- \nAda\n+44 20", "Hello"),
        ("Hello\n--\nAda", "Hello"),
        ("Hello\nSent from my iPhone", "Hello"),
        ("Hello\n\nOn Mon, 2 Mar 2026, Sales wrote:\n> We sell.\n> Ovens.", "Hello"),
        ("Hello\nOn Mon, 2 Mar 2026 at 09:30, Sales\n<s@o.example> wrote:\n\n> We sell.", "Hello"),
        ("Hallo\nAm 2. März 2026 schrieb Ada:\n> Guten Tag", "Hallo"),
        ("Bonjour\nLe 2 mars 2026, Ada a écrit :\n> Salut", "Bonjour"),
        ("Hello\n-- \nAda\n\nOn 2026-03-02 Sales wrote:\n> We sell.", "Hello"),
        ("Hello\n-----Original Message-----\nFrom: x\nWe sell", "Hello"),
        ("Hello\n________\nFrom: Sales\nSent: Monday\nTo: Ada\nSubject: x\n\nWe sell", "Hello"),
        ("Hallo\nVon: Sales\nGesendet: Montag\nAn: Ada\nBetreff: x\n\nText", "Hallo"),
        ("Sales wrote on 2 Mar 2026:\n> Which?\nThe deck oven.\n> When?\nNow.",
         "The deck oven.\nNow."),
        ("Hello\n> quoted at the end", "Hello"),
        ("> all\n> is quoted", "> all\n> is quoted"),
        ("Prices:\n> 500 loaves\nplease", "Prices:\n> 500 loaves\nplease"),
        ("See below\n---------- Forwarded message ----------\nFrom: x\nDate: y\nSubject: z\n\nHi",
         "See below\n---------- Forwarded message ----------\nFrom: x\nDate: y\nSubject: z\n\nHi"),
        ("From: here to there\nwe bake", "From: here to there\nwe bake"),
        ("-- \nonly a signature", "--\nonly a signature"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_quoted_tail_and_the_signature_go(text: str, kept: str) -> None:
    assert without_tail(text) == kept


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello</p><p>Ada</p>", "Hello\n\nAda"),
        ("Hello<br>Ada", "Hello\nAda"),
        ("a&amp;b &eacute; &#8364; &nope;", "a&b é € &nope;"),
        ("<style>p{}</style><script>x<y</script>Hi<!-- no -->!", "Hi!"),
        ("<HEAD><title>no</title></HEAD><BODY>yes</BODY>", "yes"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("3 < 4 <b>bold</b", "3 < 4 bold"),
        ("<blockquote>said</blockquote>", "> said"),
        ("x<a href='>'>y</a>", "x'>y"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_an_answer_in_html_is_read_without_what_it_answers() -> None:
    html = (
        "<div>Yes, please.</div><div class='gmail_signature'>Ada</div>"
        "<div class='gmail_quote'><div>On 2 Mar 2026 Sales wrote:<br></div>"
        "<blockquote>Shall we call?</blockquote></div>"
    )

    assert said(html.encode(), "Content-Type: text/html; charset=utf-8\r\n") == "Yes, please."


@pytest.mark.parametrize("piece", ["<a b='", "<!--", "<a", "</", "<![CDATA[", "&#", "<b c=d "])
def test_unclosed_tags_are_read_in_one_pass(piece: str) -> None:
    start = time.perf_counter()

    text_of(piece * 100_000)

    # The standard library's parser takes minutes for these; the bound is generous on purpose.
    assert time.perf_counter() - start < 10


def part(type_: str, text: str, more: str = "") -> str:
    return f"--b\r\nContent-Type: {type_}\r\n{more}\r\n{text}\r\n"


def multipart(kind: str, *parts: str) -> tuple[bytes, str]:
    return "".join(
        [*parts, "--b--\r\n"]
    ).encode(), f"Content-Type: multipart/{kind}; boundary=b\r\n"


def test_plain_text_is_chosen_where_it_says_anything() -> None:
    html = part("text/html", "<p>html</p>")

    assert said(*multipart("alternative", part("text/plain", "plain"), html)) == "plain"
    assert said(*multipart("alternative", part("text/plain", " "), html)) == "html"
    assert said(*multipart("mixed", html, part("text/plain", "footer"))) == "html\n\nfooter"


def test_attachments_are_named_and_counted_and_not_kept() -> None:
    pdf = base64.b64encode(b"%PDF" * 30).decode()
    body, headers = multipart(
        "mixed",
        part("text/plain", "see plan"),
        part(
            "application/pdf",
            pdf,
            "Content-Transfer-Encoding: base64\r\n"
            'Content-Disposition: attachment; filename="=?utf-8?q?=C3=96fen.pdf?="\r\n',
        ),
        part("text/plain; name=C:\\notes.txt", "notes", "Content-Disposition: attachment\r\n"),
    )

    found = read_mail(FROM + headers.encode() + b"\r\n" + body)

    assert isinstance(found, FoundLead)
    assert found.fields["message"] == "see plan"
    assert found.fields["attachments"] == [
        {"name": "Öfen.pdf", "type": "application/pdf", "bytes": 120},
        {"name": "notes.txt", "type": "text/plain", "bytes": 5},
    ]
    assert b"%PDF" not in repr(found).encode()


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", b"w5ZmZW4=", "Öfen"),
        ("base64", b"not base64 at all!", "not base64 at all!"),
        ("quoted-printable", b"=C3=96fen=\r\n!", "Öfen!"),
        ("8bit", "Öfen".encode(), "Öfen"),
        ("nonsense", "Öfen".encode(), "Öfen"),
        ("7bit", "Öfen\0\x1b!".encode(), "Öfen!"),
    ],
)
def test_bodies_are_decoded_as_well_as_they_can_be(encoding: str, body: bytes, text: str) -> None:
    headers = (
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n"
    )

    assert said(body, headers) == text
