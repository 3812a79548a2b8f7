"""What a custom message says of an invitation, and a signature that ends when nobody is there any more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.emulator import Emulator
from bridge.world.chats import sessions, signals
from bridge.world.chats.elements import Custom, Text
from bridge.world.chats.messages import SENT, Message
from bridge.world.kernel import devices

SAID = {"inviteID": "i", "actionType": 1}


@pytest.mark.parametrize(
    "data",
    [None, "", "{", "7", "[]", "{}", json.dumps({**SAID, "inviteID": 1}), json.dumps({**SAID, "actionType": True}), '{"inviteID": "i"}'],
)
def test_what_is_no_invitation(data: Any) -> None:
    """Nothing, no JSON, and JSON without the two keys that every invitation has."""
    assert signals.info(Message("m", 1, ("c2c", "a", "b"), "a", 1, (Custom(data),), status=SENT)) is None
    assert signals.info(Message("m", 1, ("c2c", "a", "b"), "a", 1, (Text(json.dumps(SAID)),), status=SENT)) is None


@pytest.mark.parametrize("name", ["closed", "idle"])
def test_signature_of_nobody_ends(name: str) -> None:
    """The end of a signature finds a device that was closed, or on which nobody is logged in: nothing happens."""
    emulator = Emulator()
    emulator.open("idle")
    before = dict(emulator.world[devices.DEVICES].rows)
    emulator.run(lambda: sessions.signature_ended(emulator.world, name))
    assert before == emulator.world[devices.DEVICES].rows
