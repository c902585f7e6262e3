"""Kafka itself; the only room that knows aiokafka.

Everything that leaves it is ours: records, letters, `Unavailable`. Nothing in it waits for ever.
"""

from baton.messaging.kafka.access import KafkaAccess, Partition
from baton.messaging.kafka.listener import KafkaListener
from baton.messaging.kafka.sender import KafkaSender, Letter
from baton.messaging.kafka.topics import create_topics

__all__ = [
    "KafkaAccess",
    "KafkaListener",
    "KafkaSender",
    "Letter",
    "Partition",
    "create_topics",
]
