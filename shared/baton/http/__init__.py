"""The HTTP door that all services share: problems, limits, context, cursors, who is asking.

The rules of this room: nothing a client sends is echoed or logged; every failure is a problem
document; everything that is read has a limit.
"""

from baton.auth.api_keys import Identity
from baton.auth.require import require
from baton.http.cursors import PAGE_MAX, Cursors, Page
from baton.http.origin import request_origin
from baton.http.problems import PROBLEMS
from baton.http.text import Line, PathUuid, Uuid, storable

__all__ = [
    "PAGE_MAX",
    "PROBLEMS",
    "Cursors",
    "Identity",
    "Line",
    "Page",
    "PathUuid",
    "Uuid",
    "request_origin",
    "require",
    "storable",
]
