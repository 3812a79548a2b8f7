"""Facts about the client that are easily got wrong, and that no other test is about."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from tests.support.native import NativeApp, NativeStage, made


def two() -> tuple[NativeApp, NativeApp]:
    """Return alice's app, whom bob has written to, and bob's."""
    stage = NativeStage()
    alice, bob = stage.enter("alice"), stage.enter("bob")
    bob.send("hi", to="alice")
    return alice, bob


@pytest.mark.parametrize("dialect", native_dialects())
def test_header_names_say_what_dart_reads(dialect: str) -> None:
    """Where the vendor's header has another name than Dart reads, both are written, of the same value."""
    catalogue = load(dialect)
    assert isinstance(catalogue, NativeCatalogue)
    found = set()
    for name in catalogue.object_names:
        keys = catalogue.object(name).keys
        for header in (key for key in keys if key.header):
            read = [key for key in keys if not key.header and key.of == header.of]
            assert (1, header.type) == (len(read), read[0].type), (name, header.key)
            found.add(name)
    assert {
        "V2TimFollowOperationResult",
        "V2TimPermissionGroupOperationResult",
        "V2TimTopicInfoResult",
        "V2TimTopicPermissionResult",
    } == found


@pytest.mark.parametrize("option", [0, 1, 2])
def test_receive_options_keep_their_numbers(option: int) -> None:
    """Options to receive messages cross as they are, in the call, in the answer and in a conversation; so do priorities."""
    alice, _ = two()
    alice.call("DartSetC2CReceiveMessageOpt", json_identifier_array=["bob"], opt=option)
    told = alice.value("DartGetC2CReceiveMessageOpt", json_identifier_array=["bob"])
    assert [option] == [one["msg_recv_msg_opt_result_opt"] for one in told]
    assert [option] == [row["conv_recv_opt"] for row in alice.value("DartGetConversationList")]
    assert option == alice.send("x", to="bob", message_priority=option)["message_priority"]


def test_one_conversation_has_two_spellings() -> None:
    """A conversation's id is bare beside its kind, and has its prefix in a list and where unread messages are cleaned."""
    alice, _ = two()
    (row,) = alice.value("DartGetConversationList")
    assert ("bob", 1, 1) == (row["conv_id"], row["conv_type"], row["conv_unread_num"])
    alice.call("DartPinConversation", conv_id="bob", conv_type=1, is_pinned=True)
    alice.call("DartMarkConversation", conversation_id_array=["c2c_bob"], mark_type=1, enable_mark=True)
    alice.call("DartCleanConversationUnreadMessageCount", conversation_id="c2c_bob", clean_timestamp=0, clean_sequence=0)
    (row,) = alice.value("DartGetConversationList")
    assert (True, 0, [1]) == (row["conv_is_pinned"], row["conv_unread_num"], row["conv_mark_array"])


@pytest.mark.parametrize("spoilt", ["message_elem_array", "conv_id"])
def test_message_without_its_place_is_taken_as_said(spoilt: str) -> None:
    """What a message says of its own conversation does not count: the arguments do. Elements carry C numbers, the message Dart's own."""
    alice, bob = two()
    keys: dict[str, Any] = {"message_conv_id": "carol", "message_conv_type": 2} if spoilt == "conv_id" else {"elem_type": 9}
    sent = alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("x", **keys))
    assert ("bob", 1, 0) == (sent["message_conv_id"], sent["message_conv_type"], sent["message_elem_array"][0]["elem_type"])
    assert "alice" == bob.value("DartGetConversationList")[0]["conv_id"]


def test_log_of_a_kit_is_taken_whole() -> None:
    """Kits write whole lists of messages into the log: that is an answered call like any other, and changes nothing."""
    alice, _ = two()
    before = alice.stage.snapshot()
    request = {
        "request_internal_operation": "internal_operation_write_log",
        "request_write_log_log_content_param": "\u2028\0\"'\\😀" * 50_000,
    }
    alice.call("DartCallExperimentalAPI", json_param=request)
    assert before == alice.stage.snapshot()
