"""The people's door: one page with live numbers, open offers and the latest hand-offs."""

from sales_routing.web.pages import make_router

__all__ = ["make_router"]
