"""The people's door: marketing's own pages, server-rendered.

The rules of this room: a file for each group of pages; what a form does is done by a handler; what
another door can do is handed in (`Works`); words on a page are ours or escaped, and never come from
the address.
"""

from marketing_intake.web.pages import BODY_RULES, make_router

__all__ = ["BODY_RULES", "make_router"]
