"""What a device is told of conversations when its app is back: what a look at each of them would find, without a look at each."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from bridge.world.chats import catching_up, conversation_list
from bridge.world.groups import groups
from bridge.world.kernel import installs
from tests.support.groups import team
from tests.support.stage import Phone, Stage


def by_looking(world: Any, device: Any) -> tuple[list[str], list[str]]:
    """Return which conversations are new to an app and which look otherwise, from the whole list then and now."""
    store = world[installs.STORES][(device.user_id, device.install)]
    held = store.held
    held.open(device.device_id)
    before = {row.conversation_id: row for _, row in conversation_list.walk(held, device, device.user_id)}
    now = [row for _, row in conversation_list.walk(world, device, device.user_id)]
    known = [row for row in now if row.conversation_id in before]
    looks = catching_up._looks
    changed = [row for row in known if looks(world, device, row) != looks(held, device, before[row.conversation_id])]
    return [row.conversation_id for row in now if row.conversation_id not in before], [row.conversation_id for row in changed]


def rename(world: Any, group_id: str, name: str) -> None:
    """Give a group a name of which it says nothing itself."""
    world[groups.GROUPS].put(group_id, evolve(world[groups.GROUPS][group_id], name=name))


def live(stage: Stage, dice: random.Random, bob: Phone, carol: Phone, tablet: Phone, group_id: str, sent: list[Any]) -> None:
    """Let something happen that may change how Alice's conversations look."""
    friend, peer = dice.choice([bob, carol]), dice.choice(["bob", "carol"])
    deeds: list[Callable[[], object]] = [
        lambda: sent.append(friend.send("hi", to="alice")),
        lambda: friend.send("hello", group=group_id),
        lambda: bob.reply("revokeMessage", msgID=sent[-1]["msgID"]),
        lambda: carol.modify({**sent[2], "cloudCustomData": str(dice.random())}),
        lambda: carol.call("setSelfInfo", nickName=f"Carol {dice.random()}"),
        lambda: bob.call("setGroupInfo", groupID=group_id, groupType="Meeting", groupName=f"{dice.random()}"),
        lambda: stage.emulator.run(lambda: rename(stage.world, group_id, f"{dice.random()}")),
        lambda: bob.call("markC2CMessageAsRead", userID="alice"),
        lambda: bob.call("sendMessageReadReceipts", messageIDList=[sent[1]["msgID"]]),
        lambda: tablet.send("me", to=dice.choice(["bob", "carol", "dave"])),
        lambda: tablet.call("setFriendInfo", userID="carol", friendRemark=f"{dice.random()}", friendCustomInfo=None),
        lambda: tablet.call("pinConversation", conversationID=f"c2c_{peer}", isPinned=bool(dice.randrange(2))),
        lambda: tablet.call("deleteConversation", conversationID=f"c2c_{peer}"),
    ]
    dice.choice(deeds)()


@pytest.mark.parametrize("seed", range(40))
def test_only_what_has_changed_is_looked_at(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same conversations in the same order as by looking at all of them: new ones, and those that look otherwise."""
    stage, dice, compared = Stage("chat-8.2", "android"), random.Random(seed), []
    group_id, (bob, carol, alice) = team(stage, "Meeting", "bob", "carol", "alice")
    tablet = stage.enter("alice", "tablet", platform=stage.other_platform)
    carol.call("addFriend", userID="alice", remark="", friendGroup="", addWording="", addSource="", addType=2)
    sent = [bob.send("one", to="alice"), alice.send("two", to="bob", needReadReceipt=True), carol.send("three", to="alice")]
    bob.send("hello", group=group_id)
    differing = catching_up._differing

    def both(world: Any, held: Any, device: Any, user_id: str) -> Any:
        found = differing(world, held, device, user_id)
        compared.append((tuple([row.conversation_id for row in rows] for rows in found), by_looking(world, device)))
        return found

    monkeypatch.setattr(catching_up, "_differing", both)
    for way in ("cut", "logout", "cut"):
        alice.cut() if way == "cut" else alice.call("logout")
        for _ in range(dice.randrange(6)):
            live(stage, dice, bob, carol, tablet, group_id, sent)
        alice.mend() if way == "cut" else alice.login("alice")
    assert 3 == len(compared)
    for found, looked in compared:
        assert looked == found
