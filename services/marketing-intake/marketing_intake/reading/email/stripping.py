"""What the sender wrote this time: without the quoted tail and the signature."""

import re
from typing import Final

TEXT_CHARACTERS_MAX: Final = 200_000
SIGNATURE_LINES_MAX: Final = 20
MARKER: Final = re.compile(
    r"^\s*[-_]{2,}\s*(?:original message|ursprüngliche nachricht|originalnachricht"
    r"|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht"
    r"|ursprungligt meddelande|mensagem original|исходное сообщение|原始邮件)\s*[-_]{2,}\s*$",
    re.IGNORECASE,
)
FROM: Final = re.compile(
    r"^\s*\*?(?:from|von|de|da|van|från|fra|od|от|发件人|差出人)\*?\s*[:\uff1a]", re.IGNORECASE
)
LABEL: Final = re.compile(
    r"^\s*\*?(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden"
    r"|skickat|to|an|à|para|a|aan|till|cc|subject|betreff|objet|asunto|oggetto|onderwerp|ämne"
    r"|дата|кому|тема|发送时间|收件人|主题|送信日時|宛先|件名)\*?\s*[:\uff1a]",
    re.IGNORECASE,
)
WROTE: Final = re.compile(
    r"@|\b\d{4}\b|\b(?:wrote|writes|schrieb|écrit|escribió|scritto|schreef|skrev|escreveu"
    r"|napisał|napisal|kirjoitti|пишет|написал)\b",
    re.IGNORECASE,
)
FORWARDED: Final = re.compile(
    r"forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|messaggio inoltrato|doorgestuurd bericht",
    re.IGNORECASE,
)
OPENER: Final = re.compile(r"^(?:on|am|le|el|il|op|den|em|w dniu|dne|på)\b", re.IGNORECASE)
BY_PHONE: Final = re.compile(
    r"^\s*(?:sent from my |sent from mail for |get outlook for |von meinem .{1,40} gesendet"
    r"|envoyé de mon |enviado desde mi |inviato da(?:l mio)? |verstuurd vanaf mijn )",
    re.IGNORECASE,
)


def without_tail(text: str) -> str:
    """The text without what it answers and without the signature.

    Nothing is cut that would leave nothing: a message that is all quotation stays whole.
    """
    whole = text[:TEXT_CHARACTERS_MAX].strip()
    lines = [line.rstrip() for line in whole.split("\n")]
    lines = _before_original(lines)
    lines = _without_quotes(lines)
    lines = _without_signature(lines)
    return "\n".join(lines).strip() or whole


def _before_original(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if FORWARDED.search(line) and _is_header_block(lines, index):
            return lines  # What was passed on is what the message is about.
        if MARKER.match(line) or (FROM.match(line) and _is_header_block(lines, index)):
            before = _trimmed(lines[:index])
            return before or lines
    return lines


def _is_header_block(lines: list[str], index: int) -> bool:
    following = [line for line in lines[index + 1 : index + 8] if line.strip()][:4]
    return sum(1 for line in following if LABEL.match(line)) >= 2


def _without_quotes(lines: list[str]) -> list[str]:
    """Where a line says that somebody wrote, all quotations go; otherwise those at the end."""
    start = next((index for index in range(len(lines)) if _is_quoted(lines[index])), None)
    if start is None:
        return lines
    said = _attribution(lines, start)
    if said is not None:
        answer = [line for line in lines[start:] if not _is_quoted(line)]
        return [*_trimmed(lines[:said]), "", *answer]
    end = len(lines)
    while end and (_is_quoted(lines[end - 1]) or not lines[end - 1]):
        end -= 1
    return lines[:end]


def _attribution(lines: list[str], quote: int) -> int | None:
    """Where the words `On … wrote:` before a quotation begin; mailers break them over lines."""
    end = len(_trimmed(lines[:quote])) - 1
    if end < 0 or not lines[end].endswith((":", "\uff1a")):
        return None
    start = end
    while start > 0 and lines[start - 1] and end - start < 2 and not OPENER.match(lines[start]):
        start -= 1
    if not OPENER.match(lines[start]):
        start = end
    return start if WROTE.search(" ".join(lines[start : end + 1])) else None


def _without_signature(lines: list[str]) -> list[str]:
    kept = _trimmed(lines)
    for index in range(max(1, len(kept) - SIGNATURE_LINES_MAX), len(kept)):
        if kept[index] == "--":
            kept = _trimmed(kept[:index])
            break
    while len(kept) > 1 and BY_PHONE.match(kept[-1]):
        kept = _trimmed(kept[:-1])
    return kept


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip("_-* "):
        end -= 1
    return lines[:end]


def _is_quoted(line: str) -> bool:
    return line.startswith(">")
