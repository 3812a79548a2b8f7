"""The world in Chromium: what each user sees, and a hand in it; what an app was told last beside what is so."""

from __future__ import annotations

from bridge.testing.client import Client
from tests.inspector.conftest import Looking, Open


def at_home(phone: Client, look: Open) -> Looking:
    """Log Alice in on two devices, let Bob write once, and open the page at their conversation."""
    phone.login("alice")
    phone.device("tablet", platform="ios").login("alice")
    phone.user("bob").say("Did you see the plan?", to="alice")
    page = look()
    page.page.keyboard.press("2")
    page.page.locator(".conversation", has_text="c2c_bob").click()
    return page


def write(page: Looking, text: str) -> None:
    """Write into the chat that is open, as whoever is chosen there."""
    page.page.locator(".composer > input").fill(text)
    page.page.locator(".composer > input").press("Enter")
    page.page.locator(".bubble", has_text=text).wait_for()


def test_bob_writes_by_hand(phone: Client, look: Open) -> None:
    """What is typed in the chat as Bob reaches Alice's devices, counts in her badge, and is marked as new."""
    page = at_home(phone, look)
    phone.events()
    write(page, "Lunch?")
    assert ["Lunch?"] == [event.data["textElem"]["text"] for event in phone.events("onRecvNewMessage", timeout=5)]
    assert "2" == page.page.locator(".conversation .unread").inner_text()
    assert ["Lunch?"] == [text.splitlines()[-1] for text in page.page.locator(".message.changed").all_inner_texts()]
    page.page.locator("#status >> text=Heard 4 times").wait_for()


def test_messages_are_revoked_and_reacted_to(phone: Client, look: Open) -> None:
    """A message that is opened can be reacted to as whoever writes, and revoked by its sender."""
    page = at_home(phone, look)
    page.page.locator(".bubble").click()
    page.page.get_by_label("Write as").select_option("alice")
    page.page.locator("button", has_text="React as alice").click()
    page.page.locator(".bubble .chip", has_text="👍").wait_for()
    page.page.locator("button", has_text="Revoke as bob").click()
    page.page.locator(".bubble", has_text="(revoked)").wait_for()
    assert phone.events("onRecvMessageRevoked", "onRecvMessageRevokedWithInfo", timeout=5)


def test_people_type_read_and_ring(phone: Client, look: Open) -> None:
    """Bob types, Alice reads everything and her badge goes, Bob rings and she declines."""
    page = at_home(phone, look)
    phone.events()
    page.page.locator(".composer >> text=Type").click()
    assert "user_typing_status" in phone.events("onRecvNewMessage", timeout=5)[0].data["customElem"]["data"]
    page.page.get_by_label("Write as").select_option("alice")
    page.page.locator(".composer >> text=Read all").click()
    page.page.locator(".conversation .unread").wait_for(state="detached")
    page.page.get_by_label("Write as").select_option("bob")
    page.page.locator(".composer >> text=Ring").click()
    assert phone.events("onReceiveNewInvitation", timeout=5)
    page.page.locator(".item", has_text="Friends and calls").click()
    page.page.locator("button", has_text="alice: decline").click()
    page.page.locator("button", has_text="alice: decline").wait_for(state="detached")


def test_wrong_badges_are_explained(phone: Client, look: Open) -> None:
    """A conversation says what each app was told last, which events it did not hear, and leads to them."""
    page = at_home(phone, look)
    told = page.page.locator(".why .note").all_inner_texts()
    assert ["was last told 1."] * 2 == [text.partition(" ")[2].partition(" #")[0] for text in told]
    phone.call("removeConversationListener", listenerUuid="")
    write(page, "Lunch?")
    note = page.page.locator(".why .note.warn", has_text="Nobody there heard:")
    note.wait_for()
    said = note.inner_text()
    assert "was last told 1; it is 2 now." in said
    note.locator(".link").last.click()
    assert "removeConversationListener" in page.page.locator(".detail .note").inner_text()


def test_members_come_and_go(phone: Client, look: Open) -> None:
    """A group shows who is in it; somebody joins by hand, writes there, and is removed by the owner."""
    phone.login("alice")
    phone.call("createGroup", groupType="Public", groupName="Team", groupID="team", addOpt=2)
    page = look()
    page.page.keyboard.press("2")
    page.page.locator(".people .item", has_text="team").click()
    page.page.get_by_placeholder("User id", exact=True).fill("carol")
    page.page.locator("button", has_text="Join").click()
    page.page.locator(".members li", has_text="carol").wait_for()
    page.page.get_by_label("Write as").select_option("carol")
    write(page, "hello all")
    page.page.locator(".members li", has_text="carol").locator("text=Remove").click()
    page.page.locator(".members li", has_text="carol").wait_for(state="detached")


def test_anything_is_called_as_anybody(phone: Client, look: Open) -> None:
    """Any method is called as a user with arguments as JSON; the reply shows, and a refusal is said."""
    page = at_home(phone, look)
    page.page.locator(".people .item", has_text="bob").click()
    page.page.locator("summary", has_text="Call anything as bob").click()
    form = page.page.locator(".anything")
    form.get_by_label("Method").fill("setSelfInfo")
    form.get_by_label("Arguments").fill('{"nickName": "Bobby"}')
    form.locator("button", has_text="Call").click()
    page.page.locator(".place h2", has_text="Bobby").wait_for()
    form.get_by_label("Method").fill("setSelfInf")
    form.locator("button", has_text="Call").click()
    page.page.locator("#status .bad", has_text="setSelfInfo").wait_for()


def test_every_section_is_there(phone: Client, look: Open) -> None:
    """Every section of an export that holds anything is in the list of all facts, with as many rows."""
    phone.world.load("team")
    page = look()
    page.page.keyboard.press("2")
    page.page.locator(".item", has_text="All facts").click()
    shown = dict(text.split()[:2] for text in page.page.locator(".facts > summary").all_inner_texts() if "rest" not in text)
    exported = {name: str(len(rows)) for name, rows in phone.world.export().items() if isinstance(rows, list) and rows}
    assert exported == shown


def test_long_lists_begin_short(phone: Client, look: Open) -> None:
    """Of a thousand conversations two hundred are made, and more when they are asked for; so of users."""
    people = [f"user{number:04d}" for number in range(1000)]
    phone.world.load({"version": 1, "messages": [{"from": name, "to": "alice", "text": "hi"} for name in people]})
    page = look()
    page.page.keyboard.press("2")
    page.page.locator(".people .item", has_text="alice").first.click()
    page.page.locator(".conversation").nth(199).wait_for()
    assert 200 == page.page.locator(".conversation").count()
    assert page.page.locator(".people .item").count() < 250
    page.page.locator(".conversations button", has_text="800 more").click()
    page.page.locator(".conversation").nth(399).wait_for()
    assert 400 == page.page.locator(".conversation").count()


def test_clicks_survive_changes(phone: Client, look: Open) -> None:
    """What changes between the press and the release of a button, or of the space bar, waits: the click gets where it was meant to go."""
    page = at_home(phone, look)
    carol = phone.user("carol")
    carol.say("one", to="alice")
    wanted = page.page.locator(".conversation", has_text="c2c_carol")
    wanted.hover()
    page.page.mouse.down()
    carol.say("two", to="alice")
    page.page.wait_for_timeout(400)
    assert "one" in wanted.inner_text()
    page.page.mouse.up()
    page.page.locator(".conversation[aria-current]", has_text="two").wait_for()
    page.page.locator(".conversation", has_text="c2c_bob").focus()
    page.page.keyboard.down(" ")
    carol.say("three", to="alice")
    page.page.wait_for_timeout(400)
    page.page.keyboard.up(" ")
    page.page.locator(".conversation[aria-current]", has_text="c2c_bob").wait_for()
    wanted.filter(has_text="three").wait_for()
