"""Who gets the credit for what was reached: each conversion is shared among the touches before it.

All models read the same touches, so they differ in nothing but how they weigh them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Final, assert_never

from baton.contracts.vocabulary import ActivityKind, Channel, ClosureReason
from marketing_intake.domain.sharing import COUNT_UNIT, money_unit, shared

TOUCHES_MAX: Final = 200
"""Of a longer way the first and the last hundred touches count, so that nobody's history, and no
bot's, makes a report slow; first and last touch are then what they are without the limit."""
MICROSECOND: Final = timedelta(microseconds=1)
HALF_LIFE: Final = timedelta(days=7)
WEIGHT_SCALE: Final = 10**18
DECAY: Final = Context(prec=20)
NO_TOUCH: Final = frozenset(
    {
        ActivityKind.EMAIL_DELIVERED,
        ActivityKind.EMAIL_BOUNCED,
        ActivityKind.SPAM_REPORTED,
        ActivityKind.UNSUBSCRIBED,
        ActivityKind.IDENTIFIED,
    }
)
"""What happens to a message or to a record, or turns away from us, has brought nobody here."""


class Model(StrEnum):
    """How the touches before a conversion are weighed."""

    FIRST_TOUCH = "first_touch"
    LAST_TOUCH = "last_touch"
    LINEAR = "linear"
    POSITION_BASED = "position_based"
    TIME_DECAY = "time_decay"


class Reached(StrEnum):
    """What a conversion is."""

    LEAD = "lead"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class Touch:
    """One moment at which marketing reached somebody: a lead of theirs, or an activity."""

    id: str
    happened_at: datetime
    source_id: str
    channel: Channel
    campaign_id: str | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """Something that was reached with a person: a lead came, a prospect was taken or closed.

    `lead_ids` are the leads that it speaks for. Amount and currency are there together or not.
    """

    id: str
    reached: Reached
    happened_at: datetime
    lead_ids: frozenset[str]
    amount: Decimal | None = None
    currency: str | None = None
    reason: ClosureReason | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A touch's part of a conversion. Without a touch: nobody knows what brought it."""

    touch: Touch | None
    conversion: Conversion
    share: Decimal
    amount: Decimal | None


def credited(
    conversions: Iterable[Conversion], touches: Iterable[Touch], model: Model
) -> list[Credit]:
    """The credits of one person's conversions; touches are of all ids that the person has.

    Neither the order nor the repetition of touches matters. The credits of a conversion add up to
    exactly one, and to exactly its amount; a touch that gets nothing has no credit.
    """
    way = _in_order(touches)
    return [credit for conversion in conversions for credit in _credits_of(conversion, way, model)]


def way_to(conversion: Conversion, way: Sequence[Touch]) -> Sequence[Touch]:
    """The touches that a conversion is credited to, of a person's touches in order.

    They are those up to the moment itself. The leads that it speaks for count even if they are
    dated later: clocks differ, and a lead may be entered after the deal that it led to.
    """
    end = bisect_right(way, conversion.happened_at, key=attrgetter("happened_at"))
    late = [touch for touch in way[end:] if touch.id in conversion.lead_ids]
    before = way if end == len(way) else [*way[:end], *late]
    half = TOUCHES_MAX // 2
    return before if len(before) <= TOUCHES_MAX else [*before[:half], *before[-half:]]


def weights(model: Model, way: Sequence[Touch]) -> list[int]:
    """How much each touch of a way counts against the others.

    - First and last touch: all to that one.
    - Linear: all the same.
    - Position-based: 40 % to the first, 40 % to the last, 20 % shared by those between; of two
      touches each has half, and one has all.
    - Time decay: a touch counts half as much as one that came a half-life (7 days) later.
    """
    count = len(way)
    match model:
        case Model.FIRST_TOUCH:
            return [1] + [0] * (count - 1)
        case Model.LAST_TOUCH:
            return [0] * (count - 1) + [1]
        case Model.LINEAR:
            return [1] * count
        case Model.POSITION_BASED:
            between = count - 2
            return [1] * count if between < 1 else [2 * between, *[1] * between, 2 * between]
        case Model.TIME_DECAY:
            # Counted from the newest: only the proportions matter, and so one never vanishes.
            return [_decayed(way[-1].happened_at - touch.happened_at) for touch in way]
        case _:
            assert_never(model)


def _credits_of(conversion: Conversion, way: Sequence[Touch], model: Model) -> Iterable[Credit]:
    path = way_to(conversion, way)
    if not path:
        yield Credit(None, conversion, Decimal(1), conversion.amount)
        return
    if len(path) == 1:
        yield Credit(path[0], conversion, Decimal(1), conversion.amount)
        return
    weighed = weights(model, path)
    shares = shared(Decimal(1), weighed, COUNT_UNIT)
    amounts: Sequence[Decimal | None] = [None] * len(path)
    if conversion.amount is not None and conversion.currency is not None:
        unit = money_unit(conversion.amount, conversion.currency)
        amounts = shared(conversion.amount, weighed, unit)
    for touch, share, amount in zip(path, shares, amounts, strict=True):
        if share or amount:
            yield Credit(touch, conversion, share, amount)


def _in_order(touches: Iterable[Touch]) -> list[Touch]:
    """Each once, by time and then by id: the order in which remainders are given away, too."""
    return sorted(
        {touch.id: touch for touch in touches}.values(), key=attrgetter("happened_at", "id")
    )


def _decayed(age: timedelta) -> int:
    half_lives = DECAY.divide(age // MICROSECOND, HALF_LIFE // MICROSECOND)
    return int(DECAY.multiply(DECAY.power(2, -half_lives), WEIGHT_SCALE))
