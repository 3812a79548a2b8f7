"""The timeline in Chromium: what was called and heard, and why; and ten thousand entries that scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.testing.client import Client
from tests.inspector.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"

SCROLL = """(frames) => new Promise((resolve) => {
  const rows = document.querySelector('.rows');
  rows.scrollTop = 0;
  let left = frames;
  const step = () => {
    rows.scrollTop += 300;
    if ((left -= 1)) requestAnimationFrame(step);
    else resolve({made: document.querySelectorAll('.row').length, top: rows.scrollTop});
  };
  requestAnimationFrame(step);
})"""


def test_calls_show_with_their_events(phone: Client, look: Open) -> None:
    """What is called after the page was opened shows by itself, tied to what came of it."""
    page = look()
    phone.login("alice")
    phone.user("bob").say("hi", to="alice")
    page.timeline("onRecvNewMessage").first.click()
    chain = page.page.locator(".chains li").all_inner_texts()
    assert ["sendMessage" in chain[0], "onRecvNewMessage" in chain[1]] == [True, True]
    page.page.locator(".chains li").first.click()
    assert "sendMessage" == page.page.locator(".detail h2").inner_text()
    assert "bob" in page.page.locator(".detail .head").inner_text()


def test_unheard_events_say_why(phone: Client, look: Open) -> None:
    """An event that nobody heard is marked, and says which listener was missing and what took it away."""
    page = look()
    phone.login("alice")
    phone.call("removeConversationListener", listenerUuid="")
    phone.user("bob").say("hi", to="alice")
    row = page.timeline("onNewConversation")
    row.click()
    said = page.page.locator(".detail .note").inner_text()
    assert "told to nobody" in said and "removeConversationListener" in said
    page.page.locator(".detail .note .link").click()
    assert "removeConversationListener" == page.page.locator(".detail h2").inner_text()


def test_search_and_filters_narrow(phone: Client, look: Open) -> None:
    """Words, keys with a colon, kinds, users and devices narrow what is shown; clearing shows all again."""
    phone.login("alice")
    phone.user("bob").say("a needle", to="alice")
    phone.reply("joinGroup", groupID="nowhere", message="")
    page = look()
    count = page.page.locator(".filters .count")
    page.search("needle method:onRecv")
    assert ["onRecvNewMessage"] == page.page.locator(".row:visible .title").all_inner_texts()
    page.search("kind:refusal -user:bob")
    assert ["joinGroup"] == page.page.locator(".row:visible .title").all_inner_texts()
    page.page.locator(".filters >> text=clear").click()
    whole = count.inner_text()
    page.page.locator(".kind", has_text="event").click()
    assert whole != count.inner_text()
    page.page.locator(".filters select").first.select_option("bob")
    assert {"bob"} == set(page.page.locator(".row:visible .who").all_inner_texts())
    page.page.keyboard.press("c")
    assert whole == count.inner_text()


def test_pause_holds_new_entries(phone: Client, look: Open) -> None:
    """While it is paused nothing moves, and how much is new is told; then all of it shows."""
    page = look()
    phone.login("alice")
    page.timeline("login").first.wait_for()
    page.page.keyboard.press("p")
    phone.call("getLoginUser")
    page.page.locator(".filters >> text=paused: 2 new").wait_for()
    assert 0 == page.timeline("getLoginUser").count()
    page.page.keyboard.press("p")
    page.timeline("getLoginUser").first.wait_for()


def test_two_entries_are_compared(phone: Client, look: Open) -> None:
    """Two entries that are chosen by keys alone show how they differ, path by path."""
    phone.login("alice")
    phone.call("createConversationGroup", groupName="one", conversationIDList=["c2c_bob"])
    phone.call("createConversationGroup", groupName="two", conversationIDList=["c2c_bob"])
    page = look()
    page.search("method:createConversationGroup kind:call")
    page.page.keyboard.press("Escape")
    for key in ("Home", "x", "j", "x", "d"):
        page.page.keyboard.press(key)
    assert ["groupName\tone\ttwo"] == page.page.locator(".diff tbody tr").all_inner_texts()


def test_replies_show_what_they_rest_on(phone: Client, look: Open) -> None:
    """A reply that rests on an assumption says so, and the decision with its reason can be read."""
    phone.login("alice")
    for _ in range(2):
        phone.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    page = look()
    page.search("method:createConversationGroup kind:reply")
    page.page.locator(".row:visible").last.click()
    decision = page.page.locator(".decision", has_text="Creating a conversation group that exists")
    decision.locator("summary").click()
    assert "Success" in decision.inner_text()


def test_nearest_misses_are_shown(phone: Client, look: Open) -> None:
    """What was expected instead is held against the journal: the nearest call, and the one path that differs."""
    phone.login("alice")
    phone.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    page = look()
    page.search("method:createConversationGroup kind:call")
    page.page.locator(".row:visible").first.click()
    part = page.page.locator("details.part", has_text="I expected something else")
    part.locator("summary").first.click()
    part.locator("textarea").fill('{"groupName": "play"}')
    part.locator("button", has_text="Compare").click()
    assert [["arguments.groupName", "play", "work"]] == [row.split("\t") for row in part.locator(".diff tbody tr").all_inner_texts()]


def test_what_people_typed_is_text(phone: Client, look: Open) -> None:
    """A nickname, a message and a group's name that are HTML stay text in every view."""
    phone.login("alice")
    bob = phone.user("bob")
    bob.call("setSelfInfo", nickName=HOSTILE)
    bob.say(HOSTILE, to="alice")
    bob.call("createGroup", groupType="Public", groupName=HOSTILE[:30], groupID="hostile")
    page = look()
    page.timeline("onRecvNewMessage").first.click()
    page.page.keyboard.press("2")
    page.page.locator(".conversation", has_text="c2c_bob").click()
    page.page.locator(".bubble", has_text=HOSTILE).click()
    page.page.locator(".item", has_text="hostile").first.click()
    page.page.locator(".item", has_text="All facts").click()
    page.page.locator(".facts summary", has_text="messages").click()
    assert "timbridge" == page.page.title()
    assert 0 == page.page.locator("#views img, #views script").count()


def test_ten_thousand_entries_scroll(phone: Client, look: Open) -> None:
    """Of ten thousand entries few rows are made, and scrolling by a dozen of them a frame takes less than a sixtieth of a second."""
    for _ in range(5000):
        phone.reply("getLoginUser")
    page = look()
    page.page.locator(".filters .count", has_text="10000 entries").wait_for()
    devtools = page.page.context.new_cdp_session(page.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # of the page's thread alone: other processes do not count
    page.page.evaluate(SCROLL, 30)
    before = computed(devtools)
    seen = page.page.evaluate(SCROLL, 120)
    per_frame_ms = (computed(devtools) - before) * 1000 / 120
    assert seen["made"] < 100
    assert 120 * 300 == seen["top"]
    assert per_frame_ms < 1000 / 60


def computed(devtools: CDPSession) -> float:
    """Return the seconds that the page's thread has computed until now."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))
