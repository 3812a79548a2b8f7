"""
The checks see what a platform would not send, and what the client would choke on.
"""

import pytest

from bridge.catalogue import load
from bridge.catalogue.examples import empty
from bridge.catalogue.types import TypeExpr
from tests.support.checks import check_event, check_reply

NEW = load("chat-8.2")


def reply(data, code=0, **more):
    """An envelope."""
    return {"code": code, "desc": "ok", "data": data, **more}


def a_map(name, platform="android", present=(), **values):
    """The emptiest map of a name, with some values put in."""
    return {**empty(TypeExpr("map", name, present=present), NEW, platform), **values}


def test_good_reply_has_no_problems():
    """What the platform sends passes."""
    result = a_map("V2TIMConversationOperationResult", conversationID="c2c_bob")

    assert [] == check_reply(NEW, "createConversationGroup", "android", reply([result]))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"extra": 1}, "[0].extra: is no key of V2TIMConversationOperationResult on android"),
        ({"resultCode": "0"}, "[0].resultCode: is str, should be int"),
        ({"resultCode": None}, "[0].resultCode: is null, should be int"),
    ],
)
def test_changed_maps_are_seen(change, problem):
    """Keys too many, wrong types and nulls out of place are told with their path."""
    result = a_map("V2TIMConversationOperationResult", conversationID="c2c_bob", **change)

    assert problem in check_reply(NEW, "createConversationGroup", "android", reply([result]))


def test_missing_key_is_seen():
    """Android writes every key."""
    result = a_map("V2TIMConversationOperationResult")
    del result["resultInfo"]

    assert "[0].resultInfo: is missing" in check_reply(NEW, "createConversationGroup", "android", reply([result]))


def test_client_that_would_choke_is_seen():
    """A value that the platform may send is no good if the Dart class throws on it."""
    catalogue = load("im-5.0")
    conversation = empty(TypeExpr("map", "V2TIMConversation"), catalogue, "android")
    conversation["conversationID"] = None
    problems = check_reply(catalogue, "getConversation", "android", reply(conversation))

    assert [".conversationID: V2TimConversation.fromJson takes no null"] == problems


def test_ios_leaves_nulls_out():
    """A null on iOS is a problem, its absence none."""
    info = a_map("V2TIMUserFullInfo", "ios")
    missing = {key: value for key, value in info.items() if key != "nickName"}

    assert [] == check_reply(NEW, "getUsersInfo", "ios", reply([missing]))
    assert "[0].nickName: is null, which ios leaves out" in check_reply(
        NEW, "getUsersInfo", "ios", reply([{**info, "nickName": None}])
    )


def test_keys_on_request_stay_where_they_belong():
    """A message holds its created id in the reply of its send and nowhere else."""
    message = a_map("V2TIMMessage", present=("id",))
    plain = {key: value for key, value in message.items() if key != "id"}

    assert [] == check_reply(NEW, "sendMessage", "android", reply(message))
    assert [".id: is missing"] == check_reply(NEW, "sendMessage", "android", reply(plain))
    assert ["[0].id: belongs only where it is asked for"] == check_reply(
        NEW, "findMessages", "android", reply([message])
    )


@pytest.mark.parametrize(
    ("envelope", "fine"),
    [
        ({"code": 6014, "desc": "not logged in"}, True),
        ({"code": 6014, "desc": "not logged in", "data": None}, False),
        ({"code": 0, "desc": "ok"}, False),
        ({"code": 0, "desc": None, "data": []}, False),
        ({"code": "0", "desc": "ok", "data": []}, False),
        ([], False),
    ],
)
def test_envelopes_have_exact_keys(envelope, fine):
    """A success has data, a refusal has none."""
    assert fine == (check_reply(NEW, "getUsersInfo", "android", envelope) == [])


def test_failed_send_may_hold_the_message():
    """The refusal of a send comes with the message, or without when there was none."""
    message = a_map("V2TIMMessage", present=("id",), status=3)

    assert [] == check_reply(NEW, "sendMessage", "android", reply(message, 20007))
    assert [] == check_reply(NEW, "sendMessage", "android", {"code": -1, "desc": "id not exist"})


def test_constant_texts_are_compared():
    """A bare text is one of the two that the adapter has."""
    for text in ("removeGroupListener is done", "all groupListener is removed"):
        assert [] == check_reply(NEW, "removeConversationListener", "android", text)
    assert 1 == len(check_reply(NEW, "removeConversationListener", "android", "done"))


def test_unanswered_methods_have_no_reply():
    """Whatever comes of a method that is never answered is wrong."""
    assert 1 == len(check_reply(NEW, "searchGroupByID", "android", reply(None)))


@pytest.mark.parametrize(
    ("platform", "arguments", "fine"),
    [
        ("android", {"type": "onConnecting", "data": None, "listenerUuid": ""}, True),
        ("android", {"type": "onConnecting", "listenerUuid": ""}, False),
        ("ios", {"type": "onConnecting", "listenerUuid": ""}, True),
        ("ios", {"type": "onConnecting", "data": None, "listenerUuid": ""}, False),
        ("android", {"type": "onConnectFailed", "data": {"code": 1, "desc": ""}, "listenerUuid": ""}, True),
        ("android", {"type": "onConnectFailed", "data": {"code": 1}, "listenerUuid": ""}, False),
        ("android", {"type": "onConnectFailed", "data": {"code": 1, "desc": "", "x": 1}, "listenerUuid": ""}, False),
        ("android", {"type": "onConnectFailed", "data": {"code": 1, "desc": ""}}, False),
        ("android", {"type": "onNothing", "data": None, "listenerUuid": ""}, False),
    ],
)
def test_event_arguments_are_checked(platform, arguments, fine):
    """Type, data and listenerUuid of an event must be what the platform sends."""
    assert fine == (check_event(NEW, platform, "initSDKListener", arguments) == [])


def test_events_of_the_other_platform_are_seen():
    """8.2 tells a member's marks on iOS alone."""
    data = {"groupID": "g", "memberIDList": [], "markType": 1000, "enableMark": True}
    arguments = {"type": "onMemberMarkChanged", "data": data, "listenerUuid": ""}

    assert [] == check_event(NEW, "ios", "groupListener", arguments)
    assert 1 == len([p for p in check_event(NEW, "android", "groupListener", arguments) if p.startswith("type")])


def test_answers_past_the_type_pass():
    """A text that an adapter answers in place of a refusal is what that platform sends."""
    spec = NEW.method("getSignalingInfo")
    text = spec.quirks["answers"]["unknownId"]["ios"]

    assert [] == check_reply(NEW, "getSignalingInfo", "ios", reply(text))
    assert check_reply(NEW, "getSignalingInfo", "android", reply(text))
