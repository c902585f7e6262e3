"""Every metric of marketing-intake, on its own registry, beside the frame's."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()

RECEIVED = Counter(
    "baton_intake_leads", "Leads taken, by what they are at intake.", ("state",), registry=REGISTRY
)
REFUSED = Counter(
    "baton_intake_refused", "Leads refused and kept, by why.", ("kind",), registry=REGISTRY
)
RECORDED = Counter("baton_intake_activities", "Activities recorded.", registry=REGISTRY)
SUSPECTED = Counter(
    "baton_intake_suspicions",
    "Activities that were held to be a machine's before they were said, by why.",
    ("suspicion",),
    registry=REGISTRY,
)
RETRACTED = Counter(
    "baton_intake_retractions",
    "Activities that were taken back: the suspicion that a rule had, or by_hand.",
    ("why",),
    registry=REGISTRY,
)
TURNED_AWAY = Counter(
    "baton_intake_turned_away",
    "Requests that never became a payload: nobody we know, too large, no room.",
    ("reason",),
    registry=REGISTRY,
)
HOOKS = Counter(
    "baton_intake_hooks",
    "Requests of vendors, by how they were answered.",
    ("vendor", "answer"),
    registry=REGISTRY,
)
HOOK_FINDINGS = Counter(
    "baton_intake_hook_findings",
    "What vendors' requests held, by what became of it.",
    ("vendor", "outcome"),
    registry=REGISTRY,
)
WAITED = Histogram(
    "baton_intake_turn_seconds",
    "How long something waited for its turn under its source's limit.",
    buckets=(0.01, 0.1, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
COMMIT_LEADS = Histogram(
    "baton_intake_commit_leads",
    "Leads in one commit.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
    registry=REGISTRY,
)
COMMIT_SECONDS = Histogram(
    "baton_intake_commit_seconds", "Time that one commit of leads takes.", registry=REGISTRY
)
QUEUE = Gauge("baton_intake_queue_leads", "Leads waiting for their commit.", registry=REGISTRY)
REPLAYED = Counter(
    "baton_intake_idempotent_replays", "Answers given again for the same key.", registry=REGISTRY
)
IMPORT_ROWS = Counter(
    "baton_intake_import_rows",
    "Rows of imports that are accounted for, by what became of them.",
    ("outcome",),
    registry=REGISTRY,
)
FORM_SPAM = Counter(
    "baton_intake_form_spam",
    "Forms kept as spam, by what gave the robot away.",
    ("reason",),
    registry=REGISTRY,
)
CAPTCHAS = Counter(
    "baton_intake_captchas",
    "Visitors asked about, by provider and answer: passed, refused, or away.",
    ("provider", "answer"),
    registry=REGISTRY,
)
OPT_INS = Counter(
    "baton_intake_opt_ins",
    "Double opt-in: sent, undeliverable, withheld, confirmed, expired.",
    ("step",),
    registry=REGISTRY,
)
FETCHES = Counter(
    "baton_intake_fetches",
    "Leads that a vendor announced, by what came of asking for them: taken, refused, known, again,"
    " later, given_up.",
    ("vendor", "outcome"),
    registry=REGISTRY,
)
ENRICHMENTS = Counter(
    "baton_intake_enrichments",
    "Leads whose company a provider was to be asked about: enriched, unknown, failed, later"
    " (over its budget, or left alone), given_up, or nothing to ask about any more.",
    ("provider", "outcome"),
    registry=REGISTRY,
)
