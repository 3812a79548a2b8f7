"""As a new user would: from a command whose badge is wrong to why, with nothing but the page's address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.inspector.conftest import ROOT, Looking

if TYPE_CHECKING:
    from playwright.sync_api import Browser

APP = """
import sys

from bridge.testing.client import Client

sys.stdin.readline()

with Client.connect(world="badge_test") as app:
    app.login("alice")
    app.call("removeConversationListener", listenerUuid="")
    app.user("bob").say("Are you there?", to="alice")
"""
"""It stands in for a widget test, and waits until somebody looks: the app has lost its listener, so its badge stays 0."""


def test_wrong_badge_is_found_out(browser: Browser, tmp_path: Path) -> None:
    """The page offers the world of the test that has run; a few clicks lead to the call that took the listener away."""
    script = tmp_path / "test_badge.py"
    script.write_text(APP, "utf-8")
    command = [sys.executable, "-m", "bridge", "exec", "--ui", "--", sys.executable, str(script)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, env=environment, text=True) as running:
        assert running.stdin is not None and running.stderr is not None
        try:
            address = next(found[0] for line in running.stderr if (found := re.search(r"http://\S+", line)))
            page = Looking(browser.new_page(locale="en-US"))
            page.page.goto(address)
            page.page.locator("body[data-connection=open]").wait_for()
            running.stdin.write("go\n")
            running.stdin.flush()
            page.page.locator(".offered button", has_text="badge_test").click()
            page.page.locator(".tab", has_text="World").first.click()
            page.page.locator(".people .item", has_text="alice").first.click()
            note = page.page.locator(".why .note.warn")
            assert "was never told of this conversation; it has 1 unread." in note.inner_text()
            note.locator(".link").last.click()
            page.page.locator(".detail .note .link").click()
            assert "removeConversationListener" == page.page.locator(".detail h2").inner_text()
            assert [] == page.problems
            page.page.close()
        finally:
            running.terminate()
            running.communicate(timeout=20)
