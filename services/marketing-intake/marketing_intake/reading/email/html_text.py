"""HTML messages as plain text, in one pass.

The standard library's parser is not used: on Python 3.11 it takes minutes for a quarter of a
megabyte of unclosed tags, and anybody may send such a message. Here every search either finds
its end or is the last one.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Final

HTML_CHARACTERS_MAX: Final = 512 * 1024
NAME: Final = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]*")
SPACE: Final = re.compile(r"[ \t\r\n\f]+")
BLOCKS: Final = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"}
    | {"article", "section", "header", "footer", "blockquote", "address", "dl", "dt", "dd"}
)
UNSEEN: Final = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "head", "title", "template")
}
QUOTES_MAX: Final = 20


@dataclass(slots=True)
class _Page:
    """Lines so far, the line being written, and how deep in quotations it stands."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0

    def end_line(self) -> None:
        text = SPACE.sub(" ", "".join(self.line)).strip(" ")
        self.line.clear()
        if text or (self.lines and self.lines[-1].strip("> ")):
            self.lines.append("> " * min(self.quotes, QUOTES_MAX) + text)


def text_of(source: str) -> str:
    """What a reader sees; quotations have `> ` before each line, as in plain messages."""
    page, position = _Page(), 0
    source = source[:HTML_CHARACTERS_MAX]
    while position < len(source):
        start = source.find("<", position)
        end = len(source) if start < 0 else start
        page.line.append(_unescaped(source[position:end]))
        if start < 0:
            break
        position = _after_tag(source, start, page)
    page.end_line()
    return "\n".join(page.lines).strip().replace("\xa0", " ")


def _after_tag(source: str, start: int, page: _Page) -> int:
    """Read what begins with `<`, and say where the text goes on."""
    if source.startswith("<!--", start):
        return _after(source, "-->", start + 4)
    if source.startswith(("<!", "<?"), start):
        return _after(source, ">", start + 2)
    match = NAME.match(source, start + 1)
    if match is None:
        page.line.append("<")
        return start + 1
    end = _after(source, ">", match.end())
    name = match[0].lower()
    unseen = UNSEEN.get(name)
    if unseen is not None:
        closing = unseen.search(source, end)
        return len(source) if closing is None else _after(source, ">", closing.end())
    _write(name, source[match.end() : end], page)
    return end


def _after(source: str, mark: str, position: int) -> int:
    found = source.find(mark, position)
    return len(source) if found < 0 else found + len(mark)


def _write(name: str, attributes: str, page: _Page) -> None:
    bare = name.lstrip("/")
    if bare in BLOCKS or bare in ("br", "li"):
        page.end_line()
    if bare == "blockquote":
        page.quotes = max(0, page.quotes + (-1 if name[0] == "/" else 1))
    elif name == "li":
        page.line.append("- ")
    elif name in ("td", "th"):
        page.line.append(" ")
    elif name == "div" and "gmail_signature" in attributes[:200]:
        page.lines.append("-- ")


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:
        # A numeric reference with thousands of digits.
        return text
