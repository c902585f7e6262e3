"""Words with one meaning everywhere: the states of a lead, channels, reasons, kinds of trait."""

from enum import StrEnum


class LeadState(StrEnum):
    """Where a lead is. It is always in exactly one state, or on its way between two of them.

    After qualification a lead's state is its prospect's.
    """

    CAPTURED = "captured"  # received, on its way to a decision
    QUALIFIED = "qualified"  # a prospect, on its way to a first holder

    REFUSED = "refused"
    SPAM = "spam"
    TEST = "test"
    AWAITING_OPT_IN = "awaiting_opt_in"
    DISQUALIFIED = "disqualified"
    NURTURED = "nurtured"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


ON_THE_WAY = frozenset({LeadState.CAPTURED, LeadState.QUALIFIED})


class Channel(StrEnum):
    """By which kind of door marketing reached the person."""

    DIRECT = "direct"
    ORGANIC_SEARCH = "organic_search"
    PAID_SEARCH = "paid_search"
    SOCIAL = "social"
    PAID_SOCIAL = "paid_social"
    EMAIL = "email"
    REFERRAL = "referral"
    DISPLAY = "display"
    EVENT = "event"
    PHONE = "phone"
    PRINT = "print"
    BROADCAST = "broadcast"
    PARTNER = "partner"
    OTHER = "other"
    UNKNOWN = "unknown"


class SourceKind(StrEnum):
    """How a source hands leads in."""

    API = "api"
    FORM = "form"
    WEBHOOK = "webhook"
    EMAIL = "email"
    IMPORT = "import"
    OFFLINE = "offline"


class SourceRole(StrEnum):
    """What a source is: something that marketing runs, somebody who brings leads, or a partner."""

    CAMPAIGN = "campaign"
    INDIVIDUAL = "individual"
    PARTNER = "partner"


class ActivityKind(StrEnum):
    """What a person did, or what happened to a message that was sent to them."""

    PAGE_VIEWED = "page_viewed"
    CONTENT_DOWNLOADED = "content_downloaded"
    FORM_STARTED = "form_started"
    SIGNED_UP = "signed_up"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    EMAIL_DELIVERED = "email_delivered"
    EMAIL_OPENED = "email_opened"
    EMAIL_CLICKED = "email_clicked"
    EMAIL_REPLIED = "email_replied"
    EMAIL_BOUNCED = "email_bounced"
    SPAM_REPORTED = "spam_reported"
    AD_CLICKED = "ad_clicked"
    EVENT_ATTENDED = "event_attended"
    WEBINAR_ATTENDED = "webinar_attended"
    MEETING_BOOKED = "meeting_booked"
    CALL_HELD = "call_held"
    DEMO_REQUESTED = "demo_requested"
    TRIAL_STARTED = "trial_started"
    PRODUCT_USED = "product_used"
    IDENTIFIED = "identified"
    OTHER = "other"


class Suspicion(StrEnum):
    """Why an activity is held to be a machine's and not a person's."""

    VENDOR_FLAG = "vendor_flag"
    KNOWN_AGENT = "known_agent"
    KNOWN_NETWORK = "known_network"
    LINK_SCAN = "link_scan"


class OverrideReason(StrEnum):
    """Why somebody puts a score of their own beside the machine's: words, for a text may name."""

    KNOWN_TO_US = "known_to_us"
    STRATEGIC = "strategic"
    WRONG_DATA = "wrong_data"
    NOT_A_BUYER = "not_a_buyer"
    OTHER = "other"


class EmailKind(StrEnum):
    """What an e-mail address says about its owner without naming them."""

    BUSINESS = "business"
    FREE = "free"
    DISPOSABLE = "disposable"
    NONE = "none"


class Seniority(StrEnum):
    """The rank that a job title speaks of."""

    OWNER = "owner"
    EXECUTIVE = "executive"
    DIRECTOR = "director"
    MANAGER = "manager"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Department(StrEnum):
    """The part of a company that a job title speaks of."""

    MANAGEMENT = "management"
    SALES = "sales"
    MARKETING = "marketing"
    FINANCE = "finance"
    OPERATIONS = "operations"
    TECHNOLOGY = "technology"
    PEOPLE = "people"
    LEGAL = "legal"
    PURCHASING = "purchasing"
    OTHER = "other"
    UNKNOWN = "unknown"


class Field(StrEnum):
    """Which fields a lead came with; a trait that identifies nobody."""

    EMAIL = "email"
    PHONE = "phone"
    EXTERNAL_ID = "external_id"
    NAME = "name"
    COMPANY = "company"
    JOB_TITLE = "job_title"
    COUNTRY = "country"
    MESSAGE = "message"


class ConsentPurpose(StrEnum):
    """What a person allows to be done with their data."""

    CONTACT = "contact"
    MARKETING = "marketing"


class Outcome(StrEnum):
    """How a pursuit ended."""

    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"


class ClosureReason(StrEnum):
    """Why a pursuit was lost or disqualified: the four P's, timing and fit."""

    PRODUCT = "product"
    PRICE = "price"
    PLACE = "place"
    PROMOTION = "promotion"
    TIMING = "timing"
    FIT = "fit"


class DealStage(StrEnum):
    """The steps of a sale, in order."""

    PROSPECTING = "prospecting"
    NEEDS_ASSESSMENT = "needs_assessment"
    QUESTIONS = "questions"
    COMMITMENT = "commitment"
    FOLLOW_UP = "follow_up"


class UnassignedReason(StrEnum):
    """Why a prospect has no holder at this moment."""

    WAITING_FOR_CARD = "waiting_for_card"
    NO_CAPACITY = "no_capacity"
    NO_REP = "no_rep"
    WITHDRAWN = "withdrawn"
