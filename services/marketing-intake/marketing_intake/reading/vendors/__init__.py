"""Vendors: one small file each, and the one table that lists them; a new one is a file and a line.

A vendor's file verifies over the raw bytes and turns them into findings. It knows no database and
no HTTP framework, keeps no state, and maps by stable ids (`ref`, `column_id`), never by titles.
"""

from collections.abc import Mapping
from typing import Final

from marketing_intake.reading.vendors.cloudevents import CLOUDEVENTS
from marketing_intake.reading.vendors.generic import GENERIC
from marketing_intake.reading.vendors.google_ads import GOOGLE_ADS
from marketing_intake.reading.vendors.hubspot import HUBSPOT
from marketing_intake.reading.vendors.jotform import JOTFORM
from marketing_intake.reading.vendors.linkedin import LINKEDIN
from marketing_intake.reading.vendors.mailchimp import MAILCHIMP
from marketing_intake.reading.vendors.mailgun_events import MAILGUN_EVENTS
from marketing_intake.reading.vendors.mailgun_routes import MAILGUN_ROUTES
from marketing_intake.reading.vendors.meta import META
from marketing_intake.reading.vendors.netlify import NETLIFY
from marketing_intake.reading.vendors.postmark_events import POSTMARK_EVENTS
from marketing_intake.reading.vendors.postmark_inbound import POSTMARK_INBOUND
from marketing_intake.reading.vendors.segment import SEGMENT
from marketing_intake.reading.vendors.sendgrid_events import SENDGRID_EVENTS
from marketing_intake.reading.vendors.sendgrid_inbound import SENDGRID_INBOUND
from marketing_intake.reading.vendors.shape import Vendor
from marketing_intake.reading.vendors.tally import TALLY
from marketing_intake.reading.vendors.typeform import TYPEFORM
from marketing_intake.reading.vendors.webflow import WEBFLOW

ALL: Final = (
    CLOUDEVENTS,
    GENERIC,
    GOOGLE_ADS,
    HUBSPOT,
    JOTFORM,
    LINKEDIN,
    MAILCHIMP,
    MAILGUN_EVENTS,
    MAILGUN_ROUTES,
    META,
    NETLIFY,
    POSTMARK_EVENTS,
    POSTMARK_INBOUND,
    SEGMENT,
    SENDGRID_EVENTS,
    SENDGRID_INBOUND,
    TALLY,
    TYPEFORM,
    WEBFLOW,
)

VENDORS: Final[Mapping[str, Vendor]] = {vendor.name: vendor for vendor in ALL}
