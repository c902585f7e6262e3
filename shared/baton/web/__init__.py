"""The people's door: one skin for all services, server-rendered, without a build step.

The rules of this room: every value is escaped; no script and no style inline; what names a person
is masked unless the reader's role may see it.
"""

from baton.web.masks import mask_email, mask_name, mask_phone
from baton.web.pages import Nav, Pages, make_static_router

__all__ = ["Nav", "Pages", "make_static_router", "mask_email", "mask_name", "mask_phone"]
