"""Every metric of lead-scoring, on its own registry, beside the frame's."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()
RESULTS: Final = ("qualified", "nurtured", "disqualified", "rescored", "undone")
POINTS: Final = (-50, -20, -10, 0, 10, 20, 30, 40, 50, 60, 80, 100, 150)

DECISIONS: Final = Counter(
    "baton_scoring_decisions",
    "Decisions and scores with a receipt, by what they were.",
    ("result",),
    registry=REGISTRY,
)
SCORES: Final = Histogram(
    "baton_scoring_points",
    "Points of decided leads, fit and engagement together; test leads have none.",
    buckets=POINTS,
    registry=REGISTRY,
)
WITHDRAWN: Final = Counter(
    "baton_scoring_withdrawn", "Prospects taken back after the hand-off.", registry=REGISTRY
)
OUTCOMES: Final = Counter(
    "baton_scoring_outcomes", "Outcomes heard, by what they were.", ("outcome",), registry=REGISTRY
)
POLICY_VERSION: Final = Gauge(
    "baton_scoring_policy_version", "The version that decisions are made by.", registry=REGISTRY
)
DIFFED: Final = Counter(
    "baton_scoring_diffed_people", "People compared under two policies.", registry=REGISTRY
)
RESCORED: Final = Counter(
    "baton_scoring_rescored_people",
    "Open people looked at again because another version holds.",
    registry=REGISTRY,
)
RESCORING_LEFT: Final = Gauge(
    "baton_scoring_rescoring_left",
    "Open people who are still to be looked at since a version was published.",
    registry=REGISTRY,
)

# Label sets that are there from the start, so that a rate sees the first increase.
for _result in RESULTS:
    DECISIONS.labels(_result)
