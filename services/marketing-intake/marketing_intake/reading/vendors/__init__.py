"""Vendors: one small file each, and the one table that lists them; a new one is a file and a line.

A vendor's file verifies over the raw bytes and turns them into findings. It knows no database and
no HTTP framework, keeps no state, and maps by stable ids (`ref`, `column_id`), never by titles.
"""

from collections.abc import Mapping
from typing import Final

from marketing_intake.reading.vendors.google_ads import GOOGLE_ADS
from marketing_intake.reading.vendors.hubspot import HUBSPOT
from marketing_intake.reading.vendors.jotform import JOTFORM
from marketing_intake.reading.vendors.linkedin import LINKEDIN
from marketing_intake.reading.vendors.meta import META
from marketing_intake.reading.vendors.netlify import NETLIFY
from marketing_intake.reading.vendors.shape import Vendor
from marketing_intake.reading.vendors.tally import TALLY
from marketing_intake.reading.vendors.typeform import TYPEFORM
from marketing_intake.reading.vendors.webflow import WEBFLOW

ALL: Final = (
    GOOGLE_ADS,
    HUBSPOT,
    JOTFORM,
    LINKEDIN,
    META,
    NETLIFY,
    TALLY,
    TYPEFORM,
    WEBFLOW,
)

VENDORS: Final[Mapping[str, Vendor]] = {vendor.name: vendor for vendor in ALL}
