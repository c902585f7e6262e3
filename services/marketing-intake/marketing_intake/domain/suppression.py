"""Who must not be brought back by a list, and who may bring themselves back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from baton.contracts.vocabulary import ActivityKind, SourceKind, SourceRole
from marketing_intake.domain.identity import Identifier
from marketing_intake.domain.source import Source

OWN_KINDS: Final = frozenset(
    {SourceKind.API, SourceKind.FORM, SourceKind.WEBHOOK, SourceKind.EMAIL}
)
"""Kinds of source whose leads come at the moment that the person sends something.

A file is somebody's list, and what is recorded offline was typed by somebody else.
"""
OWN_ACTIVITIES: Final = frozenset(
    {
        ActivityKind.CONTENT_DOWNLOADED,
        ActivityKind.SIGNED_UP,
        ActivityKind.SUBSCRIBED,
        ActivityKind.EMAIL_REPLIED,
        ActivityKind.MEETING_BOOKED,
        ActivityKind.DEMO_REQUESTED,
        ActivityKind.TRIAL_STARTED,
    }
)
"""What a person does of their own will. Opens and clicks of old messages go on after an erasure."""
KEPT_KINDS: Final = ("email", "phone", "external:")
"""Beginnings of the kinds of identifier that are suppressed; a browser may be shared."""


def speaks_for_the_person(source: Source) -> bool:
    """Whether what this source sends is the person's own act: a partner's only through a form."""
    if source.role is SourceRole.PARTNER:
        return source.kind is SourceKind.FORM
    return source.kind in OWN_KINDS


def is_suppressible(identifier: Identifier) -> bool:
    """Whether this identifier is remembered, as a keyed hash, when its person is forgotten."""
    return identifier.kind.startswith(KEPT_KINDS)


def suppressed_by(
    identifiers: Sequence[Identifier],
    known: Mapping[Identifier, str],
    hits: Iterable[Identifier],
) -> bool:
    """Whether whoever has these identifiers, strongest first, is somebody who was forgotten.

    As when a person is found: the first identifier that says anything decides. One that somebody
    is known by now says that it is them; but what nobody has lifted is suppressed, though a robot
    or an unconfirmed form has named it since.
    """
    suppressed = set(hits)
    for identifier in identifiers:
        if identifier in suppressed:
            return True
        if identifier in known:
            return False
    return False


Mark = Callable[[Identifier], bytes]
"""Makes the keyed hash by which an identifier is recognised again."""
