"""Every metric of sales-routing, on its own registry, with one line of meaning each."""

from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram

from baton.contracts.vocabulary import UnassignedReason
from sales_routing.domain.prospect import ProspectState

REGISTRY: Final = CollectorRegistry()
FORM_TO_OFFER_BUCKETS: Final = (
    *(0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.5),
    *(5.0, 10.0, 30.0, 60.0, 300.0, 3600.0),
)

FORM_TO_OFFER: Final = Histogram(
    "baton_form_to_offer_seconds",
    "From a lead's request received to its prospect's first offer committed.",
    buckets=FORM_TO_OFFER_BUCKETS,
    registry=REGISTRY,
)
PROSPECTS: Final = Gauge(
    "baton_routing_prospects", "Prospects by state.", ("state",), registry=REGISTRY
)
OPEN_OFFERS: Final = Gauge(
    "baton_routing_open_offers", "Offers that wait for an answer.", registry=REGISTRY
)
UNASSIGNED: Final = Gauge(
    "baton_routing_unassigned_prospects",
    "Prospects that nobody holds, by the reason.",
    ("reason",),
    registry=REGISTRY,
)
OLDEST_UNASSIGNED: Final = Gauge(
    "baton_routing_oldest_unassigned_seconds",
    "Age of the oldest prospect that nobody holds, since its lead was received; 0 without one.",
    registry=REGISTRY,
)
DEADLINES_SHIFTED: Final = Gauge(
    "baton_routing_deadlines_shifted",
    "Deadlines of open offers that were moved because Baton had stood still, ever.",
    registry=REGISTRY,
)
STANDSTILLS: Final = Gauge(
    "baton_routing_standstills",
    "Times that nobody could answer because Baton had stood still, ever.",
    registry=REGISTRY,
)

# Label sets that are there from the start, so that a rate sees the first increase.
for _state in ProspectState:
    PROSPECTS.labels(_state.value)
for _reason in UnassignedReason:
    UNASSIGNED.labels(_reason.value)
