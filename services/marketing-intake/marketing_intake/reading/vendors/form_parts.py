"""The fields and files of an HTML form's body, for vendors that post one instead of JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from marketing_intake.reading.findings import Unreadable
from marketing_intake.reading.raw import Raw

FIELDS_MAX: Final = 1000
URLENCODED: Final = b"application/x-www-form-urlencoded"
MULTIPART: Final = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class FormFile:
    """What is said of a file; its bytes are counted, not kept."""

    name: str
    type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Form:
    """The text fields by name, of a repeated name the last, and the files in their order."""

    fields: dict[str, bytes] = field(default_factory=dict)
    files: list[FormFile] = field(default_factory=list)


def form_fields(raw: Raw) -> Mapping[str, bytes]:
    """The text fields as bytes, because some vendors say elsewhere how theirs are encoded.

    Of a repeated name the last counts; files are left out. Raises `Unreadable`.
    """
    return form_of(raw).fields


def form_of(raw: Raw) -> Form:
    """The text fields and the files. Raises `Unreadable`."""
    kind, options = _options(raw.content_type)
    if kind == URLENCODED:
        return Form(dict(_urlencoded(raw.body)))
    if kind == MULTIPART and options.get(b"boundary"):
        return _multipart(raw.body, options[b"boundary"])
    raise Unreadable("the content type must be multipart/form-data with a boundary")


def text_of(fields: Mapping[str, bytes], name: str) -> str:
    """The field as text. Raises `Unreadable`, naming it, when it is missing or no UTF-8."""
    if name not in fields:
        raise Unreadable(f"{name} is missing", name)
    try:
        return fields[name].decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} must be UTF-8", name) from None


def _urlencoded(body: bytes) -> Mapping[str, bytes]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=FIELDS_MAX,
            encoding="latin-1",
        )
    except ValueError:
        raise Unreadable(f"the body must be a form of at most {FIELDS_MAX} fields") from None
    return {name: value.encode("latin-1") for name, value in pairs}


def _multipart(body: bytes, boundary: bytes) -> Form:
    parts = _Parts()
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": parts.begin,
            "on_header_field": parts.header_field,
            "on_header_value": parts.header_value,
            "on_header_end": parts.header_end,
            "on_part_data": parts.part_data,
            "on_part_end": parts.end,
            "on_end": parts.end_all,
        },
    )
    try:
        parser.write(body)
    except (FormParserError, ValueError):
        raise Unreadable("the body must be valid multipart/form-data") from None
    if not parts.ended:
        raise Unreadable("the body must end with its boundary")
    return parts.form


def _options(header: str) -> tuple[bytes, Mapping[bytes, bytes]]:
    try:
        return parse_options_header(header)
    except ValueError:
        raise Unreadable("the content type must be ASCII") from None


class _Parts:
    """Collects what the parser calls out."""

    def __init__(self) -> None:
        self.form = Form()
        self.ended = False
        self._parts = 0
        self._header = b""
        self._value = b""
        self._disposition: Mapping[bytes, bytes] = {}
        self._type = b""
        self._data: list[bytes] = []

    def begin(self) -> None:
        self._parts += 1
        if self._parts > FIELDS_MAX:
            raise FormParserError
        self._disposition, self._type, self._data = {}, b"", []

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        match self._header.lower():
            case b"content-disposition":
                self._disposition = parse_options_header(self._value)[1]
            case b"content-type":
                self._type = self._value.partition(b";")[0]
            case _:
                pass
        self._header = self._value = b""

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def end(self) -> None:
        name = self._disposition.get(b"name")
        file_name = self._disposition.get(b"filename")
        if file_name is not None:
            size = sum(map(len, self._data))
            self.form.files.append(FormFile(_shown(file_name), _shown(self._type), size))
        elif name is not None:
            self.form.fields[name.decode(errors="replace")] = b"".join(self._data)

    def end_all(self) -> None:
        self.ended = True


def _shown(value: bytes) -> str:
    return value.decode(errors="replace")
