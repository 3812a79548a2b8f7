"""Time in Chromium: the clock, faults, checkpoints, and going back to before any call; what becomes of a selection; other tests' worlds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.testing.client import Client
from bridge.testing.errors import Refused
from tests.inspector.conftest import Open


def test_worlds_are_seen_as_they_were(phone: Client, look: Open) -> None:
    """The world before a call shows what was there then and changes nothing; going back undoes the call."""
    phone.login("alice")
    bob = phone.user("bob")
    bob.say("first", to="alice")
    bob.say("second", to="alice")
    before = phone.world.export()
    page = look()
    page.search("second kind:event method:onRecv")
    page.page.locator(".row:visible").first.click()
    page.page.locator(".detail button", has_text="World before this").click()
    page.page.locator(".past", has_text="as it was before").wait_for()
    assert ["first"] == [text.splitlines()[-1] for text in page.page.locator(".bubble").all_inner_texts()]
    assert "1" == page.page.locator(".conversation .unread").inner_text()
    assert before == phone.world.export()
    page.page.locator(".past >> text=Back to now").click()
    page.page.locator(".bubble", has_text="second").wait_for()
    page.page.keyboard.press("1")
    page.page.keyboard.press("b")
    page.page.locator(".past >> text=Go back here").click()
    page.page.locator("#status", has_text="Back at").wait_for()
    assert ["first"] == [row["elems"][0]["data"]["text"] for row in phone.world.export()["messages"]]
    page.page.locator(".past").wait_for(state="hidden")


def test_time_passes_by_hand(phone: Client, look: Open) -> None:
    """The clock goes on by a minute, and to the next timer: a ring that nobody answers runs out."""
    phone.login("alice")
    phone.user("bob").call("invite", invitee="alice", data="", timeout=30, onlineUserOnly=False)
    now = phone.clock.now_ms
    page = look()
    page.page.locator(".clock >> text=Next timer").click()
    assert phone.events("onInvitationTimeout", timeout=5)
    assert 25_000 < phone.clock.now_ms - now < 31_000
    later = phone.clock.now_ms
    page.page.locator(".clock >> text=+1 min").click()
    page.page.locator("#status", has_text="Time has passed").wait_for()
    assert later + 60_000 == phone.clock.now_ms


def test_faults_and_networks_are_set(phone: Client, look: Open) -> None:
    """A fault that is set by hand meets the app's next call and is counted; a network is cut and restored by a device's name."""
    phone.login("alice")
    page = look()
    page.page.keyboard.press("3")
    form = page.page.locator(".faultform")
    form.get_by_label("Method").fill("joinGroup")
    form.locator("button", has_text="Set").click()
    page.page.locator(".lines >> text=0 of 0 calls").wait_for()
    with pytest.raises(Refused, match="9508"):
        phone.call("joinGroup", groupID="team", message="")
    page.page.locator(".lines >> text=1 of 1 calls").wait_for()
    page.page.get_by_label("Remove this fault").click()
    page.page.locator("text=Everything works.").wait_for()
    page.page.keyboard.press("2")
    page.page.locator("button", has_text="Cut network").click()
    page.page.locator(".chip.off").first.wait_for()
    assert phone.events("onConnectFailed", timeout=5)
    page.page.locator("button", has_text="Restore network").click()
    assert phone.events("onConnectSuccess", timeout=5)


def test_worlds_are_kept_and_loaded(phone: Client, look: Open, tmp_path: Path) -> None:
    """A checkpoint brings back what was; the world is saved as a file that loads again; another is loaded."""
    phone.login("alice")
    phone.user("bob").say("first", to="alice")
    page = look()
    page.page.keyboard.press("3")
    page.page.locator("button", has_text="Remember now").click()
    page.page.locator(".lines >> text=checkpoint-1").wait_for()
    phone.user("bob").say("second", to="alice")
    page.page.locator("li", has_text="checkpoint-1").locator("button").click()
    page.page.locator("#status", has_text="Back at checkpoint-1").wait_for()
    assert 1 == len(phone.world.export()["messages"])
    with page.page.expect_download() as saving:
        page.page.locator(".card button", has_text="Save as a file").click()
    saving.value.save_as(tmp_path / "world.json")
    assert phone.world.export() == json.loads((tmp_path / "world.json").read_text("utf-8"))
    page.page.locator("button", has_text="team").click()
    page.page.locator("#status", has_text="Loaded team").wait_for()
    page.page.get_by_label("A world file").set_input_files(tmp_path / "world.json")
    page.page.locator("#status", has_text="Loaded world.json").wait_for()
    assert 1 == len(phone.world.export()["messages"])


FORMS = {"Report": "createConversationGroup", "pytest": "def test_", "Dart test": "test(", "Recording": '"call"'}
"""What a selection can become, and what stands in it then."""


@pytest.mark.parametrize(("form", "sign"), FORMS.items(), ids=FORMS)
def test_selections_become_texts(phone: Client, look: Open, form: str, sign: str) -> None:
    """What is chosen becomes a report, a test or a recording."""
    phone.login("alice")
    phone.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
    page = look()
    page.search("createConversationGroup")
    page.page.keyboard.press("Escape")
    for key in ("Home", "x", "o"):
        page.page.keyboard.press(key)
    page.page.locator("dialog.out button", has_text=form).click()
    page.page.wait_for_function("([sign]) => document.querySelector('dialog.out textarea').value.includes(sign)", arg=[sign])


def test_other_worlds_are_looked_at(phone: Client, look: Open, server: dict[str, str], world: str) -> None:
    """Worlds are listed; one whose test has finished can be looked at, and dropped."""
    with Client.connect(server["listening"], world="finished elsewhere") as other:
        other.login("carol")
    page = look()
    page.page.keyboard.press("4")
    row = page.page.locator("tbody tr", has_text="finished elsewhere")
    row.locator("text=Look at it").click()
    page.timeline("login").first.click()
    assert "carol" in page.page.locator(".detail .head").inner_text()
    page.page.keyboard.press("4")
    page.page.locator("tbody tr", has_text=world).locator("text=Look at it").click()
    page.page.keyboard.press("4")
    row.locator("text=Drop").click()
    row.wait_for(state="detached")
