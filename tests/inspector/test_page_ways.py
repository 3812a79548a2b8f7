"""Ways into the page: by keys alone, in the dark, in Chinese, on a narrow screen; and what axe says."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.testing.client import Client
from tests.inspector.conftest import Looking, Open

VIEWS = ("timeline", "world", "control", "worlds")
MARKS = {"world": ".conversation", "control": ".lines", "worlds": "tbody tr"}
"""What stands in a view once it is filled."""


def some_life(phone: Client) -> None:
    """Log Alice in, let her join a group and get messages, one of them unheard, and let calls go wrong."""
    phone.login("alice")
    bob = phone.user("bob")
    bob.call("createGroup", groupType="Public", groupName="Team", groupID="team", addOpt=2)
    phone.call("joinGroup", groupID="team", message="")
    phone.call("pinConversation", conversationID="group_team", isPinned=True)
    bob.say("welcome", to="alice")
    phone.call("removeConversationListener", listenerUuid="")
    bob.say("hi", to="alice")
    phone.reply("joinGroup", groupID="nowhere", message="")
    phone.faults.refuse("getLoginUser", 9508, times=1)


def violations(page: Looking, **options: Any) -> list[str]:
    """Return what axe finds in what is shown."""
    from axe_core_python.sync_playwright import Axe  # not there on a machine without the extra `browser`

    found = Axe().run(page.page, options={"resultTypes": ["violations"], **options})
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found["violations"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(phone: Client, look: Open, dark: bool) -> None:
    """No view breaks a rule of axe, nor do details, help and what is made of a selection; in the dark, colours are looked at."""
    some_life(phone)
    page = look(dark=dark)
    rules: dict[str, Any] = {"runOnly": ["color-contrast"]} if dark else {}
    page.timeline("onRecvNewMessage").last.click()
    found = {"details": violations(page, **rules)}
    for at, view in enumerate(VIEWS[1:]):
        page.page.keyboard.press(str(at + 2))
        page.page.locator(f"#view-{view} {MARKS[view]}").first.wait_for()
        found[view] = violations(page, **rules)
    if dark:
        assert {} == {view: problems for view, problems in found.items() if problems}
        return
    page.page.keyboard.press("?")
    found["help"] = violations(page)
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("1")
    page.page.keyboard.press("o")
    found["out"] = violations(page)
    assert {} == {view: problems for view, problems in found.items() if problems}


def test_narrow_screens_show_everything(phone: Client, look: Open) -> None:
    """At 320 pixels nothing is wider than the screen in any view, and from people one gets to their chat and back."""
    some_life(phone)
    page = look(width=320, height=640)
    for at, view in enumerate(VIEWS):
        page.page.keyboard.press(str(at + 1))
        page.page.locator(f"#view-{view}").wait_for()
        page.page.wait_for_timeout(200)
        assert 320 == page.page.evaluate("document.scrollingElement.scrollWidth"), view
    page.page.keyboard.press("2")
    page.page.locator(".people .item", has_text="alice").click()
    page.page.locator(".conversation", has_text="c2c_bob").click()
    page.page.locator(".bubble", has_text="hi").last.wait_for()
    page.page.locator(".chat .back").click()
    assert page.page.locator(".people").is_visible()


def test_keys_alone_suffice(phone: Client, look: Open) -> None:
    """Entries are walked, causes found, views changed and the help shown without a mouse."""
    some_life(phone)
    page = look()
    press = page.page.keyboard.press
    heading = page.page.locator(".detail h2")
    press("/")
    page.page.keyboard.type("kind:dropped onRecvNewMessage")
    press("Escape")
    press("c")
    page.search("hi kind:call method:createTextMessage")
    press("Escape")
    press("Home")
    assert "createTextMessage" == heading.inner_text()
    press("]")
    assert "reply" == page.page.locator(".detail .head .badge").inner_text()
    press("[")
    assert "call" == page.page.locator(".detail .head .badge").inner_text()
    press("Enter")
    assert "detail open" == page.page.evaluate("document.activeElement.className")
    press("?")
    assert page.page.locator("dialog.help").is_visible()
    press("Escape")
    press("2")
    assert "world" == page.page.evaluate("document.querySelector('.tab[aria-current]').textContent.toLowerCase()")


def test_chinese_is_spoken(phone: Client, look: Open) -> None:
    """A browser in Chinese gets the page in Chinese, and a click changes it, until further notice."""
    page = look(language="zh-CN")
    assert "zh-Hans" == page.page.evaluate("document.documentElement.lang")
    assert ["时间线", "世界"] == page.page.locator(".tab").all_inner_texts()[:2]
    page.page.locator("button", has_text="English").click()
    page.page.locator(".tab", has_text="Timeline").wait_for()


def test_colours_are_chosen(look: Open, phone: Client) -> None:
    """The switch goes from the system's colours to light and dark, and is kept."""
    page = look(dark=True)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.page.evaluate(background)
    page.page.get_by_label("Colours: Auto").click()
    assert dark != page.page.evaluate(background)
    page.page.reload()
    page.page.get_by_label("Colours: Light").click()
    assert dark == page.page.evaluate(background)
