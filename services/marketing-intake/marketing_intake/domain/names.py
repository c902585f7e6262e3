"""Names of people and companies made comparable, in whatever script they are written."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

CACHED: Final = 4096
UNDECOMPOSED: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
"""Letters that Unicode does not take for a letter with a mark."""
RUSSIAN_FORMS: Final = ("ооо", "зао", "оао", "пао", "ао")  # noqa: RUF001 Cyrillic is meant
LEGAL_FORMS: Final = frozenset(
    {
        *RUSSIAN_FORMS,
        "ab", "ag", "aps", "as", "asa", "bhd", "bv", "bvba", "co", "company", "corp",
        "corporation", "cv", "doo", "dooel", "ead", "eg", "eirl", "eireli", "eood", "epp",
        "ev", "gbr", "gesmbh", "ggmbh", "gmbh", "gp", "hf", "inc", "incorporated", "jsc", "kft",
        "kg", "kgaa", "kk", "lda", "limited", "limitada", "llc", "llp", "lp", "ltd", "ltda", "mbb",
        "mbh", "nv", "nyrt", "ohg", "ooo", "ood", "oy", "oyj", "pao", "plc", "pjsc",
        "pllc", "pt", "pte", "pty", "pvt", "sa", "sab", "sae", "sapi", "sarl", "sas",
        "sasu", "sca", "sci", "scs", "se", "sfp", "sgps", "sia", "sl", "slu", "snc", "spa", "spj",
        "spk", "sprl", "srl", "srls", "sro", "tbk", "ug", "uab", "vof", "zao", "zrt",
    }
)  # fmt: skip
PHRASES: Final = (
    ("sp", "zoo"),
    ("spol", "sro"),
    ("s", "de", "rl"),
    ("haftungsbeschrankt",),
)
"""Legal forms of several words, as they look once marks and dots are gone."""
LEADING: Final = frozenset({"the", *RUSSIAN_FORMS})
"""What stands in front of a company's name and is not of it."""
JOINING: Final = frozenset({"the", "and", "et", "und", "de", "y", "e", "&"})
ATTACHED: Final = ("株式会社", "有限会社", "合同会社", "有限公司", "股份有限公司", "주식회사")
NO_COMPANY: Final = frozenset(
    {
        "", "company", "freelance", "freelancer", "home", "homeoffice", "independent",
        "individual", "keine", "me", "mycompany", "myself", "na", "nocompany", "none", "null",
        "personal", "private", "privat", "privatperson", "retired", "self", "selfemployed",
        "student", "test", "testcompany", "unemployed", "unknown",
    }
)  # fmt: skip
"""What stands in the company's field where there is none, as keys."""
WORDS: Final = re.compile(r"[^\W_]+")
MARKS_FROM: Final = 200
"""Combining classes of the marks that Latin, Greek and Cyrillic letters have above and below. The
marks of other scripts, below this, tell words apart."""


@lru_cache(maxsize=CACHED)
def name_key(text: str) -> str:
    """A person's name without case, marks, spaces and punctuation; empty when nothing is left."""
    return "".join(_words(plain(text)))


@lru_cache(maxsize=CACHED)
def company_key(text: str) -> str:
    """A company's name without legal form, case, marks and punctuation; empty: it names none."""
    for form in ATTACHED:
        text = text.replace(form, " ")
    words = _joined(_words(plain(text.replace("&", " and ").replace(".", " "))))
    if len(words) > 1 and words[0] in LEADING:
        words = words[1:]
    key = "".join(_without_legal_form(words))
    return "" if key in NO_COMPANY else key


def plain(text: str) -> str:
    """Small letters without marks; compatible spellings of a character are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in decomposed if unicodedata.combining(one) < MARKS_FROM)
    return unicodedata.normalize("NFKC", bare.translate(UNDECOMPOSED))


def _words(text: str) -> list[str]:
    """What stands between spaces, punctuation, symbols and control characters."""
    if text.isascii():
        return WORDS.findall(text)
    return "".join(" " if unicodedata.category(one)[0] in "PSZC" else one for one in text).split()


def _joined(words: list[str]) -> list[str]:
    """The words, where letters that stand alone make one: "s r o" is "sro"."""
    found: list[str] = []
    is_open = False
    for word in words:
        if len(word) == 1 and is_open:
            found[-1] += word
        else:
            found.append(word)
        is_open = len(word) == 1
    return found


def _without_legal_form(words: list[str]) -> list[str]:
    """The words up to their legal forms. A name that is nothing else keeps them."""
    end = len(words)
    while end > 1:
        shorter = _one_shorter(words, end)
        if shorter == end:
            break
        end = shorter
    return words[:end] if end else words


def _one_shorter(words: list[str], end: int) -> int:
    for phrase in PHRASES:
        start = end - len(phrase)
        if start > 0 and tuple(words[start:end]) == phrase:
            return start
    # "& Co" is a legal form with its joint; "Smith and Co" too.
    is_form = words[end - 1] in LEGAL_FORMS or words[end - 1] in JOINING
    return end - 1 if is_form else end
