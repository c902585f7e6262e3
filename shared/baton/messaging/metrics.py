"""What can be seen of the bus from outside: one line of meaning for each metric."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BATCH_BUCKETS: Final = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
OUTCOMES: Final = ("ok", "duplicate", "skipped", "held", "parked")


class MessagingMetrics:
    """The metrics of one service's consumer, relay, parking, timers and work."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._declare_consumer(registry)
        self._declare_relay(registry)
        self._declare_books(registry)

    def _declare_consumer(self, registry: CollectorRegistry) -> None:
        self.records = Counter(
            "baton_consumer_records",
            "Records read, by what became of them.",
            ("topic", "outcome"),
            registry=registry,
        )
        self.batch_seconds = Histogram(
            "baton_consumer_batch_seconds",
            "Time from a batch in hand to its commit.",
            ("topic",),
            registry=registry,
        )
        self.batch_size = Histogram(
            "baton_consumer_batch_records",
            "Records handled in one transaction.",
            ("topic",),
            buckets=BATCH_BUCKETS,
            registry=registry,
        )
        self.failures = Counter(
            "baton_consumer_failures",
            "Batches that raised, by the verdict on them.",
            ("topic", "verdict"),
            registry=registry,
        )
        self.lag_records = Gauge(
            "baton_consumer_lag_records",
            "Records in the topic that this member has not handled yet.",
            ("topic", "partition"),
            registry=registry,
        )
        self.lag_seconds = Gauge(
            "baton_consumer_lag_seconds",
            "Age of the oldest record not handled yet; 0 when there is none.",
            ("topic", "partition"),
            registry=registry,
        )
        self.assigned = Gauge(
            "baton_consumer_assigned_partitions",
            "Partitions that the group has given to this member.",
            registry=registry,
        )
        self.rebalances = Counter(
            "baton_consumer_rebalances", "Times that partitions were taken away.", registry=registry
        )
        self.is_stopped = Gauge(
            "baton_consumer_stopped",
            "1 when too many messages in a row were parked and the consumer waits for a person.",
            registry=registry,
        )
        self.last_poll = Gauge(
            "baton_consumer_last_poll_timestamp_seconds",
            "When the consumer last asked Kafka for records.",
            registry=registry,
        )
        self.timer_runs = Counter(
            "baton_timer_runs", "Runs of a timer.", ("timer", "outcome"), registry=registry
        )
        self.loop_restarts = Counter(
            "baton_loop_restarts",
            "Times that a loop failed and began again.",
            ("loop",),
            registry=registry,
        )

    def _declare_relay(self, registry: CollectorRegistry) -> None:
        self.published = Counter(
            "baton_relay_published",
            "Events that Kafka acknowledged.",
            ("topic",),
            registry=registry,
        )
        self.publish_failures = Counter(
            "baton_relay_failures", "Sends that Kafka did not acknowledge.", registry=registry
        )
        self.shards = Gauge(
            "baton_relay_shards", "Outbox shards that this process publishes.", registry=registry
        )

    def _declare_books(self, registry: CollectorRegistry) -> None:
        self.outbox_rows = Gauge(
            "baton_outbox_rows", "Events that are durable and not published yet.", registry=registry
        )
        self.outbox_age = Gauge(
            "baton_outbox_oldest_seconds",
            "Age of the oldest event that is not published yet.",
            registry=registry,
        )
        self.parked = Gauge(
            "baton_parked_messages",
            "Messages set aside, by status: held (tried again) or parked (waits for a person).",
            ("status",),
            registry=registry,
        )
        self.work_rows = Gauge(
            "baton_work_rows",
            "Outside effects that are due or failed.",
            ("state",),
            registry=registry,
        )
        self.books_closed = Gauge(
            "baton_books_closed_timestamp_seconds",
            "When rows and evidence were compared last.",
            registry=registry,
        )
        self.unaccounted = Gauge(
            "baton_leads_unaccounted",
            "Leads or facts that rows and evidence disagree about. It must be 0.",
            registry=registry,
        )
        self.leads = Gauge(
            "baton_leads", "Leads by the state they are in.", ("state",), registry=registry
        )
        self.on_the_way = Gauge(
            "baton_leads_on_the_way",
            "Leads between two states, by where the evidence of them lies.",
            ("where",),
            registry=registry,
        )
