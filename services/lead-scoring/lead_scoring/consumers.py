"""The bus door: which events of which topic go to which handler."""

from typing import Final

from baton.contracts.marketing import (
    ActivityRecorded,
    ActivityRetracted,
    ConsentChanged,
    LeadCaptured,
    LeadEnriched,
    PeopleMerged,
    PeopleUnmerged,
    PersonErased,
    SourceDescribed,
)
from baton.contracts.sales import DealClosed, OutcomeCorrected
from baton.contracts.topics import CATALOGUE, HANDOFFS, LEADS
from baton.messaging.subscription import Subscription
from lead_scoring.handlers.hear_catalogue import hear_catalogue
from lead_scoring.handlers.hear_marketing import hear_marketing
from lead_scoring.handlers.hear_sales import hear_sales

SUBSCRIPTIONS: Final = (
    Subscription(CATALOGUE, hear_catalogue, events=(SourceDescribed,)),
    Subscription(
        LEADS,
        hear_marketing,
        events=(
            LeadCaptured,
            ActivityRecorded,
            ActivityRetracted,
            LeadEnriched,
            PeopleMerged,
            PeopleUnmerged,
            ConsentChanged,
            PersonErased,
        ),
    ),
    Subscription(HANDOFFS, hear_sales, events=(DealClosed, OutcomeCorrected)),
)
