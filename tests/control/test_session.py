"""A session without any language upon it: keys and calls in, replies and events out, in their order."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.control.session import Session
from bridge.emulator import Server, Settings
from bridge.engine.turn import Event, Reply
from tests.support.stage import INIT


class Ear:
    """A client that writes down what it is told."""

    def __init__(self, server: Server) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.session = Session(server, self)

    def reply(self, key: Any, reply: Reply) -> None:
        self.said.append((key, reply.result if reply.error is None else reply.error.code))

    def event(self, name: str, event: Event) -> None:
        self.said.append((name, event.method, event.arguments["type"]))

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.said.append((method, params))

    def is_behind(self) -> bool:
        return False

    def end(self) -> None:
        self.said.append(("the end",))

    def ask(self, key: Any, method: str, /, **params: Any) -> list[tuple[Any, ...]]:
        """Make a call; return all that came of it, and forget it."""
        self.session.ask(key, method, params)
        came = self.said.copy()
        self.said.clear()
        return came


@pytest.fixture
def ear() -> Ear:
    """Return a client on whose own device alice is logged in and listens for conversations."""
    ear = Ear(Server(Settings()))
    ear.ask(0, "initSDK", **INIT, listenerUuid="sdk")
    ear.ask(0, "addConversationListener", listenerUuid="c")
    ear.ask(0, "login", userID="alice", userSig="sig")
    return ear


def test_reply_stands_among_its_events(ear: Ear) -> None:
    """The key comes back as it was given, whatever it is; what a call causes follows its reply."""
    key = object()
    reply, *events = ear.ask(key, "createConversationGroup", groupName="g", conversationIDList=["c2c_bob"])
    assert (key, 0) == (reply[0], reply[1]["code"])
    assert [("", "conversationListener", "onConversationGroupCreated"), ("", "conversationListener", "onConversationChanged")] == events


def test_devices_are_told_by_name(ear: Ear) -> None:
    """The own device has no name, any other that of its opening."""
    ear.ask(1, "bridge.device.open", device="phone")
    came = ear.ask(2, "bridge.device.call", device="phone", method="initSDK", arguments={**INIT, "listenerUuid": "p"})
    assert [2, "phone", "phone"] == [said[0] for said in came]


@pytest.mark.parametrize("params", [[1], "text", 7])
def test_arguments_go_by_name(ear: Ear, params: Any) -> None:
    """Anything but a map is refused; nothing at all is no arguments."""
    ear.session.ask(1, "getLoginUser", params)
    ear.session.ask(2, "getLoginUser", None)
    assert [(1, -32602), (2, "alice")] == [(key, said["data"] if isinstance(said, dict) else said) for key, said in ear.said]


def test_late_reply_keeps_its_key(ear: Ear) -> None:
    """It is in flight until it is let go, with the calling device's events around it."""
    ear.ask(1, "bridge.fault.set", match={"method": "createConversationGroup"}, effect={"delayMs": 500})
    assert [] == ear.ask("late", "createConversationGroup", groupName="g", conversationIDList=["c2c_bob"])
    assert {"late"} == ear.session.in_flight
    moved, reply, *events = ear.ask(2, "bridge.clock.advance", ms=500)
    assert (2, "late", 2) == (moved[0], reply[0], len(events))
    assert set() == ear.session.in_flight


def test_closed_session_is_told_nothing(ear: Ear) -> None:
    """What was held back for it is let go for nobody."""
    ear.ask(1, "bridge.fault.set", match={"method": "getLoginUser"}, effect={"delayMs": 500})
    ear.ask(2, "getLoginUser")
    emulator = ear.session.emulator
    ear.session.close()
    emulator.advance(emulator.world.now_ms + 500)
    assert [] == ear.said


def test_broken_connection_ends_behind_the_turn(ear: Ear) -> None:
    """The reply is told, then the end."""
    ear.ask(1, "bridge.fault.set", match={"method": "getLoginUser"}, effect={"disconnect": True})
    reply, end = ear.ask(2, "getLoginUser")
    assert (2, ("the end",)) == (reply[0], end)
