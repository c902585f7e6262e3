"""Topics, created by a command with the settings that each needs."""

from collections.abc import Sequence
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from baton.contracts.topics import Topic
from baton.errors import Unavailable
from baton.messaging.kafka.access import KafkaAccess

FOREVER: Final = "-1"


async def create_topics(
    access: KafkaAccess, topics: Sequence[Topic], *, partitions: int, replicas: int
) -> list[str]:
    """Create the topics that are not there, with the settings that each needs; returns their names.

    A topic that is there is left as it is: its partition count never changes in place.
    Raises `Unavailable` when Kafka is away.
    """
    admin = AIOKafkaAdminClient(**access.options())
    created: list[str] = []
    try:
        await admin.start()
        for topic in topics:
            name = access.topic_prefix + topic.name
            answer = await admin.create_topics([_new_topic(name, topic, partitions, replicas)])
            if _is_created(answer):
                created.append(topic.name)
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka is not reachable: {type(error).__name__}") from error
    finally:
        await admin.close()
    return created


def _is_created(answer: object) -> bool:
    for _, code, *_ in answer.topic_errors:  # type: ignore[attr-defined]  # aiokafka is untyped
        error = for_code(code)
        if error is TopicAlreadyExistsError:
            return False
        if code != 0:
            raise error()
    return True


def _new_topic(name: str, topic: Topic, partitions: int, replicas: int) -> NewTopic:
    settings = {"retention.ms": FOREVER, "min.insync.replicas": str(max(1, replicas - 1))}
    if topic.is_compacted:
        settings |= {
            "cleanup.policy": "compact",
            "max.compaction.lag.ms": "86400000",
            "delete.retention.ms": "604800000",
            "segment.ms": "3600000",
        }
    return NewTopic(name, partitions, replicas, topic_configs=settings)
