"""Which partition a key goes to."""

from aiokafka.partitioner import murmur2 as slow_murmur2
from hypothesis import given
from hypothesis import strategies as st

from baton.messaging.kafka.sender import murmur2


@given(st.binary(max_size=80))
def test_the_hash_is_the_one_that_kafka_clients_use(key: bytes) -> None:
    assert murmur2(key) == slow_murmur2(key) & 0xFFFF_FFFF
