"""Stories 1 and 2: an app's first minute, and logins that fail."""

from __future__ import annotations

import pytest

from bridge import usersig
from bridge.world.kernel.world import Policy
from tests.support.stage import INIT, Stage

KEY, APP = "secret", 1400000000


def test_cold_start_with_the_ui_kit(stage: Stage) -> None:
    """Every call of the kit's start is answered, empty lists are lists, and the sync brings the list."""
    stage.enter("bob").send("hi", to="alice")
    phone = stage.device()
    assert True is phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    assert "" == phone.call("getLoginUser")
    phone.login("alice")
    for kind in ("addFriendListener", "addConversationListener", "addAdvancedMsgListener", "addGroupListener"):
        assert phone.reply(kind, listenerUuid=kind)
    assert [] == phone.call("getFriendApplicationList")["friendApplicationList"]
    assert [] == phone.call("getBlackList") == phone.call("getFriendList")
    assert 1 == phone.call("getUserStatus", userIDList=["bob"])[0]["statusType"]
    page = phone.call("getConversationList", nextSeq="0", count=40)
    assert (["c2c_bob"], True) == ([row["conversationID"] for row in page["conversationList"]], page["isFinished"])
    assert 1 == phone.call("getTotalUnreadMessageCount")
    assert ["alice"] == [user["userID"] for user in phone.call("getUsersInfo", userIDList=["alice"])]


def test_sync_events_reach_listeners_added_first(stage: Stage) -> None:
    """Listeners that are there before the login hear the sync begin and end."""
    phone = stage.device()
    phone.call("initSDK", **{**INIT, "listenerUuid": "sdk"})
    phone.reply("addConversationListener", listenerUuid="conv")
    phone.heard()
    phone.login("alice")
    assert ["onSyncServerStart", "onSyncServerFinish"] == phone.heard_types()


@pytest.mark.parametrize("flaw", ["empty", "damaged", "other key", "other user", "other app", "expired"])
def test_wrong_signature_then_a_good_one(stage: Stage, flaw: str) -> None:
    """A bad signature has its code and logs nobody in; then a good one works."""
    stage = Stage(stage.dialect, stage.platform, policy=Policy(usersig_key=KEY, sdk_app_id=APP))
    now_s = stage.now_s()
    good = usersig.sign("alice", APP, KEY, now_s=now_s)
    sig, code = {
        "empty": ("", 70002),
        "damaged": (good[5:], 70003),
        "other key": (usersig.sign("alice", APP, "x", now_s=now_s), 70009),
        "other user": (usersig.sign("bob", APP, KEY, now_s=now_s), 70013),
        "other app": (usersig.sign("alice", 7, KEY, now_s=now_s), 70014),
        "expired": (usersig.sign("alice", APP, KEY, now_s=now_s - 100, expire_s=100), 6206),
    }[flaw]
    phone = stage.device()
    phone.call("initSDK", **{**INIT, "sdkAppID": APP, "listenerUuid": "sdk"})
    phone.heard()
    assert code == phone.refused("login", userID="alice", userSig=sig)
    assert ["", 3] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
    phone.login("alice", good)
    assert ["alice", 1] == [phone.call("getLoginUser"), phone.call("getLoginStatus")]
