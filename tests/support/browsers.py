"""A real browser, and pages as somebody who is signed in sees them with it."""

import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, Response, async_playwright
from starlette.types import ASGIApp
from typing_extensions import override

from baton.auth import staff
from support.eventually import eventually
from support.open_services import OpenService

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WAIT_MILLISECONDS = 10_000
FAULTS_SCRIPT = """
() => {
  const faults = [];
  for (const one of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    const named = one.labels.length || one.getAttribute('aria-label');
    if (!named) faults.push(`a field without a label: ${one.name}`);
  }
  let rank = 0;
  for (const one of document.querySelectorAll('h1, h2, h3, h4')) {
    const own = Number(one.tagName[1]);
    if (own > rank + 1) faults.push(`a heading that skips a rank: ${one.textContent}`);
    rank = own;
  }
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  for (const one of document.querySelectorAll('svg')) {
    const hidden = one.getAttribute('aria-hidden') === 'true';
    const named = one.getAttribute('aria-label') || one.querySelector('title');
    if (!hidden && !named) faults.push('a picture without words');
  }
  if (document.querySelector('img:not([alt])')) faults.push('an image without alt');
  for (const one of document.querySelectorAll('a, button')) {
    const words = one.textContent.trim() || one.getAttribute('aria-label');
    if (!words) faults.push(`nothing to read: ${one.outerHTML}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) faults.push('an id twice');
  for (const one of document.querySelectorAll('[aria-labelledby]')) {
    for (const id of one.getAttribute('aria-labelledby').split(' ')) {
      if (!document.getElementById(id)) faults.push(`nothing is called ${id}`);
    }
  }
  if (document.documentElement.scrollWidth > window.innerWidth) {
    faults.push('the page is wider than the window');
  }
  return faults;
}
"""
"""What somebody could not use who sees with their ears, or on a small screen."""


class _Server(uvicorn.Server):
    """A server among tests: signals are the test runner's."""

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@dataclass
class Reader:
    """Somebody with a browser window; what went wrong in it is gathered."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    async def visit(self, path: str) -> Response:
        """Go to a page, which must be there."""
        answer = await self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer

    async def unusable(self) -> list[str]:
        """What is wrong with the page that is shown."""
        found: list[str] = await self.page.evaluate(FAULTS_SCRIPT)
        return found

    async def text(self) -> str:
        """What the page says."""
        return await self.page.inner_text("main")

    def path(self) -> str:
        """Where the browser is."""
        return self.page.url.removeprefix(self.address)

    def hear(self, message: ConsoleMessage) -> None:
        """The browser complains: an error, or something that the content policy forbids."""
        if message.type in ("error", "warning"):
            self.faults.append(message.text)


def browser_path() -> str:
    """The browser of this machine. Fails, and says what to install, when there is none."""
    named = os.environ.get("BATON_TEST_BROWSER")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, (
        "the tests of pages need a browser: `make browser` installs Debian's chromium, or install "
        "chromium or Google Chrome yourself and name it in BATON_TEST_BROWSER"
    )
    return found


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """The browser, without a window."""
    async with async_playwright() as playwright:
        # Its sandbox needs rights that containers do not give; what it sees here is our own.
        browser = await playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The door on a port of this machine; the database behind it is opened by whoever asks."""
    import asyncio

    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(server.serve(sockets=[listening]))

        async def is_up() -> bool:
            return server.started

        await eventually(is_up)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await running


@asynccontextmanager
async def reading(
    browser: Browser, opened: OpenService, address: str, role: str, *, width: int = 1280
) -> AsyncIterator[Reader]:
    """A window of somebody of this role, who has signed in by a link."""
    email = f"{role}@example.test"
    async with opened.service.transactions.begin() as tx:
        await staff.create_staff(tx, email=email, role=role, name="Somebody")
        token = await staff.make_sign_in_link(tx, email=email)
    context = await browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    reader = Reader(await context.new_page(), address)
    reader.page.on("console", reader.hear)
    reader.page.on("pageerror", lambda error: reader.faults.append(str(error)))
    await reader.visit(f"/sign-in/link?token={token}")
    await reader.page.get_by_role("button", name="Sign in").click()
    await reader.page.get_by_role("navigation", name="Pages").wait_for()
    yield reader
    await context.close()
