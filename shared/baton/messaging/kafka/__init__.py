"""Kafka itself; the only room that knows aiokafka.

Everything that leaves it is ours: records, letters, `Unavailable`. Nothing in it waits for ever.
"""

from baton.messaging.kafka.access import KafkaAccess, Partition, access_of
from baton.messaging.kafka.listener import KafkaListener
from baton.messaging.kafka.reader import KafkaReader, open_topic
from baton.messaging.kafka.sender import KafkaSender, Letter
from baton.messaging.kafka.topics import create_topics

__all__ = [
    "KafkaAccess",
    "KafkaListener",
    "KafkaReader",
    "KafkaSender",
    "Letter",
    "Partition",
    "access_of",
    "create_topics",
    "open_topic",
]
