"""Ids at the native door: the client keeps messages by them for ever, so none may ever mean another message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bridge.emulator import Server, Settings
from bridge.testing.client import Client
from tests.support.library_end import SOCKETS, Library
from tests.support.native import made
from tests.transports.doors import listening

SEED: dict[str, Any] = {"version": 1, "users": ["alice", "bob"], "messages": [{"from": "bob", "to": "alice", "text": "seeded"}]}


@pytest.fixture
def address() -> Iterator[str]:
    """Return where a server listens."""
    with listening(server=Server(Settings())) as where:
        yield where
    while SOCKETS:
        SOCKETS.pop().close()


def sent(library: Library, text: str = "hi") -> dict[str, Any]:
    """Log alice in and send bob a text; return the message as it was answered."""
    library.start("alice")
    reply = library.ask("DartSendMessage", "bob", 1, json.dumps(made(text)), "sendMessage-9")
    message: dict[str, Any] = json.loads(reply["json_param"])
    return message


def reset(control: Client) -> None:
    """Go back to the start."""
    control.ask("bridge.world.reset")


def load(control: Client) -> None:
    """Load a world."""
    control.ask("bridge.world.load", world=SEED)


def roll_back(control: Client) -> None:
    """Go back to before the message that was sent last."""
    control.ask("bridge.world.rollback", checkpoint="checkpoint-1")


def use(control: Client) -> None:
    """Take the library into another world."""
    control.ask("bridge.world.use", world="another", process=42)


@pytest.mark.parametrize("begin_anew", [reset, load, roll_back, use])
def test_ids_never_repeat(address: str, begin_anew: Callable[[Client], None]) -> None:
    """A world that begins anew gives its messages ids that none had before, whoever sent them; the same calls are the same otherwise."""
    library = Library(address)
    with Client.connect(address) as control:
        control.ask("bridge.world.checkpoint")
        ids = [sent(library)["message_msg_id"]]
        ids.append(control.ask("bridge.user.say", user="bob", to="alice", text="hello")["msgID"])
        for _ in range(3):
            begin_anew(control)
            ids.append(sent(library)["message_msg_id"])
            ids.append(control.ask("bridge.user.say", user="bob", to="alice", text="hello")["msgID"])
            if begin_anew is use:
                control.ask("bridge.world.use", world="", process=42)
                control.ask("bridge.world.reset")
    assert len(ids) == len(set(ids)), ids


def test_loaded_messages_have_new_ids(address: str) -> None:
    """Messages that a world as people write it brings have ids of their own in each life; the ids that it names itself stay."""
    named = {**SEED, "messages": [*SEED["messages"], {"from": "bob", "to": "alice", "text": "named", "msg_id": "mine"}]}
    library = Library(address)
    found: list[str] = []
    with Client.connect(address) as control:
        for _ in range(2):
            control.ask("bridge.world.load", world=named)
            library.start("alice")
            reply = library.ask("DartGetHistoryMessageList", "bob", 1, '{"msg_getmsglist_param_count":9}', "h-1")
            found += [one["message_msg_id"] for one in json.loads(reply["json_param"])]
    assert 3 == len(set(found)), found
    assert "mine" in found


def test_channel_ids_stay_the_same(address: str) -> None:
    """Where no native library is, a reset world gives the ids that it gave before."""
    with Client.connect(address) as control:
        ids = []
        for _ in range(2):
            ids.append(control.ask("bridge.user.say", user="bob", to="alice", text="hello")["msgID"])
            control.ask("bridge.world.reset")
    assert ids[0] == ids[1]
