"""
Make the pictures of docs/inspector.md, with Chromium: `python3 tools/up.py pictures [FOLDER]`.

A server with the inspector is started, a small story is played in it, and each view is photographed: in light and dark, wide and narrow.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.testing.client import Client  # noqa: E402 - a tool finds the package beside it

FOLDER = ROOT / "docs" / "inspector"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE = (1100, 640)


class Picture(NamedTuple):
    """A picture: what it is called, how to get there, and how it looks."""

    name: str
    go: Callable[[Any], None]
    dark: bool = False
    size: tuple[int, int] = WIDE


def story(client: Client) -> None:
    """Play what the pictures show: an app whose badge is wrong, for it hears of conversations no more."""
    client.world.load("team")
    client.login("alice")
    client.device("tablet", platform="ios").login("alice")
    client.call("createConversationGroup", groupName="Today", conversationIDList=["c2c_bob", "c2c_carol"])
    client.user("bob").say("Did you see the plan?", to="alice")
    client.call("removeConversationListener", listenerUuid="")
    client.user("bob").say("Lunch at one?", to="alice")
    client.reply("joinGroup", groupID="nowhere", message="")
    client.faults.refuse("getLoginUser", 9508, times=1)
    client.reply("getLoginUser")
    client.user("carol").call("invite", invitee="alice", data="", timeout=30, onlineUserOnly=False)
    client.clock.advance(seconds=2)


def unheard(page: Any) -> None:
    """Open the event that nobody heard."""
    page.locator(".row", has_text="onConversationChanged").and_(page.locator(".k-dropped")).first.click()


def at_bob(page: Any) -> None:
    """Open Alice's conversation with Bob."""
    page.keyboard.press("2")
    page.locator(".conversation", has_text="c2c_bob").click()


def hand(page: Any) -> None:
    """Write as Bob by hand."""
    at_bob(page)
    page.locator(".composer > input").fill("Or at two?")
    page.keyboard.press("Enter")
    page.locator("#status >> text=bob wrote").wait_for()


def past(page: Any) -> None:
    """Look at the world before Bob wrote last."""
    page.locator(".search").fill("Lunch method:onRecvNewMessage")
    page.locator(".row:visible", has_text="Lunch").first.click()
    page.keyboard.press("b")
    page.locator(".past", has_text="as it was").wait_for()
    page.locator(".conversation", has_text="c2c_bob").click()


def narrow(page: Any) -> None:
    """On a narrow screen a user is chosen before their conversation."""
    page.keyboard.press("2")
    page.locator(".people .item", has_text="alice").click()
    page.locator(".conversation", has_text="c2c_bob").click()


def view(number: int, mark: str) -> Callable[[Any], None]:
    """Return how to get to a view."""

    def go(page: Any) -> None:
        page.keyboard.press(str(number))
        page.locator(mark).first.wait_for()

    return go


def report(page: Any) -> None:
    """Make a report of everything."""
    page.keyboard.press("o")
    page.wait_for_function("() => document.querySelector('dialog.out textarea').value")


PICTURES = (
    Picture("timeline", unheard),
    Picture("timeline-dark", unheard, dark=True),
    Picture("world", at_bob),
    Picture("past-dark", past, dark=True),
    Picture("control", view(3, "#view-control .lines")),
    Picture("worlds", view(4, "#view-worlds tbody tr"), size=(1100, 220)),
    Picture("out", report),
    Picture("hand-dark", hand, dark=True),
    Picture("narrow", narrow, size=(320, 640)),
)


def photograph(browser: Any, address: str, picture: Picture, into: Path) -> None:
    """Take one picture on a page of its own."""
    width, height = picture.size
    colours = "dark" if picture.dark else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours, locale="en-US")
    page.goto(f"{address}#world=pictures")
    page.locator("body[data-connection=open]").wait_for()
    page.locator(".row:visible").first.wait_for()
    picture.go(page)
    page.wait_for_timeout(400)
    page.screenshot(path=into / f"{picture.name}.png")
    page.close()


def main() -> int:
    """See the head of this file."""
    parser = argparse.ArgumentParser(prog="screenshots.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the pictures go")
    into: Path = parser.parse_args().folder
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print(f"no browser is there: {', '.join(BROWSERS)} (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    into.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bridge", "serve", "--listen", "127.0.0.1:0", "--ui", "--until-stdin-closes"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True) as server,
        sync_playwright() as playwright,
    ):
        assert server.stdin is not None and server.stdout is not None
        told = json.loads(server.stdout.readline())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with Client.connect(told["listening"], world="test_badge") as other:
            other.login("dave")
        with Client.connect(told["listening"], world="pictures") as client:
            story(client)
            for picture in PICTURES:
                photograph(browser, told["inspector"], picture, into)
                print(into / f"{picture.name}.png")
        browser.close()
        server.stdin.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
