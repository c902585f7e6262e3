"""A log between relay and consumer that loses, repeats and breaks off as it is told to."""

import zlib
from collections.abc import Sequence

from baton.contracts.topics import LEADS
from baton.errors import Unavailable
from baton.messaging.kafka import Letter
from baton.messaging.record import Record

PARTITIONS = 2


class UnsteadyLog:
    """What Kafka is to a relay and a consumer; it fails in the ways that it is told to."""

    def __init__(self) -> None:
        self.records: list[list[Record]] = [[] for _ in range(PARTITIONS)]
        self.losing: set[str] = set()
        self.echoing: set[str] = set()
        self.breaks_off = False

    async def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Keep the letters. Of each losing and echoing key the next letter, and no other, is hurt.

        A lost one is not kept; an echoing one is kept, but its acknowledgement is lost.
        """
        results = []
        for letter in letters:
            is_lost, is_unheard = letter.key in self.losing, letter.key in self.echoing
            self.losing.discard(letter.key)
            self.echoing.discard(letter.key)
            if not is_lost:
                self._keep(letter)
            results.append(not is_lost and not is_unheard)
        if self.breaks_off:
            raise Unavailable("the broker went away in mid-send")
        return results

    async def stop(self) -> None:
        """Nothing to let go."""

    def _keep(self, letter: Letter) -> None:
        partition = zlib.crc32(letter.key.encode()) % PARTITIONS
        records = self.records[partition]
        records.append(
            Record(
                topic=LEADS.name,
                partition=partition,
                offset=len(records),
                key=letter.key,
                value=letter.value,
                headers=dict(letter.headers),
                timestamp_ms=0,
            )
        )
