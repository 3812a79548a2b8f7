"""A walk through one conversation group meets what a walk through the whole list meets of it, in its order."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bridge.emulator import Emulator
from bridge.world.chats import conversation_list
from bridge.world.chats.conversations import Conversation
from bridge.world.chats.unread import Filter
from tests.support.stage import INIT


@pytest.mark.parametrize("seed", range(12))
def test_group_walks_agree_with_the_list(seed: int) -> None:
    """With pins, drafts of this app and of another, and what is left on an app of what another one deleted."""
    emulator, dice = Emulator(), random.Random(seed)
    apps = [emulator.open(name) for name in ("phone", "pad")]
    for app in apps:
        emulator.call(app, "initSDK", INIT)
    emulator.call(apps[0], "login", {"userID": "alice", "userSig": "s"})
    peers = [f"p{number}" for number in range(14)]
    writer = emulator.open("writer")
    emulator.call(writer, "initSDK", INIT)
    for peer in peers:
        emulator.call(writer, "login", {"userID": peer, "userSig": "s"})
        created = emulator.call(writer, "createTextMessage", {"text": "hi"}).result["data"]["id"]
        emulator.call(writer, "sendMessage", {"id": created, "receiver": "alice", "groupID": ""})
        emulator.call(writer, "logout", {})
    for name in ("work", "fun"):
        chosen = [f"c2c_{peer}" for peer in dice.sample(peers, 7)]
        emulator.call(apps[0], "createConversationGroup", {"groupName": name, "conversationIDList": chosen})
    for _ in range(12):
        target = f"c2c_{dice.choice(peers)}"
        choices: list[tuple[str, dict[str, Any]]] = [
            ("pinConversation", {"conversationID": target, "isPinned": dice.random() < 0.7}),
            ("setConversationDraft", {"conversationID": target, "draftText": dice.choice(["x", None])}),
            ("deleteConversation", {"conversationID": target}),
        ]
        method, arguments = dice.choice(choices)
        emulator.call(apps[0], method, arguments)
    if seed % 2:  # away with what it had, while another app deletes
        emulator.call(apps[0], "logout", {})
        emulator.call(apps[1], "login", {"userID": "alice", "userSig": "s"})
        for peer in dice.sample(peers, 4):
            emulator.call(apps[1], "deleteConversation", {"conversationID": f"c2c_{peer}"})
        emulator.call(apps[1], "logout", {})
        emulator.call(apps[0], "login", {"userID": "alice", "userSig": "s"})
    world = emulator.world
    for app in apps:
        device = emulator.engine.device(app)
        for name in ("work", "fun", "none"):
            matches = Filter(group_name=name).matches
            whole: list[Conversation] = []
            cursor = 0
            while True:
                rows, following, is_last = conversation_list.page(world, device, "alice", cursor, 3, matches)
                assert (rows, following, is_last) == conversation_list.page(world, device, "alice", cursor, 3, matches, name)
                whole += rows
                cursor = following
                if is_last:
                    break
            short = conversation_list.page(world, device, "alice", 0, 100, matches, name)[0]
            assert whole == short and bool(whole) == (name != "none")
