"""The rows of marketing-intake, on its own metadata.

What may hold personal data is marked with how it is erased.
"""

from baton.tables import frame_tables
from marketing_intake.tables.arrivals import (
    ActivityRow,
    IdempotencyRow,
    PayloadRow,
    StrayRow,
    TraitValueRow,
)
from marketing_intake.tables.base import ERASED, METADATA
from marketing_intake.tables.campaigns import CallToActionRow, CampaignCostRow, PursuitStepRow
from marketing_intake.tables.catalogue import CampaignRow, SourceRow
from marketing_intake.tables.consent import ConsentRow, SuppressionRow
from marketing_intake.tables.contracts import RetentionMarkRow, SourceContractRow, SourceDayRow
from marketing_intake.tables.enrichment import (
    EnrichmentAnswerRow,
    EnrichmentDayRow,
    EnrichmentProviderRow,
    LeadEnrichmentRow,
)
from marketing_intake.tables.forms import FormKeyRow, OptInRow
from marketing_intake.tables.identity import (
    CandidateRow,
    LikenessRow,
    MatchRulesRow,
    PepperRow,
    SharedAddressRow,
    WalkRow,
)
from marketing_intake.tables.imports import ImportChunkRow, ImportRefusalRow, ImportRow
from marketing_intake.tables.leads import LeadRow, LeadStepRow, RepRow
from marketing_intake.tables.machines import RetractionEffectRow, RetractionRow
from marketing_intake.tables.people import BurialRow, IdentifierRow, KinRow, MergeRow, PersonRow

frame_tables(METADATA)

__all__ = [
    "ERASED",
    "METADATA",
    "ActivityRow",
    "BurialRow",
    "CallToActionRow",
    "CampaignCostRow",
    "CampaignRow",
    "CandidateRow",
    "ConsentRow",
    "EnrichmentAnswerRow",
    "EnrichmentDayRow",
    "EnrichmentProviderRow",
    "FormKeyRow",
    "IdempotencyRow",
    "IdentifierRow",
    "ImportChunkRow",
    "ImportRefusalRow",
    "ImportRow",
    "KinRow",
    "LeadEnrichmentRow",
    "LeadRow",
    "LeadStepRow",
    "LikenessRow",
    "MatchRulesRow",
    "MergeRow",
    "OptInRow",
    "PayloadRow",
    "PepperRow",
    "PersonRow",
    "PursuitStepRow",
    "RepRow",
    "RetentionMarkRow",
    "RetractionEffectRow",
    "RetractionRow",
    "SharedAddressRow",
    "SourceContractRow",
    "SourceDayRow",
    "SourceRow",
    "StrayRow",
    "SuppressionRow",
    "TraitValueRow",
    "WalkRow",
]
