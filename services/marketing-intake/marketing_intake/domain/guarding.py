"""How forms are guarded: rates, what a fill-time token gives away, and what becomes of a lead."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from baton.contracts.vocabulary import LeadState
from marketing_intake.domain.draft import LeadDraft, RefusedDraft
from marketing_intake.domain.form import FormRules

TOKEN_AGE_MAX: Final = timedelta(days=1)
"""The embedded script fetches a new token long before; a page that is served by us is fresh."""


class SpamReason(StrEnum):
    """What gave a robot away; it is kept with the lead and told to nobody outside."""

    HONEYPOT = "honeypot"
    TOKEN_MISSING = "token_missing"  # noqa: S105 no password
    TOKEN_FORGED = "token_forged"  # noqa: S105 as above
    TOKEN_STALE = "token_stale"  # noqa: S105 as above
    TOKEN_REPLAYED = "token_replayed"  # noqa: S105 as above
    TOO_FAST = "too_fast"
    CAPTCHA = "captcha"


@dataclass(frozen=True, slots=True)
class FillToken:
    """What a token says once its signature is right: when its form was shown."""

    rendered_at: datetime
    nonce: bytes


def judged(
    token: FillToken | None, uses: int, now: datetime, rules: FormRules
) -> SpamReason | None:
    """What a token says against who sent it; `uses` counts this one too."""
    if token is None:
        return SpamReason.TOKEN_MISSING if rules.is_token_required else None
    if now - token.rendered_at > TOKEN_AGE_MAX or token.rendered_at - now > TOKEN_AGE_MAX:
        return SpamReason.TOKEN_STALE
    if uses > rules.token_uses_max:
        return SpamReason.TOKEN_REPLAYED
    if now - token.rendered_at < timedelta(seconds=rules.fill_seconds_min):
        return SpamReason.TOO_FAST
    return None


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a rate at a moment."""

    left: float
    at: datetime


def drawn(bucket: Bucket | None, now: datetime, *, per_minute: int) -> tuple[Bucket, float]:
    """Draw one; returns the bucket after it, and the seconds to wait, 0 when one was there."""
    left = float(per_minute)
    if bucket is not None:
        seconds = max(0.0, (now - bucket.at).total_seconds())
        left = min(left, bucket.left + seconds * per_minute / 60)
    if left >= 1:
        return Bucket(left - 1, now), 0.0
    return Bucket(left, now), (1 - left) * 60 / per_minute


def unverified(draft: LeadDraft) -> LeadDraft:
    """The lead of a visitor of whom nobody could say whether a robot sent it."""
    return replace(draft, details={**draft.details, "captcha": "unverified"})


def as_spam(draft: LeadDraft, reason: SpamReason) -> LeadDraft:
    """The lead as a robot's: it teaches nothing but its first identifier, and is said to nobody."""
    details = {**draft.details, "spam_reason": reason.value}
    first = draft.identifiers[:1]
    return replace(draft, own_state=LeadState.SPAM, identifiers=first, details=details)


def as_awaiting(draft: LeadDraft) -> LeadDraft | RefusedDraft:
    """The lead as it is until its person has confirmed it: all that counts is where to ask.

    Who it is is looked at again then, by everything that it says of them.
    """
    if "email" not in draft.card:
        return RefusedDraft("invalid", "email", "is needed, to ask for a confirmation")
    of_address = tuple(one for one in draft.identifiers if one.kind == "email")
    return replace(draft, own_state=LeadState.AWAITING_OPT_IN, identifiers=of_address)
