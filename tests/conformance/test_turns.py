"""Turns: a missing event is one difference, a wrong order is one, a legal order is none."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.conformance import turns
from bridge.conformance.compare import NOTHING, Comparison
from bridge.conformance.turns import Item

CONVERSATIONS, MESSAGES, GROUPS = "conversationListener", "advancedMsgListener", "groupListener"


def turn(*words: str) -> list[Item]:
    """Return a turn: `R` is its reply, others are events, `listener:type` or `listener:type=data`."""
    items: list[Item] = []
    for at, word in enumerate(words):
        if word[0] == "R":
            items.append(turns.reply(1, "x", {"result": word[1:]}, True, 10 + at))
            continue
        kind, _, data = word.partition("=")
        listener, _, name = kind.partition(":")
        items.append(turns.event(listener, {"type": name, "data": data, "listenerUuid": ""}, at, 10 + at))
    return items


def differences(recorded: list[Item], came: list[Item]) -> list[Any]:
    """Return what differs."""
    return turns.compare(Comparison(), recorded, came)


SYNC = [f"{CONVERSATIONS}:onConversationChanged={number}" for number in range(6)]


@pytest.mark.parametrize("missing", range(6))
def test_missing_event_is_one_difference(missing: int) -> None:
    """Events behind one that did not come are still the same."""
    (one,) = differences(turn("R", *SYNC), turn("R", *SYNC[:missing], *SYNC[missing + 1 :]))
    assert (f"events[{missing + 1}] {CONVERSATIONS} onConversationChanged", NOTHING) == (one.path, one.came)
    assert (str(missing), 11 + missing) == (one.recorded["data"], one.line)
    (one,) = differences(turn("R", *SYNC[:missing], *SYNC[missing + 1 :]), turn("R", *SYNC))
    assert (NOTHING, str(missing)) == (one.recorded, one.came["data"])


def test_changed_event_is_told_by_its_path() -> None:
    """An event that came otherwise is no missing one."""
    changed = [*SYNC[:2], f"{CONVERSATIONS}:onConversationChanged=new", *SYNC[3:]]
    (one,) = differences(turn("R", *SYNC), turn("R", *changed))
    assert (f"events[3] {CONVERSATIONS} onConversationChanged.data", "2", "new") == (one.path, one.recorded, one.came)


def test_other_type_is_missing_and_more() -> None:
    """An event of another type is not compared with the one in whose place it came."""
    found = differences(turn("R", f"{MESSAGES}:onA"), turn("R", f"{MESSAGES}:onB"))
    assert [(False, True), (True, False)] == [(one.recorded is NOTHING, one.came is NOTHING) for one in found]


@pytest.mark.parametrize(
    ("came", "why"),
    [
        (("R", f"{MESSAGES}:onB", f"{MESSAGES}:onA"), "recorded ahead of"),
        ((f"{MESSAGES}:onA", "R", f"{MESSAGES}:onB"), "recorded behind the reply, came ahead of it"),
    ],
)
def test_wrong_order_is_one_difference(came: tuple[str, ...], why: str) -> None:
    """Events of a listener keep their order, and those of messages their side of the reply."""
    (one,) = differences(turn("R", f"{MESSAGES}:onA", f"{MESSAGES}:onB"), turn(*came))
    assert why in one.why
    assert one.recorded is one.came is NOTHING


def test_progress_stays_ahead_of_the_reply() -> None:
    """What was recorded ahead of the reply must not come behind it; the one that moved is told."""
    steps = [f"{MESSAGES}:onSendMessageProgress={number}" for number in (0, 100)]
    (one,) = differences(turn(*steps, "R"), turn(steps[0], "R", steps[1]))
    assert (f"events[1] {MESSAGES} onSendMessageProgress", "recorded ahead of the reply, came behind it") == (one.path, one.why)


@pytest.mark.parametrize(
    ("recorded", "came"),
    [
        (("R", f"{CONVERSATIONS}:onNewConversation"), (f"{CONVERSATIONS}:onNewConversation", "R")),
        ((f"{GROUPS}:onMemberEnter", f"{MESSAGES}:onRecvNewMessage"), (f"{MESSAGES}:onRecvNewMessage", f"{GROUPS}:onMemberEnter")),
    ],
)
def test_legal_orders_are_no_difference(recorded: tuple[str, ...], came: tuple[str, ...]) -> None:
    """What the schemas let change places may."""
    assert [] == differences(turn(*recorded), turn(*came))


def test_message_comes_ahead_of_its_conversation() -> None:
    """Other listeners' events may not change places."""
    message, conversation = f"{MESSAGES}:onRecvNewMessage", f"{CONVERSATIONS}:onNewConversation"
    assert [] != differences(turn(message, conversation), turn(conversation, message))


def test_trying_events_pairs_no_ids() -> None:
    """Which event is which is found out before any id is paired by them."""

    def events(*ids: str) -> list[Item]:
        return [turns.event(MESSAGES, {"type": "onA", "data": {"msgID": one, "text": one[:1]}}, at) for at, one in enumerate(ids)]

    (one,) = differences(events("a1", "b1", "c1"), events("b2", "c2"))
    assert (NOTHING, "a1") == (one.came, one.recorded["data"]["msgID"])
    (one, *_) = differences([*events("a1"), *events("a1")], [*events("a2"), *events("a3")])
    assert '"a2" stands for this id since' in one.why


def test_devices_have_lanes_of_their_own() -> None:
    """An event of another device is told with its name, and keeps its own order."""

    def on(device: str, kind: str) -> Item:
        return turns.event("bridge.device.event", {"device": device, "method": MESSAGES, "arguments": {"type": kind}}, 0)

    (one,) = differences([on("tablet", "onA")], [])
    assert one.path == f"events[0] {MESSAGES} onA on tablet"
    assert [] != differences([on("tablet", "onA")], [on("phone", "onA")])


def test_long_turns_are_aligned_in_place() -> None:
    """Beyond what is worth comparing with each other, events are compared where they stand."""
    many = [f"{CONVERSATIONS}:onConversationChanged={number}" for number in range(250)]
    found = differences(turn(*many), turn("conversationListener:onNewConversation=0", *many))
    assert len(found) > 250
    assert [] == differences(turn(*many), turn(*many))
