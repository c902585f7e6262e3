"""The people's door: what became of the leads, and what each source brought."""

from marketing_intake.web.pages import make_router

__all__ = ["make_router"]
