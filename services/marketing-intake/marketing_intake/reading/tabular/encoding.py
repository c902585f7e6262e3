"""A file's bytes become UTF-8, piece by piece, whatever a spreadsheet has saved them as."""

import codecs
from typing import Final

from marketing_intake.reading.findings import Unreadable

SAMPLE_BYTES: Final = 64 * 1024
"""So much from the first byte that is not ASCII tells UTF-8 from Windows-1252."""
UTF_8: Final = "utf-8"
UTF_16: Final = "utf-16"
CP_1252: Final = "windows-1252"
ENCODINGS: Final = {
    "utf-8": UTF_8,
    "utf8": UTF_8,
    "utf-8-sig": UTF_8,
    "ascii": UTF_8,
    "utf-16": UTF_16,
    "utf-16le": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "windows-1252": CP_1252,
    "cp1252": CP_1252,
    "iso-8859-1": CP_1252,  # as every browser reads it (WHATWG Encoding)
    "latin-1": CP_1252,
}
"""Names that may be given, and what is meant."""
BOM_BYTES: Final = 4
"""So many bytes must have come before the absence of a byte order mark means anything."""
CP_1252_TABLE: Final = "".join(
    bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256)
)
"""Its five holes are control characters, as in WHATWG Encoding: no byte is unreadable."""


class Transcoder:
    """Makes UTF-8 without a byte order mark out of the pieces of a file.

    What is UTF-8 passes unchanged, faults included: they belong to single rows. Without a name and
    without a mark it is UTF-8 unless the first bytes beyond ASCII say otherwise; those are
    Windows-1252 then. `encoding` says what was found; until the end it may still be undecided.
    """

    def __init__(self, encoding: str | None = None) -> None:
        """Raises `Unreadable` for an encoding that is not read here."""
        self.encoding = None if encoding is None else _known(encoding)
        self._held = b""
        self._is_begun = False
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, piece: bytes) -> bytes:
        """The UTF-8 that is certain after this piece. Raises `Unreadable` for UTF-32."""
        held, self._held = self._held + piece, b""
        if not self._is_begun:
            if len(held) < BOM_BYTES:
                self._held = held
                return b""
            held = self._begin(held)
        if self.encoding is not None:
            return self._decoded(held)
        return self._undecided(held)

    def finish(self) -> bytes:
        """What was held back; nothing comes after it."""
        held, self._held = self._held, b""
        if not self._is_begun:
            held = self._begin(held)
        if self.encoding is None:
            # A last character that was cut tells nothing for UTF-8.
            self.encoding = _guess(held) or (UTF_8 if held.isascii() else CP_1252)
        rest = self._decoded(held)
        if self._decoder is not None:
            rest += self._decoder.decode(b"", final=True).encode()
        return rest

    def _begin(self, held: bytes) -> bytes:
        self._is_begun = True
        if held.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise Unreadable("must be UTF-8, UTF-16 or Windows-1252", "encoding")
        if held.startswith(codecs.BOM_UTF8):
            self.encoding = UTF_8
            held = held.removeprefix(codecs.BOM_UTF8)
        elif held.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.encoding = UTF_16  # its decoder reads the mark
        return held

    def _undecided(self, held: bytes) -> bytes:
        if held.isascii():
            return held  # the same in both
        if len(held) >= SAMPLE_BYTES:
            self.encoding = _guess(held)
        if self.encoding is None:
            self._held = held
            return b""
        return self._decoded(held)

    def _decoded(self, held: bytes) -> bytes:
        match self.encoding:
            case "utf-8":
                return held
            case "windows-1252":
                return codecs.charmap_decode(held, "strict", CP_1252_TABLE)[0].encode()
            case _:
                if self._decoder is None:
                    assert self.encoding is not None
                    self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
                return self._decoder.decode(held).encode()


def _known(encoding: str) -> str:
    known = ENCODINGS.get(encoding.strip().lower().replace("_", "-"))
    if known is None:
        raise Unreadable(f"must be one of {', '.join(sorted(set(ENCODINGS.values())))}", "encoding")
    return known


def _guess(sample: bytes) -> str | None:
    """The encoding that a sample speaks for; its last character may be cut."""
    try:
        text = codecs.getincrementaldecoder(UTF_8)().decode(sample)
    except UnicodeDecodeError:
        return CP_1252
    return None if text.isascii() else UTF_8
