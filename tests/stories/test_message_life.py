"""Stories of what becomes of messages: revoked, modified, mentioned in, read one by one, seen on two devices, missed."""

from __future__ import annotations

import pytest

from tests.support.groups import team
from tests.support.stage import Stage

AT_ALL = "__kImSDK_MesssageAtALL__"


def test_revoking(stage: Stage) -> None:
    """Story 12: within two minutes, by an administrator, not by others, not twice, not too late."""
    group, (alice, bob, carol) = team(stage, "Public")
    sent = alice.send("oops", to="bob")
    alice.heard(), bob.heard()
    alice.call("revokeMessage", msgID=sent["msgID"])
    both = ["onRecvMessageRevoked", "onRecvMessageRevokedWithInfo"]
    expected = [kind for kind in both if stage.has(kind)]
    assert expected == [kind for kind, _ in bob.heard(*both)]
    assert (expected if stage.client.tells_revoker else []) == [kind for kind, _ in alice.heard(*both)]
    row = bob.conversation("c2c_alice")
    assert (6, 0) == (row["lastMessage"]["status"], row["unreadCount"])
    assert 20023 == alice.refused("revokeMessage", msgID=sent["msgID"])
    members = bob.send("mine", group=group)
    assert 10007 == carol.refused("revokeMessage", msgID=members["msgID"])
    alice.call("revokeMessage", msgID=members["msgID"])
    late, late_in_group = alice.send("a", to="bob"), alice.send("a", group=group)
    stage.advance(121_000)
    assert 20016 == alice.refused("revokeMessage", msgID=late["msgID"])
    assert 10031 == alice.refused("revokeMessage", msgID=late_in_group["msgID"])


def test_modifying(stage: Stage) -> None:
    """Story 13: both hear of a change; whoever changes without having heard of another change gets that one back."""
    alice, bob = stage.enter("alice"), stage.enter("bob")
    sent = alice.send("a", to="bob")
    code, seen = alice.modify({**sent, "textElem": {"text": "b"}})
    assert (0, "b") == (code, seen["textElem"]["text"])
    for phone in (alice, bob):
        assert "b" == phone.heard_one("onRecvMessageModified")["textElem"]["text"]
    bob.reply("removeAdvancedMsgListener", listenerUuid="" if stage.on_windows else "bob's-addAdvancedMsgListener")
    alice.modify({**sent, "textElem": {"text": "alice's"}})
    code, seen = bob.modify({**sent, "textElem": {"text": "bob's"}})
    assert (8006, None if stage.on_windows else "alice's") == (code, seen and seen["textElem"]["text"])


@pytest.mark.parametrize(("named", "kind"), [(["bob"], 1), ([AT_ALL], 2), (["bob", AT_ALL], 3)])
def test_mentions(stage: Stage, named: list[str], kind: int) -> None:
    """Story 20: the note says who is meant, and reading takes it away."""
    group, (alice, bob, _) = team(stage, "Public")
    created = alice.call("createTextAtMessage", text="@", atUserList=named)
    sent = alice.call("sendMessage", id=created["id"], receiver="", groupID=group)
    rows = bob.heard("onConversationChanged", "onNewConversation")[-1][1]
    seq = int(sent["seq"]) if stage.on_windows else sent["seq"]
    assert [{"seq": seq, "atType": kind}] == rows[0]["groupAtInfoList"]
    bob.call("markGroupMessageAsRead", groupID=group)
    assert [] == bob.conversation(f"group_{group}")["groupAtInfoList"]


def test_group_read_receipts(stage: Stage) -> None:
    """Story 21: each receipt raises the count that the sender hears, and leaves unread counts alone."""
    group, (alice, bob, carol) = team(stage, "Public")
    sent = alice.send("read me", group=group, needReadReceipt=True)
    counts = []
    for phone in (bob, carol):
        alice.heard()
        phone.call("sendMessageReadReceipts", messageIDList=[sent["msgID"]])
        (receipt,) = alice.heard_one("onRecvMessageReadReceipts")
        counts.append((receipt["readCount"], receipt["unreadCount"]))
    assert [(1, 1), (2, 0)] == counts
    (receipt,) = alice.call("getMessageReadReceipts", messageIDList=[sent["msgID"]])
    assert (2, 0) == (receipt["readCount"], receipt["unreadCount"])
    page = alice.call("getGroupMessageReadMemberList", messageID=sent["msgID"], filter=0, nextSeq=0, count=100)
    assert ["bob", "carol"] == [row["userID"] for row in page["memberInfoList"]]
    assert 1 == bob.conversation(f"group_{group}")["unreadCount"]


def test_reading_all(stage: Stage) -> None:
    """Story 11, its end: everything is read at once, and each peer hears one receipt."""
    alice, bob, carol = (stage.enter(name) for name in ("alice", "bob", "carol"))
    bob.call("getTotalUnreadMessageCount")
    for phone in (alice, alice, carol):
        phone.send("hi", to="bob")
    assert 3 == bob.heard("onTotalUnreadMessageCountChanged")[-1][1]
    alice.heard(), carol.heard()
    bob.call("markAllMessageAsRead")
    assert 0 == bob.heard("onTotalUnreadMessageCountChanged")[-1][1]
    for phone in (alice, carol):
        assert 1 == len(phone.heard("onRecvC2CReadReceipt"))


def test_two_devices(stage: Stage) -> None:
    """Story 24: what one device sends or reads the other one sees."""
    phone, bob = stage.enter("alice"), stage.enter("bob")
    tablet = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    sent = phone.send("hi", to="bob")
    message = tablet.heard_one("onRecvNewMessage")
    assert (True, sent["msgID"]) == (message["isSelf"], message["msgID"])
    assert 0 == tablet.conversation("c2c_bob")["unreadCount"]
    bob.send("hello", to="alice")
    phone.heard()
    tablet.call("markC2CMessageAsRead", userID="bob")
    assert 0 == phone.heard_one("onConversationChanged")[0]["unreadCount"]


def test_catching_up(stage: Stage) -> None:
    """Story 25: at the next login one-to-one messages come, older group messages show in counts and history alone."""
    group, (alice, bob, _) = team(stage, "Public")
    bob.call("logout")
    for number in range(3):
        alice.send(str(number), to="bob")
    for number in range(2):
        alice.send(str(number), group=group)
    stage.emulator.advance(stage.world.now_ms + 40_000)
    bob.heard()
    bob.login("bob")
    missed = [data["textElem"]["text"] for _, data in bob.heard("onRecvNewMessage")]
    assert ["0", "1", "2"] == missed
    counts = [bob.conversation(name)["unreadCount"] for name in ("c2c_alice", f"group_{group}")]
    assert [3, 2] == counts
    rows = bob.history(group=group, count=2)
    assert ["1", "0"] == [row["textElem"]["text"] for row in rows]
