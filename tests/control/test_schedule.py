"""Another order in which apps could have heard the same: what it may change, what it may not, and that it comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bridge.testing import Client, RpcError

SEEDS = range(14)
Heard = list[tuple[str, str, str]]


def story(**asked: Any) -> tuple[Heard, dict[str, Any]]:
    """Live through a sending, a group, an absence and a return on two devices. Returns what was heard in order, and what was chosen."""
    with Client.inside(world="team") as client:
        phone, pad = client.login("alice"), client.device("pad", platform="ios").login("alice")
        client.ask("bridge.schedule.use", **asked)
        client.trace.clear()
        created = phone.call("createTextMessage", text="hi")
        phone.call("sendMessage", id=created["id"], receiver="bob", groupID="")
        group = phone.call("createGroup", groupType="Public", groupName="new", memberList=[])
        client.user("bob").say("to both", to="alice")
        client.service("connectionLost")
        client.user("bob").say("missed", to="alice")
        client.user("carol").say("missed, too", to="alice")
        client.service("connectionRestored")
        phone.call("getGroupsInfo", groupIDList=[group])
        seen = client.ask("bridge.schedule.seen")
        pad.events()
        return list(told(client)), seen


def told(client: Client) -> Iterator[tuple[str, str, str]]:
    """Yield (device, listener or reply, type or call) of all that a client has heard."""
    call = ""
    for entry in client.trace:
        if "event" in entry:
            yield entry["device"], entry["event"], str(entry["arguments"].get("type"))
        elif "call" in entry:
            call = entry["call"]
        elif "reply" in entry and not call.startswith("bridge.s"):
            yield "", "reply", call


USUAL, _ = story()


def test_no_schedule_is_the_usual_order() -> None:
    """Without one nothing is chosen, and with neither seed nor steps it ends."""
    assert story() == (USUAL, {"points": 0, "steps": "", "said": []})
    assert story(steps="")[0] == USUAL


@pytest.mark.parametrize("seed", SEEDS)
def test_schedule_changes_nothing_but_the_order(seed: int) -> None:
    """All that is heard is heard, what one kind of listener hears in its order; only syncs tell of conversations twice."""
    heard, seen = story(seed=seed)

    more = Counter(heard) - Counter(USUAL)
    assert not Counter(USUAL) - Counter(heard)
    assert {(listener, kind) for _, listener, kind in more} <= {("conversationListener", "onConversationChanged")}
    for device in ("", "pad"):
        for listener in {name for _, name, _ in USUAL}:
            usual = [kind for one, name, kind in USUAL if (one, name) == (device, listener)]
            now = [kind for one, name, kind in heard if (one, name) == (device, listener)]
            left = iter(now)
            assert all(kind in left for kind in usual), (device, listener, usual, now)
    assert seen["points"] > 5


def test_seeds_differ_and_come_again() -> None:
    """A seed gives the same each time, its steps alone give it, too, and there are many orders."""
    found = {}
    for seed in SEEDS:
        heard, seen = story(seed=seed)
        assert (heard, seen) == story(seed=seed)
        assert (heard, seen) == story(steps=seen["steps"])
        found[tuple(heard)] = seed
    assert len(found) > 10


def test_messages_stay_ahead_of_their_conversations() -> None:
    """What may not change places within one cause does not: a message and the conversation that it raises."""
    for seed in SEEDS:
        with Client.inside(world="team") as client:
            phone = client.login("alice")
            client.ask("bridge.schedule.use", seed=seed)
            client.user("bob").say("hi", to="alice")
            wanted = ["onRecvNewMessage", "onConversationChanged"]
            assert wanted == [event.type for event in phone.events() if event.type in wanted]


def test_who_looks_sees_all() -> None:
    """What is held back for an app that calls again at once is there when somebody looks, and when the app calls again."""
    with Client.inside(world="team") as client:
        phone = client.login("alice")
        client.ask("bridge.schedule.use", steps="2:1,4:1")
        assert [] == client.turn("pinConversation", {"conversationID": "c2c_bob", "isPinned": True})["events"]
        assert ["onConversationChanged"] == [event.type for event in phone.events()]
        assert [] == client.turn("pinConversation", {"conversationID": "c2c_bob", "isPinned": False})["events"]
        answer = client.turn("pinConversation", {"conversationID": "c2c_bob", "isPinned": True})
        assert [False, True] == [event["arguments"]["data"][0]["isPinned"] for event in answer["events"]]


def test_choices_are_told_in_words() -> None:
    """What each choice has done can be read."""
    with Client.inside(world="team") as client:
        phone = client.login("alice")
        client.ask("bridge.schedule.use", steps="1:1 2:1")
        phone.call("pinConversation", conversationID="c2c_bob", isPinned=True)
        seen = client.ask("bridge.schedule.seen")
    assert ["onConversationChanged came ahead of the reply"] == seen["said"]
    assert "1:1" == seen["steps"]


@pytest.mark.parametrize("steps", ["x", "1", "0:1", "1:", ":1", "1:1:1", "-1:2"])
def test_steps_that_are_none(steps: str) -> None:
    """Are refused with how they are written, and change nothing."""
    with Client.inside() as client:
        with pytest.raises(RpcError, match=rf"'{steps}' is no choice of a schedule: they are written as 3:1") as refused:
            client.ask("bridge.schedule.use", steps=steps)
        assert -32602 == refused.value.code
        with pytest.raises(RpcError, match="a schedule has a seed or steps, not both"):
            client.ask("bridge.schedule.use", steps="1:1", seed=1)
        assert {"points": 0, "steps": "", "said": []} == client.ask("bridge.schedule.seen")
