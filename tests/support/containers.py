"""Kafka and PostgreSQL in containers, where Docker is there and it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.infrastructure import Addresses


@contextmanager
def running_containers() -> Iterator[Addresses]:
    """Both servers, until the run ends; without Docker the run ends with a sentence."""
    from docker.errors import DockerException  # type: ignore[import-untyped]  # it has none
    from testcontainers.community.kafka import KafkaContainer
    from testcontainers.community.postgres import PostgresContainer

    try:
        with (
            PostgresContainer("postgres:18", driver=None) as postgres,
            KafkaContainer().with_kraft() as kafka,
        ):
            yield Addresses(kafka.get_bootstrap_server(), postgres.get_connection_url())
    except DockerException:
        pytest.exit("BATON_TEST_INFRA=testcontainers needs a Docker engine, and none answers.", 2)
