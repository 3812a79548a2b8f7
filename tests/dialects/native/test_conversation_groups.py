"""The seed document's story on the native generation: conversation groups, their callbacks, their refusals."""

from __future__ import annotations

import json

from tests.support.native import NativeApp, NativeStage

CREATED, DELETED, RENAMED, ADDED, TAKEN_OUT = 35, 36, 37, 38, 39


def _create(app: NativeApp, name: str, *ids: str) -> object:
    return app.value("DartCreateConversationGroup", group_name=name, conversation_id_array=list(ids))


def test_story_of_a_group() -> None:
    """A group is created, listed, renamed, filled, emptied and deleted, and each step calls back with its own keys."""
    alice = NativeStage().enter("alice")
    alice.send("hi", to="bob")
    alice.send("hi", to="carol")
    alice.heard()

    outcome = _create(alice, "work", "c2c_bob")
    assert [
        {
            "conversation_operation_result_conversation_id": "c2c_bob",
            "conversation_operation_result_result_code": 0,
            "conversation_operation_result_result_info": "",
        }
    ] == outcome
    said = alice.heard()[0]
    assert (CREATED, "work") == (said["callbackType"], said["group_name"])
    assert [("bob", 1)] == [(one["conv_id"], one["conv_type"]) for one in said["conversation_array"]]
    assert ["work"] == said["conversation_array"][0]["conv_conversation_group_array"]

    assert ["work"] == alice.value("DartGetConversationGroupList")

    alice.call("DartRenameConversationGroup", old_name="work", new_name="job")
    said = alice.heard()[0]
    assert (RENAMED, "work", "job") == (said["callbackType"], said["old_name"], said["new_name"])

    alice.call("DartAddConversationsToGroup", group_name="job", conversation_id_array=["c2c_carol"])
    said = alice.heard()[0]
    assert (ADDED, "carol") == (said["callbackType"], said["conversation_array"][0]["conv_id"])

    alice.call("DartDeleteConversationsFromGroup", group_name="job", conversation_id_array=["c2c_bob"])
    said = alice.heard()[0]
    assert (TAKEN_OUT, "bob") == (said["callbackType"], said["conversation_array"][0]["conv_id"])

    alice.call("DartDeleteConversationGroup", group_name="job")
    said = alice.heard()[0]
    assert {"callbackType": DELETED, "group_name": "job"} == said
    assert [] == alice.value("DartGetConversationGroupList")


def test_pages_of_a_group_end() -> None:
    """Pages by filter go on by a number as text, until one says that it is the last and names 0."""
    alice = NativeStage().enter("alice")
    for name in ("bob", "carol", "dave"):
        alice.send("hi", to=name)
    _create(alice, "g", "c2c_bob", "c2c_carol", "c2c_dave")

    found: list[str] = []
    cursor = "0"
    while True:
        page = alice.value(
            "DartGetConversationListByFilter",
            filter={"conversation_list_filter_conversation_group": "g"},
            next_seq=int(cursor),
            count=2,
        )
        found += [one["conv_id"] for one in page["conversation_list_result_conv_list"]]
        cursor = page["conversation_list_result_next_seq"]
        if page["conversation_list_result_is_finished"]:
            break

    assert (["dave", "carol", "bob"], "0") == (found, cursor)


def test_refusals_of_groups() -> None:
    """A name that nobody has, 51009; a 21st group, 51010; a name that is none, 51011; nothing changes."""
    stage = NativeStage()
    alice = stage.enter("alice")
    for number in range(20):
        _create(alice, f"g{number}", "c2c_bob")
    alice.heard()
    before = stage.snapshot()

    assert 51009 == alice.refused("DartDeleteConversationGroup", group_name="nobody's")
    assert 51010 == alice.refused("DartCreateConversationGroup", group_name="more", conversation_id_array=["c2c_bob"])
    assert 51011 == alice.refused("DartCreateConversationGroup", group_name="", conversation_id_array=["c2c_bob"])
    assert [] == alice.heard()
    assert before == stage.snapshot()


def test_arrays_of_callbacks_are_texts() -> None:
    """What a callback says of conversations is a JSON text inside the JSON text: a real array throws in Dart."""
    alice = NativeStage().enter("alice")
    _create(alice, "g", "c2c_bob")
    said = next(item.arguments for item in alice.turn.items if item is not alice.turn.reply)

    assert isinstance(said["conversation_array"], str)
    assert "bob" == json.loads(said["conversation_array"])[0]["conv_id"]


def test_malformed_json_is_refused() -> None:
    """A text that is no JSON, or another kind of value, is an invalid parameter: Dart must hear of it, or it waits for ever."""
    alice = NativeStage().enter("alice")
    for text in ("[", "{}", '"c2c_bob"', "[1]"):
        assert 6017 == alice.refused("DartCreateConversationGroup", group_name="g", conversation_id_array=text)
    assert [] == alice.value("DartGetConversationGroupList")
