"""Bytes that say rightly, wrongly or not at all in which charset they are."""

import encodings.aliases
import re
from typing import Final

NOT_TEXT: Final = frozenset(
    {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"}
    | {"mbcs", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
)
OURS: Final = {
    # What is labelled with the first is written in the second, which holds more characters.
    "ks_c_5601_1987": "cp949", "ks_c_5601": "cp949", "euc_kr": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "x_gbk": "gb18030",
    "shift_jis": "cp932", "sjis": "cp932", "x_sjis": "cp932", "ms_kanji": "cp932",
    "x_euc_jp": "euc_jp", "iso_8859_8_i": "iso8859_8", "windows_874": "cp874", "tis_620": "cp874",
    "x_mac_roman": "mac_roman", "koi8_u": "koi8_u", "unicode_1_1_utf_7": "utf_7",
    "utf8mb4": "utf_8", "unicode_1_1_utf_8": "utf_8",
}  # fmt: skip
KNOWN: Final = {
    name: codec
    for alias, codec in encodings.aliases.aliases.items()
    if codec not in NOT_TEXT
    for name in (alias, codec)
} | OURS
"""Labels and their codecs. A closed table, because Python remembers each label it does not know."""

WESTERN: Final = frozenset({"ascii", "latin_1", "cp1252", "iso8859_15", "utf_8"})
SEVEN_BIT: Final = frozenset({"utf_7", "hz", "iso2022_kr"})
CONTROLS: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LINE_END: Final = re.compile("\r\n?")


def decoded(data: bytes, label: str | None) -> str:
    """The text: as labelled where that is possible, and as it most likely was meant otherwise."""
    codec = codec_of(label)
    if codec is None or codec in WESTERN:
        return _western(data, codec)
    try:
        return data.decode(codec)
    except ValueError:
        pass
    if codec not in SEVEN_BIT and not codec.startswith("iso2022"):
        try:
            return data.decode("utf-8")
        except ValueError:
            pass
    return data.decode(codec, "replace")


def codec_of(label: str | None) -> str | None:
    """Python's codec of a label; None for none, an unknown one, and one that is no charset."""
    if not label:
        return None
    name = label.strip("\"' \t").lower().partition(";")[0].partition("*")[0].strip("\"' \t")
    normal = re.sub(r"[^a-z0-9]+", "_", name).strip("_")
    return OURS.get(normal) or KNOWN.get(normal)


def cleaned(text: str) -> str:
    """The text with plain line ends, and without what can't be stored or seen."""
    return CONTROLS.sub("", LINE_END.sub("\n", text))


def _western(data: bytes, codec: str | None) -> str:
    """UTF-8 where it is that, whatever its label: Latin text is hardly ever valid UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if codec == "utf_8":
        text = data.decode("utf-8", "replace")
        # A few bad bytes in good UTF-8 are damage; many mean that the label is wrong.
        if text.count("\ufffd") * 10 <= sum(1 for character in text if character > "\x7f"):
            return text
    return data.decode("iso8859_15" if codec == "iso8859_15" else "cp1252", "replace")
