"""What a body turned out to hold: leads, activities, words about consent, or nothing of use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baton.contracts.vocabulary import ActivityKind, ConsentPurpose, Suspicion

Fields = Mapping[str, object]
"""Fields under the names of `LeadForm`; any other name is a further field, which is kept."""


@dataclass(frozen=True, slots=True)
class FoundLead:
    """A lead: its fields, and the vendor's own id of it, by which a repetition is recognised.

    `body` is its part of a body that holds several; None means the whole body.
    """

    fields: Fields
    key: str | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """Something that somebody did. `who` has fields of `LeadForm` that say who, and may have
    `anonymous_id`; `occurred_at` is RFC 3339 with a zone, None means now.

    `message_id` is the vendor's id of the message that was opened or clicked, `user_agent`, `ip`
    and `url` are what machines are recognised by; they are kept, and travel nowhere.
    """

    kind: ActivityKind
    who: Fields
    key: str | None = None
    occurred_at: str | None = None
    name: str | None = None
    campaign: str | None = None
    call_to_action: str | None = None
    message_id: str | None = None
    url: str | None = None
    user_agent: str | None = None
    ip: str | None = None
    suspicion: Suspicion | None = None
    withdraws: tuple[ConsentPurpose, ...] = ()
    grants: tuple[ConsentPurpose, ...] = ()
    details: Fields = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A lead that has to be fetched from the vendor: `reference` is all that came of it."""

    reference: Mapping[str, str]
    key: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class FoundDeletion:
    """The vendor says that the lead it sent under this key is to be forgotten."""

    lead_key: str
    key: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that is neither; `reason` is a word, such as `auto_reply` or `delivered`."""

    reason: str
    key: str | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """An item that could not be understood; `field` names the place, `detail` what was expected."""

    detail: str
    field: str | None = None
    body: bytes | None = None


Finding = FoundLead | FoundActivity | FoundReference | FoundDeletion | Ignored | Broken


class Unreadable(Exception):
    """The whole body is not of the shape that its vendor sends; the message says what was expected.

    It never repeats what came.
    """

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
