"""The operator's own list of disposable mail domains: a text with one domain a line.

# What was thrown away on us.
thrown-away.example.org
"""

import re
from typing import Final

LINES_MAX: Final = 1_000_000
DOMAIN: Final = re.compile(r"(?!.*\.\.)[^\s@/:]+\.[^\s@/:.]+\Z")
EXPECTED: Final = "must be a domain, as in `thrown-away.example.org`"


def read_domains(text: str) -> frozenset[str]:
    """The domains, in small letters and in Unicode, as a normalised address has them.

    Raises `ValueError`, which names the line and what was expected.
    """
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        raise ValueError(f"the list of domains may have {LINES_MAX} lines")
    found: set[str] = set()
    for number, line in enumerate(lines, start=1):
        domain = line.partition("#")[0].strip().lower().removeprefix("*.").removesuffix(".")
        if not domain:
            continue
        if not DOMAIN.match(domain):
            raise ValueError(f"line {number} of the list of domains {EXPECTED}")
        found.add(_in_unicode(domain))
    return frozenset(found)


def _in_unicode(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
