"""A real Chromium in front of the service. What it saw stays in `screenshots/`.

Playwright's loop holds the thread as long as its browser lives, so nothing here may run a loop of its own: the service
runs in a thread. A test module gives the fixture `address`, and takes `browser` and `visit` from here.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from app.main import create_app
from tests.conftest import settings

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = Path(__file__).parents[2] / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
# An A4 page between its margins, at 96 pixels an inch.
PAPER = {"width": 703, "height": 1000}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        if os.getenv("CI") == "true":
            pytest.fail("CI tests the pages in a browser, and no `chromium` is on the path")
        pytest.skip("no `chromium` on the path (apt-get install chromium)")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield made
        made.close()


@contextmanager
def running(url: str, **more: Any) -> Iterator[str]:
    """The service on a free port, in a thread; the address it answers at."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings(url, **more)), log_level="error", access_log=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            assert time.monotonic() < until, "the service did not start in time"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Opens a page in a fresh browser profile and, in the end, wants a silent console."""
    said: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", *, status: int = 200, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "vi-VN", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: _note_failure(said, request))
        page.on(
            "request", lambda r: None if r.url.startswith(address) else said.append(f"elsewhere: {r.url}")
        )
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == status
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Chromium itself notes an answer of 4xx.
    loud = [line for line in said if "the server responded with a status of" not in line]
    assert loud == [], loud


def _note_failure(said: list[str], request: Request) -> None:
    """A request that came to nothing, except one (of the icon) that the browser drops because the page is left already."""
    if request.failure != "net::ERR_ABORTED":
        said.append(f"failed: {request.url} {request.failure}")


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
