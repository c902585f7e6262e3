"""What a service hears: which handler takes which topic's events."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from baton.contracts.envelope import Event, Tombstone
from baton.contracts.fact import Fact
from baton.contracts.marketing import ConsentChanged, PersonErased
from baton.contracts.topics import EVENT_TYPE_OF, Topic
from baton.transaction import Transaction

Heard = Event[Fact] | Tombstone
Handler = Callable[[Sequence[Heard], Transaction], Awaitable[None]]

ORDER_FREE: Final = frozenset({EVENT_TYPE_OF[ConsentChanged], EVENT_TYPE_OF[PersonErased]})
"""Types that overtake held events of their key: a withdrawal must not wait behind a mishap."""
FORGETS: Final = EVENT_TYPE_OF[PersonErased]
"""The type after which nothing held or parked of its key may remain."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic and the handler that takes its events, a batch at a time, in order per key.

    `events` are the types that the handler wants (None: all of the topic's); the others are passed
    over unread, which is what most of a busy topic is to a service that waits for a rare event.
    """

    topic: Topic
    handler: Handler
    events: tuple[type[Fact], ...] | None = None

    def types(self) -> frozenset[str]:
        """The CloudEvents types that the handler gets."""
        return frozenset(EVENT_TYPE_OF[fact] for fact in self.events or self.topic.events)
