"""Pages: templates of a service inside the common skin, with a strict content policy."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from baton.web.masks import mask_email, mask_name, mask_phone

FOLDER: Final = Path(__file__).parent
STYLE: Final = (FOLDER / "static" / "baton.css").read_bytes()
ICON: Final = (FOLDER / "static" / "baton.svg").read_bytes()
STYLE_VERSION: Final = hashlib.sha256(STYLE).hexdigest()[:12]
REFRESH_SECONDS: Final = 10
"""How often a page loads itself again for somebody who has asked it to (`is_live`)."""
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


Nav = Sequence[tuple[str, str]]
"""The pages of a service: path and title, in the order in which they are shown."""


class Pages:
    """Renders the templates of one service."""

    def __init__(self, service: str, templates: Path | None = None, *, nav: Nav = ()) -> None:
        self._nav = nav
        folders = [folder for folder in (templates, FOLDER / "templates") if folder is not None]
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "service": service,
            "nav": nav,
            "style_version": STYLE_VERSION,
            "refresh_seconds": REFRESH_SECONDS,
        }
        self._environment.filters |= {
            "mask_email": mask_email,
            "mask_name": mask_name,
            "mask_phone": mask_phone,
            "number": grouped,
            "day": day,
            "instant": instant,
            "lapse": lapse,
            "money": money,
            "percent": percent,
            "points": points,
        }

    def render(
        self, request: Request, name: str, context: Mapping[str, Any], *, status: int = 200
    ) -> HTMLResponse:
        """A page. `person` is who is signed in, or None."""
        person = context.get("person")
        path = request.url.path
        html = self._environment.get_template(name).render(
            {**context, "person": person, "path": path, "section": self._section(path)}
        )
        return HTMLResponse(html, status, headers=HEADERS)

    def _section(self, path: str) -> str:
        """The page of the navigation that a path belongs to: the longest that it begins with."""
        parents = [one for one, _ in self._nav if path == one or path.startswith(f"{one}/")]
        return max(parents, key=len, default="")


def make_static_router() -> APIRouter:
    """`/static/baton.css`, which browsers may keep: its address changes with it; and the icon."""
    router = APIRouter()

    @router.get("/static/baton.css", include_in_schema=False)
    async def style() -> Response:
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(STYLE, media_type="text/css", headers=headers)

    @router.get("/static/baton.svg", include_in_schema=False)
    async def icon() -> Response:
        headers = {"cache-control": "public, max-age=86400"}
        return Response(ICON, media_type="image/svg+xml", headers=headers)

    return router


def grouped(number: float | None) -> str:
    """`12 345`, with a narrow space; an em dash for nothing."""
    if number is None:
        return "—"
    text = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"
    return text.replace(",", "\N{NARROW NO-BREAK SPACE}")


def money(amount: Decimal) -> str:
    """`12 345.50`: always two digits, so that a column of amounts stays readable; a true minus."""
    text = f"{amount:,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return text.replace("-", "\N{MINUS SIGN}")


def points(number: float) -> str:
    """`+20`, or its opposite with a true minus sign: what a rule gave or took."""
    return f"{number:+g}".replace("-", "\N{MINUS SIGN}")


def percent(share: float | None) -> str:
    """A share as per cent with one digit."""
    return "—" if share is None else f"{100 * share:.1f} %"


def day(one: date | None) -> str:
    """A day; an em dash for none."""
    return "—" if one is None else one.isoformat()


def lapse(seconds: float | None) -> str:
    """How long something took, in the unit that says it shortest: `40 ms`, `2 h`, `3 d`."""
    if seconds is None:
        return ""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= 2 * size:
            return f"{grouped(round(seconds / size))} {unit}"
    return f"{seconds:.1f} s" if abs(seconds) >= 1 else f"{round(1000 * seconds)} ms"


def instant(moment: datetime | None) -> str:
    """A moment in UTC, to the second."""
    return "—" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
