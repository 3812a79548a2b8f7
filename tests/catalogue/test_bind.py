"""
Arguments of calls: taken, named for Python, warned about, refused.
"""

import timeit

import pytest

from bridge.catalogue import InvalidArguments, compiling, load
from bridge.catalogue.overlays import Platforms
from bridge.errors import MOST_GUESSES

NEW, OLD = load("chat-8.2"), load("im-5.0")

SEND = {
    "id": "1",
    "receiver": "bob",
    "groupID": "",
    "priority": 0,
    "onlineUserOnly": False,
    "isExcludedFromUnreadCount": False,
    "isExcludedFromLastMessage": False,
    "isSupportMessageExtension": False,
    "isExcludedFromContentModeration": False,
    "offlinePushInfo": None,
    "cloudCustomData": None,
    "localCustomData": None,
    "needReadReceipt": False,
    "TIMManagerName": "messageManager",
    "ability": [],
}


def bind(method, params, catalogue=NEW, strict=False):
    """Bind by name."""
    return catalogue.method(method).bind(params, strict)


def refused(method, params, catalogue=NEW, strict=False):
    """Return the violations as {path: message}."""
    with pytest.raises(InvalidArguments) as caught:
        bind(method, params, catalogue, strict)
    assert -32602 == caught.value.code
    assert caught.value.violations == caught.value.data
    return {violation["path"]: violation["message"] for violation in caught.value.violations}


def test_keys_become_python_names():
    """What the plugin sends becomes kwargs, without what comes with every call."""
    params = {
        "groupName": "g",
        "conversationIDList": ["c2c_bob"],
        "TIMManagerName": "conversationManager",
        "ability": [],
    }

    assert ({"group_name": "g", "conversation_id_list": ["c2c_bob"]}, ()) == bind("createConversationGroup", params)


def test_manager_may_be_left_out():
    """Hand-written clients need not name the manager; a null one counts as left out."""
    assert ({"conversation_id": "c2c_bob"}, ()) == bind("getConversation", {"conversationID": "c2c_bob"})
    assert ({"conversation_id": "x"}, ()) == bind("getConversation", {"conversationID": "x", "TIMManagerName": None})


def test_usual_extras_are_ignored():
    """`ability`, `stacktrace` and `method` say nothing."""
    params = {"conversationID": "x", "ability": [32], "stacktrace": "#0", "method": "getConversation"}

    assert ({"conversation_id": "x"}, ()) == bind("getConversation", params, strict=True)


def test_left_out_keys_get_darts_defaults():
    """Defaults of Dart are filled in, freshly each time."""
    args, warnings = bind("getHistoryMessageListV2", {"count": 20, "userID": "bob"})
    args["message_type_list"].append(1)

    assert () == warnings
    assert (3, -1, None) == (args["get_type"], args["last_msg_seq"], args["group_id"])
    assert [] == bind("getHistoryMessageListV2", {"count": 20})[0]["message_type_list"]


def test_lists_are_copies():
    """Nothing that a handler does to its arguments changes the call."""
    params = {"conversationIDList": ["a"], "groupName": "g"}
    bind("createConversationGroup", params)[0]["conversation_id_list"].append("b")

    assert ["a"] == params["conversationIDList"]


def test_integral_number_is_taken_for_a_double():
    """JSON writes 2.0 as 2: it becomes a float."""
    args, _ = bind("createLocationMessage", {"desc": "", "longitude": 2, "latitude": 1.5})

    assert (2.0, float) == (args["longitude"], type(args["longitude"]))


def test_models_become_dicts_of_python_names():
    """A nested map of a model is renamed all the way down; keys left out are null."""
    args, warnings = bind(
        "getConversationListByFilter", {"filter": {"conversationGroup": "g"}, "nextSeq": 0, "count": 1}
    )

    assert () == warnings
    assert "g" == args["filter"]["conversation_group"]
    assert (None, None) == (args["filter"]["mark_type"], args["filter"]["has_unread_count"])


def test_models_nest():
    """Models in models, and lists of them, are decoded too."""
    message = {"msgID": "m", "elemType": 3, "imageElem": {"path": "p", "imageList": [{"uuid": "u", "type": 0}]}}
    args, _ = bind("modifyMessage", {"message": message})

    assert "u" == args["message"]["image_elem"]["image_list"][0]["uuid"]


def test_push_info_is_a_model():
    """offlinePushInfo comes in Python names wherever it comes."""
    args, warnings = bind("sendMessage", {**SEND, "offlinePushInfo": {"title": "t", "iOSSound": "s"}})

    assert () == warnings
    assert ("t", "s", None) == tuple(args["offline_push_info"][key] for key in ("title", "ios_sound", "desc"))


def test_null_is_taken_with_a_warning():
    """A null that Dart never sends becomes Dart's default or the type's empty value, and the journal hears of it."""
    args, warnings = bind("sendMessage", {**SEND, "receiver": None, "priority": None, "needReadReceipt": None})

    assert ("", 0, False) == (args["receiver"], args["priority"], args["need_read_receipt"])
    assert 3 == len(warnings)
    assert "receiver is null, which the plugin never sends" in warnings


def test_missing_key_is_taken_with_a_warning():
    """A key that Dart always sends may be left out by hand-written clients."""
    args, warnings = bind("getConversationList", {"nextSeq": "0"})

    assert 0 == args["count"]
    assert ("count is missing, which the plugin always sends",) == warnings


def test_declared_nullable_needs_no_warning():
    """What Dart declares nullable is simply null."""
    assert ({"conversation_id": "x", "draft_text": None}, ()) == bind("setConversationDraft", {"conversationID": "x"})


def test_null_id_of_a_send_reaches_the_handler():
    """The adapter answers a null id in its own words."""
    assert bind("sendMessage", {**SEND, "id": None})[0]["id"] is None


def test_unknown_keys_are_taken_with_a_warning():
    """Unknown keys, nested ones too, are named in warnings and dropped."""
    args, warnings = bind("getConversation", {"conversationID": "x", "conversationId": "y"})
    _, nested = bind("searchGroups", {"searchParam": {"keywordList": ["a"], "wordList": []}})

    assert {"conversation_id": "x"} == args
    assert ("conversationId is no argument of getConversation; did you mean conversationID?",) == warnings
    assert "searchParam.wordList is no key of V2TimGroupSearchParam; did you mean keywordList?" in nested


def test_few_mistakes_are_guessed_at():
    """Thousands of unknown keys are named, and only the first ones compared with those that there are."""
    _, warnings = bind("getConversation", {"conversationID": "x", **{f"conversationID{number}": 1 for number in range(100)}})
    assert (100, MOST_GUESSES) == (len(warnings), sum("did you mean" in warning for warning in warnings))


def test_keys_that_android_ignores_are_never_required():
    """They may be missing or null without a word."""
    assert ({"listener_id": None}, ()) == bind("removeCommunityListener", {})
    assert () == bind("joinGroup", {"groupID": "g", "message": "m", "groupType": None})[1]


def test_missing_target_is_refused():
    """Without what it acts on a call cannot be made."""
    violations = refused("createConversationGroup", {})

    assert {"groupName": "is missing", "conversationIDList": "is missing"} == violations


def test_null_target_is_refused():
    """A null is no better."""
    violations = refused("createConversationGroup", {"groupName": None, "conversationIDList": ["c2c_bob"]})

    assert {"groupName": "must be a string, not null"} == violations


def test_wrong_manager_names_the_right_one():
    """The right manager is in the message; all else is checked as well."""
    violations = refused("getConversation", {"TIMManagerName": "groupManager"})

    assert "is 'groupManager', but getConversation belongs to conversationManager" == violations["TIMManagerName"]
    assert "is missing" == violations["conversationID"]


@pytest.mark.parametrize(
    ("method", "params", "path", "message"),
    [
        ("getConversation", {"conversationID": 1}, "conversationID", "must be a string, not 1"),
        ("getConversationList", {"nextSeq": "0", "count": True}, "count", "must be an integer, not true"),
        ("getConversationList", {"nextSeq": "0", "count": 1.0}, "count", "must be an integer, not 1.0"),
        ("getConversationList", {"nextSeq": "0", "count": 2**63}, "count", "does not fit into 64 bits"),
        ("pinConversation", {"conversationID": "c", "isPinned": 1}, "isPinned", "must be true or false, not 1"),
        (
            "createLocationMessage",
            {"desc": "", "longitude": "1", "latitude": 1.0},
            "longitude",
            "must be a number, not a string",
        ),
        (
            "createLocationMessage",
            {"desc": "", "longitude": 10**400, "latitude": 1.0},
            "longitude",
            "does not fit into 64 bits",
        ),
        ("sendImageMessage", {"fileContent": "x"}, "fileContent", "must be bytes, not a string"),
        ("deleteConversationList", {"conversationIDList": "c"}, "conversationIDList", "must be a list, not a string"),
        (
            "deleteConversationList",
            {"conversationIDList": ["c", 2]},
            "conversationIDList[1]",
            "must be a string, not 2",
        ),
        (
            "deleteConversationList",
            {"conversationIDList": [None]},
            "conversationIDList[0]",
            "must be a string, not null",
        ),
        ("initGroupAttributes", {"groupID": "g", "attributes": {"k": 1}}, "attributes.k", "must be a string, not 1"),
        ("getConversationListByFilter", {"filter": []}, "filter", "must be an object, not a list"),
        (
            "getConversationListByFilter",
            {"filter": {"markType": "1"}},
            "filter.markType",
            "must be an integer, not a string",
        ),
        (
            "setMessageExtensions",
            {"msgID": "m", "extensions": [{"key": 1}]},
            "extensions[0].key",
            "must be a string, not 1",
        ),
        (
            "modifyMessage",
            {"message": {"imageElem": {"imageList": [{"type": "x"}]}}},
            "message.imageElem.imageList[0].type",
            "must be an integer, not a string",
        ),
    ],
)
def test_wrong_types_are_refused(method, params, path, message):
    """Each kind of mistake is named with its path, in plain words."""
    assert message == refused(method, params)[path]


def test_every_violation_is_listed():
    """One refusal tells all, in the order of the arguments."""
    violations = refused("createConversationGroup", {"conversationIDList": [1, "a", None], "groupName": 3})

    assert ["groupName", "conversationIDList[0]", "conversationIDList[2]"] == list(violations)


def test_message_tells_the_first_violation():
    """The sentence of the error names the method and the first violation, and counts the others."""
    with pytest.raises(InvalidArguments) as caught:
        bind("createConversationGroup", {})

    assert "createConversationGroup: groupName is missing (and 1 more)" == caught.value.message


@pytest.mark.parametrize(
    ("params", "path", "message"),
    [
        ({"nextSeq": "0"}, "count", "is missing"),
        ({"nextSeq": None, "count": 1}, "nextSeq", "must be a string, not null"),
        (
            {"nextSeq": "0", "count": 1, "nextseq": "0"},
            "nextseq",
            "is no argument of getConversationList; did you mean nextSeq?",
        ),
    ],
)
def test_strict_refuses_what_else_is_warned_about(params, path, message):
    """Strict mode takes nothing that the plugin would not send."""
    assert bind("getConversationList", params)[1]
    assert {path: message} == refused("getConversationList", params, strict=True)


def test_strict_reaches_into_models():
    """Unknown keys and nulls inside a model are refused as well."""
    violations = refused("searchGroups", {"searchParam": {"keywordList": None, "x": 1}}, strict=True)

    assert "must be a list, not null" == violations["searchParam.keywordList"]
    assert "searchParam.x" in violations


def test_dialects_have_their_own_arguments():
    """5.0 knows nothing of what came with 8.2."""
    old = {key: value for key, value in SEND.items() if key != "isExcludedFromContentModeration"}

    assert () == bind("sendMessage", old, OLD, strict=True)[1]
    assert ["isExcludedFromContentModeration"] == list(refused("sendMessage", SEND, OLD, strict=True))


def test_usual_calls_take_the_fast_way():
    """A usual call takes a few microseconds (the budget is measured by tools/bench/bind.py)."""
    send = NEW.method("sendMessage").bind

    assert min(timeit.repeat(lambda: send(SEND), number=2000, repeat=5)) / 2000 < 20e-6


def made(properties, **document):
    """Return the spec of a made-up method that takes some arguments."""
    whole = {**NEW.document("methods", "pinConversation"), "method": "made", **document}
    arguments = {"type": "object", "properties": properties, "required": []}
    return compiling.method_spec({**whole, "arguments": arguments}, NEW.model, Platforms({"android": {}, "ios": {}}))


TEXT_OR_NUMBER = {"type": ["string", "integer"]}
LISTS = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"type": "integer"}}]}


@pytest.mark.parametrize(
    ("schema", "value"),
    [(TEXT_OR_NUMBER, "1"), (TEXT_OR_NUMBER, 1), (LISTS, ["a"]), (LISTS, [1]), (LISTS, [])],
)
def test_union_takes_each_of_its_types(schema, value):
    """An argument of several types takes a value of any, as it is."""
    assert ({"key": value}, ()) == made({"key": schema}).bind({"key": value})


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        (TEXT_OR_NUMBER, 1.5, "must be a string or an integer, not 1.5"),
        (TEXT_OR_NUMBER, 2**70, "does not fit into 64 bits"),
        (LISTS, [1, "a"], "is a list, but none of those it may be"),
        (LISTS, "a", "must be a list, not a string"),
    ],
)
def test_union_refuses_what_none_takes(schema, value, message):
    """What fits none of the types is refused, and all are named."""
    with pytest.raises(InvalidArguments) as caught:
        made({"key": schema}).bind({"key": value})

    assert [{"path": "key", "message": message}] == caught.value.violations


def test_union_may_be_null():
    """With null among its types a union takes it; without, it counts as the first type's emptiest value."""
    assert ({"key": None}, ()) == made({"key": {"type": ["string", "integer", "null"]}}).bind({"key": None})
    assert {"key": ""} == made({"key": TEXT_OR_NUMBER}).bind({"key": None})[0]


def test_unsent_argument_has_its_default():
    """What the client of a version does not send reaches the handler all the same, and is no argument."""
    spec = made({"text": {"type": "string"}, "moreIDs": {"type": "array", "x-unsent": True, "default": [1]}})

    assert ["text"] == [param.key for param in spec.params]
    assert ({"more_ids": [1], "text": "a"}, ()) == spec.bind({"text": "a"})
    args, warnings = spec.bind({"text": "a", "moreIDs": [2]})
    assert ({"more_ids": [1], "text": "a"}, ("moreIDs is no argument of made",)) == (args, warnings)
    args["more_ids"].append(3)
    assert [1] == spec.bind({"text": "a"})[0]["more_ids"]


def test_method_names_its_handler():
    """A method's schema says which function answers it, and what it is given besides."""
    spec = NEW.method("addFriendListener")

    assert ("listeners.add", {"topic": "friends"}) == (spec.handler, spec.constants)
