"""The bus door: which topic's events go to which handler."""

from functools import partial

from baton.contracts.marketing import ContactCard, SourceDescribed
from baton.contracts.scoring import ProspectQualified, ProspectWithdrawn
from baton.contracts.topics import CATALOGUE, CONTACTS, LEADS, PROSPECTS
from baton.messaging.subscription import Subscription
from sales_routing.domain.offering import Clocks
from sales_routing.handlers.hear_catalogue import hear_catalogue
from sales_routing.handlers.hear_contacts import hear_contacts
from sales_routing.handlers.hear_people import EVENTS, hear_people
from sales_routing.handlers.hear_prospects import hear_prospects


def subscriptions(clocks: Clocks) -> tuple[Subscription, ...]:
    """What this service hears. Cards come first: a prospect of the same poll finds its card."""
    return (
        Subscription(CATALOGUE, hear_catalogue, (SourceDescribed,)),
        Subscription(CONTACTS, partial(hear_contacts, clocks=clocks), (ContactCard,)),
        Subscription(LEADS, partial(hear_people, clocks=clocks), EVENTS),
        Subscription(
            PROSPECTS,
            partial(hear_prospects, clocks=clocks),
            (ProspectQualified, ProspectWithdrawn),
        ),
    )
