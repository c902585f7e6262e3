"""The rank that a job title speaks of."""

import re
from functools import lru_cache
from typing import Final

from baton.contracts.vocabulary import Seniority

RANKS: Final = (
    (
        Seniority.OWNER,
        re.compile(r"\b(owner|founder|co-?founder|proprietor|inhaber|gérant)", re.IGNORECASE),
    ),
    (Seniority.EXECUTIVE, re.compile(r"\b(c[efimorst]o|chief|president|vp|vice)\b", re.IGNORECASE)),
    (Seniority.DIRECTOR, re.compile(r"\b(director|head of|leiter)", re.IGNORECASE)),
    (Seniority.MANAGER, re.compile(r"\b(manager|lead|supervisor)\b", re.IGNORECASE)),
)
"""From the top: "Vice President, Director of …" is an executive."""


@lru_cache(maxsize=4096)
def seniority(job_title: str | None) -> Seniority:
    """The first rank whose words stand in the title."""
    if not job_title:
        return Seniority.UNKNOWN
    for rank, words in RANKS:
        if words.search(job_title):
            return rank
    return Seniority.STAFF
