"""Pages as a browser signs in to them and a screen reader reads them, without either."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

from baton.auth import staff
from support.open_services import OpenService


@dataclass
class Page(HTMLParser):
    """What a screen reader would make of a page."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it, and note what somebody could not use."""
        self.counts[tag] += 1
        given = dict(attrs)
        if tag == "th" and "scope" not in given:
            self.faults.append("a heading of a table without a scope")
        if tag == "script" or "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"a script or a style in {tag}")
        if tag == "html" and not given.get("lang"):
            self.faults.append("no language")

    @override
    def handle_data(self, data: str) -> None:
        """Gather what is read."""
        self.text += data


def read(html: str) -> Page:
    """A page, read."""
    page = Page()
    page.feed(html)
    if page.counts["table"] != page.counts["caption"]:
        page.faults.append("a table without a caption")
    if page.counts["h1"] != 1:
        page.faults.append("not one heading of the first rank")
    return page


async def sign_in(opened: OpenService, role: str) -> None:
    """Sign somebody of this role in, as a browser does."""
    email = f"{role}@example.test"
    async with opened.service.transactions.begin() as tx:
        await staff.create_staff(tx, email=email, role=role, name="Somebody")
        token = await staff.make_sign_in_link(tx, email=email)
    form = (await opened.client.get("/sign-in/link", params={"token": token})).text
    _, _, rest = form.partition('name="csrf_token" value="')
    answer = {"token": token, "csrf_token": rest.partition('"')[0]}
    assert (await opened.client.post("/sign-in/link", data=answer)).status_code == 303


async def show(opened: OpenService, path: str = "/") -> str:
    """A page that must be there, and usable."""
    answer = await opened.client.get(path)
    assert answer.status_code == 200, answer.text
    assert read(answer.text).faults == []
    return answer.text
