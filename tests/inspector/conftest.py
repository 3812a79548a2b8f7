"""
A server with the inspector, and a real Chromium that looks at it.

One browser and one server for all tests of a process; each test has a world of its own, so none sees another's.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.testing.client import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MUST = ("CI", "TIMBRIDGE_BROWSER")
"""Where one of these variables is set, a browser has to be there."""
MISSING = "tests of the inspector's page want Chromium (Debian: apt-get install chromium) and pip install '.[browser]'"
WIDE = {"width": 1280, "height": 800}
PATIENCE_MS = 10_000


def chromium() -> str:
    """Return the browser's path; without one the test is left out, and in CI it fails."""
    has_driver = importlib.util.find_spec("playwright") is not None and importlib.util.find_spec("axe_core_python") is not None
    there = CHROMIUM if has_driver and CHROMIUM else ""
    if not there and not any(os.environ.get(name) for name in MUST):
        pytest.skip(MISSING)
    assert there, MISSING
    return there


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium once for this folder: as long as its driver is there, no other test of the process can run an event loop."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def serving(*options: str) -> Iterator[dict[str, str]]:
    """Serve with the inspector; yields what the server's first line says."""
    command = [sys.executable, "-m", "bridge", "serve", "--listen", "127.0.0.1:0", "--ui", "--until-stdin-closes", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, str]]:
    """Serve worlds for all tests."""
    with serving() as told:
        yield told


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    """Return the name of the test's own world."""
    return str(request.node.name)


@pytest.fixture
def phone(server: dict[str, str], world: str) -> Iterator[Client]:
    """Return a client in the test's world: the app under test."""
    with Client.connect(server["listening"], world=world) as client:
        yield client


class Looking:
    """A page of the inspector, and whatever went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", lambda said: self.problems.append(said.text) if said.type in ("error", "warning") else None)

    def timeline(self, text: str) -> Any:
        """Return the rows of the timeline that have a text."""
        return self.page.locator(".row:visible", has_text=text)

    def search(self, text: str) -> None:
        """Filter the timeline by words."""
        self.page.locator(".search").fill(text)

    def status(self) -> str:
        """Return what the page said last."""
        return self.page.locator("#status").inner_text()


Open = Callable[..., Looking]


@pytest.fixture
def look(browser: Browser, server: dict[str, str], world: str) -> Iterator[Open]:
    """Open the inspector on the test's world: `look(width=…, dark=…)`. At the end nothing may have gone wrong in it."""
    opened: list[Looking] = []

    def open_page(width: int = WIDE["width"], height: int = WIDE["height"], dark: bool = False, language: str = "en-US") -> Looking:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale=language, accept_downloads=True
        )
        looking = Looking(page)
        opened.append(looking)
        page.goto(f"{server['inspector'].partition('#')[0]}#world={world}")
        page.locator("body[data-connection=open]").wait_for()
        return looking

    yield open_page
    problems = [problem for one in opened for problem in one.problems]
    for one in opened:
        one.page.close()
    assert [] == problems
