"""The people's door: the policy that holds, and what was decided by it and why."""

from lead_scoring.web.pages import make_router

__all__ = ["make_router"]
