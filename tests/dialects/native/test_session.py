"""Starting and stopping native apps: switches, logins, waiting functions, another start."""

from __future__ import annotations

import json

import pytest

from bridge.control import expectations
from bridge.errors import UnknownMethod
from tests.support.native import NativeStage, made

NETWORK, KICKED, CONVERSATION = 0, 1, 32


def test_waiting_functions_answer_before_start() -> None:
    """Who is logged in, the time, the version and the state are answered before initSDK, too."""
    stage = NativeStage()
    app = stage.app(switched=False)
    app.returned("DartUnitSDK")

    assert "" == app.returned("DartGetLoginUserID")
    assert 3 == app.returned("DartGetLoginStatus")
    assert stage.world.now_s == app.returned("DartGetServerTime")
    assert stage.catalogue.native_version == app.returned("DartGetSDKVersion")


def test_calls_before_start_are_refused() -> None:
    """Before initSDK calls are refused with 6013, before a login with 6014; functions that wait return the code."""
    stage = NativeStage()
    app = stage.app()
    assert 6014 == app.refused("DartGetConversationGroupList")
    assert 6014 == app.returned("DartSetConversationDraft", conv_id="bob", conv_type=1, json_draft_param={})
    app.returned("DartUnitSDK")
    assert 6013 == app.refused("DartLogin", user_id="alice", user_sig="sig")


def test_server_time_follows_the_world() -> None:
    """The service's time is the world's, in seconds."""
    stage = NativeStage()
    alice = stage.enter("alice")
    before = alice.returned("DartGetServerTime")
    stage.advance(90_000)

    assert before + 90 == alice.returned("DartGetServerTime")


def test_login_tells_the_sync() -> None:
    """A login is answered, then the sync begins and ends: events 3 and 4 with an empty text."""
    app = NativeStage().app()
    app.heard()
    app.call("DartLogin", user_id="alice", user_sig="sig")

    assert [(3, ""), (4, "")] == [
        (said["conv_event"], said["json_conv_array"]) for said in app.heard() if said["callbackType"] == CONVERSATION
    ]
    assert ("alice", 1) == (app.returned("DartGetLoginUserID"), app.returned("DartGetLoginStatus"))
    app.call("DartLogout")
    assert ("", 3) == (app.returned("DartGetLoginUserID"), app.returned("DartGetLoginStatus"))


def test_start_tells_the_connection() -> None:
    """initSDK tells that the client connects (2), and that it has (0), with code and text."""
    app = NativeStage().app()

    assert [
        {"callbackType": NETWORK, "status": 2, "code": 0, "desc": ""},
        {"callbackType": NETWORK, "status": 0, "code": 0, "desc": ""},
    ] == app.heard()


def test_callbacks_need_their_switch() -> None:
    """A callback whose switch was never called is not made; the receiving one can be switched off again."""
    stage = NativeStage()
    app = stage.app(switched=False)
    app.call("DartLogin", user_id="alice", user_sig="sig")
    app.heard()
    bob = stage.enter("bob")
    bob.send("hi", to="alice")
    assert [] == app.heard()

    app.reply("DartAddReceiveNewMsgCallback")
    bob.send("hi", to="alice")
    assert [7] == app.heard_types()
    app.reply("DartRemoveReceiveNewMsgCallback")
    bob.send("hi", to="alice")
    assert [] == app.heard()


def test_another_start_ends_the_session() -> None:
    """A port that is registered while somebody is logged in means a new start: the old user is gone, switches stay."""
    stage = NativeStage()
    alice = stage.enter("alice")
    alice.returned("DartRegisterSendPort", send_port=2)
    assert "" == alice.returned("DartGetLoginUserID")
    assert 0 == alice.returned("DartInitSDK", sdk_app_id=1400000000, json_sdk_config={})
    alice.heard()
    alice.call("DartLogin", user_id="carol", user_sig="sig")

    assert "carol" == alice.returned("DartGetLoginUserID")
    assert [CONVERSATION, CONVERSATION] == alice.heard_types()


def test_stop_and_start_again() -> None:
    """After DartUnitSDK and DartInitSDK a login works, and callbacks come once."""
    stage = NativeStage()
    alice = stage.enter("alice")
    assert None is alice.returned("DartUnregisterSendPort", send_port=1)
    assert 0 == alice.returned("DartUnitSDK")
    alice.switch_on()
    alice.returned("DartRegisterSendPort", send_port=2)
    assert 0 == alice.returned("DartInitSDK", sdk_app_id=1400000000, json_sdk_config={})
    alice.heard()
    alice.call("DartLogin", user_id="alice", user_sig="sig")
    alice.heard()
    alice.call("DartCreateConversationGroup", group_name="g", conversation_id_array=["c2c_bob"])

    assert 1 == alice.heard_types().count(35)


def test_no_app_id_does_not_start() -> None:
    """Without an application's number the client does not start, which the function returns."""
    stage = NativeStage()
    app = stage.app(switched=False)
    app.returned("DartUnitSDK")

    assert 0 != app.returned("DartInitSDK", sdk_app_id=0, json_sdk_config={})


def test_kicked_by_a_second_login() -> None:
    """The same user on a second native app throws the first one out."""
    stage = NativeStage()
    first = stage.enter("alice", "one")
    stage.enter("alice", "two")

    assert KICKED in first.heard_types()


def test_unknown_function_names_nearest() -> None:
    """A function that the library has not is told, with the nearest ones."""
    stage = NativeStage()
    alice = stage.enter("alice")
    error = stage.emulator.call(alice.device, "DartSendMesage", {}).reply.error

    assert isinstance(error, UnknownMethod)
    assert "DartSendMessage" in error.data["nearest"]


def test_unplayed_function_says_so() -> None:
    """A function that nobody plays is refused, so that a client does not wait for ever."""
    reply = NativeStage().enter("alice").reply("DartSetTopicInheritMessageReceiveOptionFromCommunity", topic_id="t", isInherit=True)

    assert (7013, "DartSetTopicInheritMessageReceiveOptionFromCommunity is not played") == (reply["code"], reply["desc"])


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"request_internal_operation": "internal_operation_write_log", "request_write_log_log_content_param": "x" * 100}, 0),
        ({"request_internal_operation": "internal_operation_set_ui_platform", "request_set_ui_platform_param": 1}, 0),
        ({"request_internal_operation": "nothing_of_the_kind"}, 6017),
        ({}, 6017),
        ([], 6017),
    ],
)
def test_experiments_go_by_name(request_: object, code: int) -> None:
    """The calls that the client itself makes are taken, before a login, too; unknown ones are refused."""
    assert code == NativeStage().app().reply("DartCallExperimentalAPI", json_param=request_)["code"]


def test_ability_is_a_bool() -> None:
    """Whether the plan includes something is an object whose value is a bool."""
    request = {
        "request_internal_operation": "internal_operation_is_commercial_ability_enabled",
        "request_is_commercial_ability_enabled_param": 2,
    }

    assert {"commercial_ability_result_enabled": True} == NativeStage().app().value("DartCallExperimentalAPI", json_param=request)


def test_faults_take_native_calls() -> None:
    """A fault by code answers a function with code and text, and nothing happens."""
    stage = NativeStage()
    alice = stage.enter("alice")
    stage.emulator.engine.faults.set({"method": "DartCreateConversationGroup"}, {"code": 9508, "desc": "gone"})

    reply = alice.reply("DartCreateConversationGroup", group_name="g", conversation_id_array=["c2c_bob"])
    assert (9508, "gone") == (reply["code"], reply["desc"])
    stage.emulator.engine.faults.clear()
    assert [] == alice.value("DartGetConversationGroupList")


def test_fault_of_send_answers_message() -> None:
    """A send that a fault refuses is answered with its message, failed, by the name of the public method or the function."""
    stage = NativeStage()
    alice = stage.enter("alice")
    for name in ("sendMessage", "DartSendMessage"):
        stage.emulator.engine.faults.set({"method": name, "times": 1}, {"code": 9508})
        reply = alice.reply("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made(), user_data="sendMessage-1")
        message = json.loads(reply["json_param"])

        assert (9508, 3) == (reply["code"], message["message_status"])
        assert reply["return"] == message["message_msg_id"]


def test_journal_has_public_names() -> None:
    """Calls stand in the journal under the public method that what comes back with the reply names, else the first that it may be."""
    stage = NativeStage()
    alice = stage.enter("alice")
    stage.emulator.engine.journal.clear()
    alice.call("DartMarkMessageAsRead", conv_id="bob", conv_type=1, user_data="markC2CMessageAsRead-7")
    alice.returned("DartGetLoginUserID")
    alice.reply("DartSetSelfInfoUpdatedCallback", user_data="setSdkListener-1")

    made_calls = [entry.method for entry in stage.emulator.engine.journal.entries(0) if entry.kind == "call"]
    assert ["markC2CMessageAsRead", "getLoginUser", "DartSetSelfInfoUpdatedCallback"] == made_calls


def test_events_have_public_names() -> None:
    """Events stand in the journal under the listener's method that the client calls, one callback of several kinds under each of them."""
    stage = NativeStage()
    stage.enter("alice")
    bob = stage.enter("bob")
    stage.emulator.engine.journal.clear()
    bob.send("hi", to="alice")
    bob.call("DartDeleteConversation", conv_id="alice", conv_type=1)

    entries = [entry for entry in stage.emulator.engine.journal.entries(0) if entry.kind == "event"]
    assert {"onNewConversation", "onRecvNewMessage", "onConversationDeleted"} <= {entry.method for entry in entries}
    wanted = [{"type": "onRecvNewMessage", "data": {"json_msg_array": [{"message_sender": "bob"}]}}]
    others = [{"type": "onRecvNewMessage", "data": {"json_msg_array": [{"message_sender": "carol"}]}}, {"type": "onSyncServerStart"}]
    seen = [(entry, entry.device) for entry in entries]
    assert {"match": True, "missing": [], "unexpected": {}} == expectations.compare([], wanted, seen)
    missing = expectations.compare([], others, seen)["missing"]
    assert [others[0], others[1]] == [one["expected"] for one in missing]
    assert "data.json_msg_array[0].message_sender" == missing[0]["nearest"][0]["differences"][0]["path"]
