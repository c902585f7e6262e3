"""The people's door: the line, the policies that drew and will draw it, and whom it parts.

The rules of this room: a file for each group of pages; what a form does is done by a handler; words
on a page are ours or escaped, and never come from the address. Nothing here names a person.
"""

from lead_scoring.web.pages import BODY_RULES, make_router

__all__ = ["BODY_RULES", "make_router"]
