"""Revoking and modifying: who may, who hears, what becomes of conversations."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.world.kernel.world import Policy
from tests.support.groups import team
from tests.support.stage import Phone, Stage

REVOKED = ("onRecvMessageRevoked", "onRecvMessageRevokedWithInfo")


def pair(stage: Stage) -> tuple[Phone, Phone]:
    """Return alice's and bob's devices."""
    return stage.enter("alice"), stage.enter("bob")


# --- revoking


def test_receivers_hear_of_a_revocation(stage: Stage) -> None:
    """The receiver hears the bare id, on 8.2 also by whom and why; the message stays in place with status 6, and the count falls."""
    alice, bob = pair(stage)
    sent = alice.send("oops", to="bob")
    bob.heard()
    assert alice.call("revokeMessage", msgID=sent["msgID"]) is None
    heard = bob.heard()
    is_new = stage.has(REVOKED[1])
    assert [*(REVOKED if is_new else REVOKED[:1]), "onConversationChanged"] == [kind for kind, _ in heard]
    assert sent["msgID"] == heard[0][1]
    if is_new:
        info = heard[1][1]
        assert (sent["msgID"], "alice", "") == (info["msgID"], info["operateUser"]["userID"], info["reason"])
    row = heard[-1][1][0]
    assert (0, 6, sent["msgID"]) == (row["unreadCount"], row["lastMessage"]["status"], row["lastMessage"]["msgID"])
    (shown,) = bob.history("alice", count=5)
    assert 6 == shown["status"]
    if is_new:
        assert "alice" == shown["revokerInfo"]["userID"]


def test_revoking_device_hears_on_new_clients_alone(stage: Stage) -> None:
    """The device that revokes hears of it on 8.2, not on 5.0; the user's other devices hear in any case."""
    phone, _ = pair(stage)
    tablet = stage.enter("alice", "tablet", platform="android" if stage.goes_by_ios else "ios")
    sent = phone.send("oops", to="bob")
    phone.heard(), tablet.heard()
    phone.call("revokeMessage", msgID=sent["msgID"])
    expected = REVOKED if stage.client.tells_revoker else ()
    assert list(expected) == [kind for kind, _ in phone.heard(*REVOKED)]
    assert "onRecvMessageRevoked" in tablet.heard_types()


def test_read_messages_leave_the_count_alone(stage: Stage) -> None:
    """Revoking what was read already does not lower the count of what was not."""
    alice, bob = pair(stage)
    sent = alice.send("old", to="bob")
    bob.call("markC2CMessageAsRead", userID="alice")
    alice.send("new", to="bob")
    alice.call("revokeMessage", msgID=sent["msgID"])
    assert 1 == bob.conversation("c2c_alice")["unreadCount"]


def test_window_is_two_minutes(stage: Stage) -> None:
    """After two minutes it is too late: 20016 to a user, 10031 in a group."""
    group, (alice, *_) = team(stage, "Public")
    late = [alice.send("hi", to="bob"), alice.send("hi", group=group)]
    early = alice.send("hi", to="bob")
    stage.advance(119_000)
    alice.call("revokeMessage", msgID=early["msgID"])
    stage.advance(2_000)
    assert 20016 == alice.refused("revokeMessage", msgID=late[0]["msgID"])
    assert 10031 == alice.refused("revokeMessage", msgID=late[1]["msgID"])


def test_window_can_be_set() -> None:
    """The console's window is a switch."""
    stage = Stage(policy=Policy(switches={"revoke_window_s": 3600}))
    alice, _ = pair(stage)
    sent = alice.send("hi", to="bob")
    stage.advance(3_000_000)
    alice.call("revokeMessage", msgID=sent["msgID"])


def test_what_cannot_be_revoked(stage: Stage) -> None:
    """Unknown: -1; revoked already: 20023; never sent: 20022; another's in a one-to-one chat: 20022."""
    stage = Stage(stage.dialect, stage.platform, Policy(switches={"sensitive_words": ["damn"]}))
    alice, bob = pair(stage)
    assert -1 == alice.refused("revokeMessage", msgID="x")
    sent = alice.send("hi", to="bob")
    assert 20022 == bob.refused("revokeMessage", msgID=sent["msgID"])
    alice.call("revokeMessage", msgID=sent["msgID"])
    assert 20023 == alice.refused("revokeMessage", msgID=sent["msgID"])
    created = alice.call("createTextMessage", text="damn")
    failed = alice.reply("sendMessage", id=created["id"], receiver="bob", groupID="")["data"]
    assert 20022 == alice.refused("revokeMessage", msgID=failed["msgID"])


def test_online_only_cannot_be_revoked(stage: Stage) -> None:
    """An online-only message is nowhere to be found: -1."""
    alice, _ = pair(stage)
    sent = alice.send("hi", to="bob", onlineUserOnly=True)
    assert -1 == alice.refused("revokeMessage", msgID=sent["msgID"])


def test_administrators_revoke_for_members(stage: Stage) -> None:
    """The owner and administrators revoke anybody's message, ordinary members their own: 10007. All members hear who did it."""
    group, (alice, bob, carol) = team(stage, "Public")
    sent = bob.send("hi", group=group)
    assert 10007 == carol.refused("revokeMessage", msgID=sent["msgID"])
    for phone in (alice, bob, carol):
        phone.heard()
    alice.call("revokeMessage", msgID=sent["msgID"])
    for phone in (bob, carol):
        assert sent["msgID"] == phone.heard_one("onRecvMessageRevoked")
    assert 0 == carol.conversation(f"group_{group}")["unreadCount"]


def test_former_members_cannot_revoke(stage: Stage) -> None:
    """Who has left the group is refused with 10007."""
    group, (_, bob, _) = team(stage, "Public")
    sent = bob.send("hi", group=group)
    bob.call("quitGroup", groupID=group)
    assert 10007 == bob.refused("revokeMessage", msgID=sent["msgID"])


def test_what_the_group_says_cannot_be_revoked(stage: Stage) -> None:
    """A group tip is not to be revoked: 10032."""
    group, (alice, *_) = team(stage, "Public")
    alice.call("setGroupInfo", groupID=group, groupName="other")
    tip = next(row for row in alice.history(group=group, count=5) if row["elemType"] == 9)
    assert 10032 == alice.refused("revokeMessage", msgID=tip["msgID"])


def test_group_revocation_can_be_switched_off(stage: Stage) -> None:
    """With the feature off for groups the code is 10041; a failed group message is unknown to the service: 10030."""
    policy = Policy(switches={"group_revocation": False, "sensitive_words": ["damn"]})
    stage = Stage(stage.dialect, stage.platform, policy)
    group, (alice, *_) = team(stage, "Public")
    assert 10041 == alice.refused("revokeMessage", msgID=alice.send("hi", group=group)["msgID"])
    created = alice.call("createTextMessage", text="damn")
    failed = alice.reply("sendMessage", id=created["id"], receiver="", groupID=group)["data"]
    assert 10030 == alice.refused("revokeMessage", msgID=failed["msgID"])


def test_revoking_takes_a_mention_back(stage: Stage) -> None:
    """The note that somebody was mentioned goes with the message, others stay."""
    group, (alice, bob, _) = team(stage, "Public")
    sent = []
    for _ in range(2):
        created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
        sent.append(alice.call("sendMessage", id=created["id"], receiver="", groupID=group))
    alice.call("revokeMessage", msgID=sent[0]["msgID"])
    notes = bob.conversation(f"group_{group}")["groupAtInfoList"]
    seq = int(sent[1]["seq"]) if stage.on_windows else sent[1]["seq"]
    assert [{"seq": seq, "atType": 1}] == notes


def test_revoking_takes_a_mention_back_from_an_own_copy(stage: Stage) -> None:
    """So it does on a device that has kept a conversation which another one has deleted."""
    group, (alice, bob, _) = team(stage, "Public")
    other = stage.enter("bob", "bob's other", platform=stage.other_platform)
    sent = []
    for _ in range(2):
        created = alice.call("createTextAtMessage", text="@bob", atUserList=["bob"])
        sent.append(alice.call("sendMessage", id=created["id"], receiver="", groupID=group))
    bob.call("deleteConversation", conversationID=f"group_{group}")
    alice.call("revokeMessage", msgID=sent[0]["msgID"])
    notes = other.conversation(f"group_{group}")["groupAtInfoList"]
    assert [int(sent[1]["seq"])] == [int(note["seq"]) for note in notes]


def test_revoking_tells_the_total(stage: Stage) -> None:
    """Whoever has asked for the unread total hears that it has fallen."""
    alice, bob = pair(stage)
    sent = alice.send("hi", to="bob")
    assert 1 == bob.call("getTotalUnreadMessageCount")
    bob.heard()
    alice.call("revokeMessage", msgID=sent["msgID"])
    assert 0 == bob.heard_one("onTotalUnreadMessageCountChanged")


# --- modifying


def changed(message: Any, **fields: Any) -> dict[str, Any]:
    """Return a message map as the app hands it back with something changed."""
    return {**message, **fields}


def test_anybody_modifies_for_all(stage: Stage) -> None:
    """The receiver changes the text; both hear the full message, the caller too; place, number and count stay."""
    alice, bob = pair(stage)
    sent = alice.send("helo", to="bob")
    alice.heard(), bob.heard()
    code, seen = bob.modify(changed(sent, textElem={"text": "hello"}))
    assert (0, "hello") == (code, seen["textElem"]["text"])
    for phone in (alice, bob):
        (first, message), (second, rows) = phone.heard()
        assert ("onRecvMessageModified", "onConversationChanged") == (first, second)
        same = ("msgID", "timestamp", "seq", "sender")
        assert [sent[key] for key in same] == [message[key] for key in same]
        assert "hello" == message["textElem"]["text"] == rows[0]["lastMessage"]["textElem"]["text"]
    assert 1 == bob.conversation("c2c_alice")["unreadCount"]


def test_custom_elements_and_cloud_data_change(stage: Stage) -> None:
    """Cloud data, also to nothing, and the fields of a custom element change; what is not given stays."""
    alice, bob = pair(stage)
    created = alice.call("createCustomMessage", data="d", desc="e", extension="x")
    sent = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="", cloudCustomData="c")
    _, first = alice.modify(changed(sent, cloudCustomData="", customElem={"data": "new"}))
    assert "" == first["cloudCustomData"]
    shown = {key: first["customElem"][key] for key in ("data", "desc", "extension")}
    assert {"data": "new", "desc": "e", "extension": "x"} == shown
    assert "new" == bob.heard_one("onRecvMessageModified")["customElem"]["data"]


def test_only_passed_on_fields_change(stage: Stage) -> None:
    """Elements that the adapters do not pass on stay as they are; local data are kept for the caller alone."""
    alice, bob = pair(stage)
    created = alice.call("createFaceMessage", index=1, data="f")
    sent = alice.call("sendMessage", id=created["id"], receiver="bob", groupID="")
    given = changed(sent, faceElem={"index": 9, "data": "x"}, localCustomData="mine", localCustomInt=7)
    alice.modify(given)
    (own,) = alice.call("findMessages", messageIDList=[sent["msgID"]])
    (theirs,) = bob.call("findMessages", messageIDList=[sent["msgID"]])
    assert (1, "mine", 7) == (own["faceElem"]["index"], own["localCustomData"], own["localCustomInt"])
    assert ("", 0) == (theirs["localCustomData"], theirs["localCustomInt"])


def test_second_change_without_the_first_is_refused(stage: Stage) -> None:
    """
    Whoever was told nothing of somebody else's change gets 8006 inside a successful reply, with the newest version; then it works.

    Windows answers the refusal, without a version: the device has to look the message up.
    """
    alice = stage.enter("alice")
    bob = stage.enter("bob", listen=False)
    sent = alice.send("a", to="bob")
    assert 0 == alice.modify(changed(sent, textElem={"text": "b"}))[0]
    alice.heard()
    code, newest = bob.modify(changed(sent, textElem={"text": "c"}))
    assert 8006 == code
    if stage.on_windows:
        assert newest is None
        (newest,) = bob.call("findMessages", messageIDList=[sent["msgID"]])
    assert "b" == newest["textElem"]["text"]
    assert [] == alice.heard()
    assert 0 == bob.modify(changed(newest, textElem={"text": "c"}))[0]


@pytest.mark.parametrize("looked_up", [True, False])
def test_reading_again_brings_a_device_up_to_date(stage: Stage, looked_up: bool) -> None:
    """A device that has read the message since knows the newest version."""
    alice = stage.enter("alice")
    bob = stage.enter("bob", listen=False)
    sent = alice.send("a", to="bob")
    alice.modify(changed(sent, textElem={"text": "b"}))
    if looked_up:
        bob.call("findMessages", messageIDList=[sent["msgID"]])
    else:
        bob.history("alice")
    assert 0 == bob.modify(changed(sent, textElem={"text": "c"}))[0]


def test_missing_and_unknown_ids(stage: Stage) -> None:
    """Without an id the envelope itself says -1, for an unknown one -3 on Android 8.2 and -1 elsewhere."""
    alice, _ = pair(stage)
    sent = alice.send("a", to="bob")
    assert -1 == alice.refused("modifyMessage", message=changed(sent, msgID=None))
    expected = -3 if (stage.family, stage.goes_by_ios, stage.on_windows) == ("chat-8.2", False, False) else -1
    assert expected == alice.refused("modifyMessage", message=changed(sent, msgID="x"))


def test_message_without_its_element_kills(stage: Stage) -> None:
    """A text message without a text element is never answered on Android, and ends iOS; so a custom one. Windows leaves it as it is."""
    alice, _ = pair(stage)
    custom = alice.call("createCustomMessage", data="d")["id"]
    of_custom = alice.call("sendMessage", id=custom, receiver="bob", groupID="")
    for message, key in ((alice.send("a", to="bob"), "textElem"), (of_custom, "customElem")):
        sent = {name: value for name, value in changed(message, cloudCustomData="c").items() if name != key}
        if stage.on_windows:
            code, seen = alice.modify(sent)
            assert (0, "c", message[key]) == (code, seen["cloudCustomData"], seen[key])
            continue
        error = alice.error("modifyMessage", message=sent)
        assert (-32001, "crash" if stage.goes_by_ios else "unanswered") == (error.code, error.data["reason"])


def inner(phone: Phone, code: int, message: dict[str, Any]) -> None:
    """Modify a message and be refused inside the data, on Windows by the reply; nobody hears anything."""
    phone.heard()
    if phone.platform == "windows":
        assert code == phone.refused("modifyMessage", message=message)
        return
    outcome = phone.call("modifyMessage", message=message)
    assert (code, message["msgID"]) == (outcome["code"], outcome["message"]["msgID"])
    assert outcome["desc"]
    assert [] == phone.heard()


def test_refusals_stand_inside_the_data(stage: Stage) -> None:
    """Revoked, failed and inserted messages: 6017; outside the group: 10007; too large: 8001."""
    group, (alice, bob, _) = team(stage, "Public")
    revoked = alice.send("a", to="bob")
    alice.call("revokeMessage", msgID=revoked["msgID"])
    inner(alice, 6017, changed(revoked, textElem={"text": "b"}))
    inserted = alice.call("insertGroupMessageToLocalStorage", data="d", groupID=group, sender="alice")
    inner(alice, 6017, changed(inserted, customElem={"data": "e"}))
    sent = bob.send("a", group=group)
    inner(bob, 8001, changed(sent, textElem={"text": "x" * 13000}))
    bob.call("quitGroup", groupID=group)
    inner(bob, 10007, changed(sent, textElem={"text": "b"}))
