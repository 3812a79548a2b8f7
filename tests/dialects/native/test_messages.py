"""Messages of native apps: what Dart makes half, the service makes whole; failures, pages, media."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.catalogue import native_dialects
from tests.support.native import NativeApp, NativeStage, made

RECEIVED, UPLOAD, RECEIPT, REVOKED, MODIFIED, EXTENSIONS, EXTENSIONS_GONE, REACTIONS, PINNED = 7, 8, 9, 10, 11, 12, 13, 14, 16


def two() -> tuple[NativeStage, NativeApp, NativeApp]:
    """Return a stage with alice and bob on it."""
    stage = NativeStage()
    return stage, stage.enter("alice"), stage.enter("bob")


def page(app: NativeApp, to: str, kind: int = 1, **params: Any) -> list[dict[str, Any]]:
    """Return a page of a history."""
    wanted = {
        "msg_getmsglist_param_count": 20,
        "msg_getmsglist_param_is_ramble": True,
        "msg_getmsglist_param_is_forward": False,
        "msg_getmsglist_param_last_msg": None,
        "msg_getmsglist_param_last_msg_seq": -1,
        **{f"msg_getmsglist_param_{key}": value for key, value in params.items()},
    }
    found: list[dict[str, Any]] = app.value("DartGetHistoryMessageList", conv_id=to, conv_type=kind, json_get_msg_param=wanted)
    return found


def texts(found: list[dict[str, Any]]) -> list[str]:
    """Return the texts of messages."""
    return [one["message_elem_array"][0]["text_elem_content"] for one in found]


def test_half_message_comes_out_whole() -> None:
    """A message that Dart made has null for nearly everything; the answer has what the service decides, and Dart's own id."""
    stage, alice, bob = two()
    reply = alice.reply("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("hi"))
    message = json.loads(reply["json_param"])

    assert reply["return"] == message["message_msg_id"] != ""
    assert "created_temp_id-1" == message["id"]
    assert ("bob", 1, "alice", 2) == tuple(
        message[f"message_{key}"] for key in ("conv_id", "conv_type", "sender", "status")
    )
    assert stage.world.now_s == message["message_server_time"]
    assert message["message_rand"] and message["message_seq"]
    assert 0 == message["message_risk_type_identified"]
    heard = next(said for said in bob.heard() if said["callbackType"] == RECEIVED)
    assert [("alice", 1, "hi")] == [
        (one["message_conv_id"], one["message_conv_type"], one["message_elem_array"][0]["text_elem_content"])
        for one in heard["json_msg_array"]
    ]
    assert "id" not in heard["json_msg_array"][0]


def test_failed_send_answers_message() -> None:
    """A refused send answers its code with the message, status failed, under the id that the function returned."""
    _, alice, _ = two()
    reply = alice.reply("DartSendMessage", conv_id="nowhere", conv_type=2, json_msg_param=made("hi"))
    message = json.loads(reply["json_param"])

    assert (10010, 3) == (reply["code"], message["message_status"])
    assert reply["return"] == message["message_msg_id"]
    assert [message["message_msg_id"]] == [
        one["message_msg_id"] for one in alice.value("DartFindMessages", json_message_id_array=[reply["return"]])
    ]


def test_send_without_login_fails() -> None:
    """Without a login a send is answered with 6014 and the message, failed, and kept nowhere."""
    stage = NativeStage()
    app = stage.app()
    before = stage.snapshot()
    reply = app.reply("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("hi"))

    assert (6014, 3) == (reply["code"], json.loads(reply["json_param"])["message_status"])
    assert reply["return"] == json.loads(reply["json_param"])["message_msg_id"] != ""
    assert before == stage.snapshot()


def test_failed_message_is_sent_again() -> None:
    """A message that failed goes out again under its own id when it comes back with status 3."""
    _stage, alice, _bob = two()
    reply = alice.reply("DartSendMessage", conv_id="town", conv_type=2, json_msg_param=made("hi"))
    failed = json.loads(reply["json_param"])
    alice.call(
        "DartCreateGroup",
        json_group_create_param={
            "create_group_param_group_id": "town",
            "create_group_param_group_name": "town",
            "create_group_param_group_type": 0,
        },
    )
    again = alice.reply("DartSendMessage", conv_id="town", conv_type=2, json_msg_param=failed)

    assert (0, failed["message_msg_id"]) == (again["code"], again["return"])
    assert 2 == json.loads(again["json_param"])["message_status"]


def test_sent_message_sent_again_is_new() -> None:
    """A message that was sent and is handed to a send once more goes out as another one."""
    _, alice, _ = two()
    first = alice.send("hi", to="bob")
    second = alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=first)

    assert first["message_msg_id"] != second["message_msg_id"]


@pytest.mark.parametrize("elems", [None, [], [{"elem_type": 5}], [{"elem_type": 8}], [{"elem_type": 13}], [{"elem_type": 99}], [{}], ["x"]])
def test_elements_nobody_sends_are_refused(elems: list[Any]) -> None:
    """A message without elements, or with one that only the service writes, is an invalid parameter; nothing is kept."""
    stage, alice, _ = two()
    before = stage.snapshot()

    assert 6017 == alice.refused(
        "DartSendMessage", conv_id="bob", conv_type=1, json_msg_param={**made(), "message_elem_array": elems}
    )
    assert before == stage.snapshot()


def test_options_of_message_are_taken() -> None:
    """Options stand in the message: mentions, priority, receipts, targets, cloud data, the push."""
    _, alice, _ = two()
    message = alice.send(
        "hi",
        to="bob",
        message_priority=1,
        message_need_read_receipt=True,
        message_cloud_custom_str="cloud",
        message_is_excluded_from_unread_count=True,
        message_group_at_user_array=["bob", "__kImSDK_MesssageAtALL__"],
        message_offline_push_config={
            "offline_push_config_title": "t",
            "offline_push_config_flag": 1,
            "offline_push_config_ios_config": {"ios_offline_push_config_sound": "s"},
        },
    )

    assert 1 == message["message_priority"]
    assert message["message_need_read_receipt"] and message["message_is_excluded_from_unread_count"]
    assert "cloud" == message["message_cloud_custom_str"]
    assert ["bob", "__kImSDK_MessageAtALL__"] == message["message_group_at_user_array"]
    push = message["message_offline_push_config"]
    assert ("t", 1) == (push["offline_push_config_title"], push["offline_push_config_flag"])
    assert "s" == push["offline_push_config_ios_config"]["ios_offline_push_config_sound"]


HARD = ("\x00 \" \\ \u2028 \u2029 👩‍👩‍👧", "\ud83d half", "</script>", "{", "[1]", "\r\n")


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_come_through(text: str) -> None:
    """NUL, quotes, line separators, emoji, half a pair of surrogates and what looks like JSON arrive as they were sent."""
    _, alice, bob = two()
    alice.send(text, to="bob")

    assert [text] == texts(page(bob, "alice"))


def test_history_has_four_kinds() -> None:
    """Older pages are newest first, newer ones oldest first, of the cloud and of what is local alike; the start is left out."""
    _, alice, _ = two()
    sent = [alice.send(str(number), to="bob") for number in range(5)]

    assert ["4", "3", "2", "1", "0"] == texts(page(alice, "bob"))
    for ramble in (True, False):
        assert ["1", "0"] == texts(page(alice, "bob", is_ramble=ramble, last_msg=sent[2]))
        assert ["3", "4"] == texts(page(alice, "bob", is_ramble=ramble, is_forward=True, last_msg=sent[2]))
        assert ["3"] == texts(page(alice, "bob", is_ramble=ramble, is_forward=True, last_msg=sent[2], count=1))


def test_unknown_start_is_the_top() -> None:
    """A page behind a message that the client does not have begins at the top again."""
    _, alice, _ = two()
    alice.send("hi", to="bob")

    assert ["hi"] == texts(page(alice, "bob", last_msg={"message_msg_id": "nobody's"}))


def test_sequence_of_history_counts_itself() -> None:
    """A page of a group from a number on has the message of that number; -1 says nothing."""
    _, alice, _ = two()
    alice.call("DartCreateGroup", json_group_create_param=_group("town"))
    sent = [alice.send(str(number), group="town") for number in range(4)]

    found = page(alice, "town", 2, last_msg_seq=sent[2]["message_seq"])
    assert ["2", "1", "0"] == list(_texts_only(found))[:3]
    assert "3" == _texts_only(page(alice, "town", 2, last_msg_seq=-1))[0]


def _texts_only(found: list[dict[str, Any]]) -> list[str]:
    return texts([one for one in found if one["message_elem_array"][0]["elem_type"] == 0])


def _group(name: str, kind: int = 0, **keys: Any) -> dict[str, Any]:
    return {
        "create_group_param_group_id": name,
        "create_group_param_group_name": name,
        "create_group_param_group_type": kind,
        **keys,
    }


def test_kinds_in_filters_are_renumbered() -> None:
    """A filter by kinds of elements speaks the library's numbers: 3 is custom, not an image."""
    _, alice, _ = two()
    alice.send("hi", to="bob")
    alice.value(
        "DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", {"elem_type": 3, "custom_elem_data": "d"})
    )

    found = page(alice, "bob", is_ramble=False, message_type_array=[3])
    assert [3] == [one["message_elem_array"][0]["elem_type"] for one in found]


def test_find_has_all_that_client_has() -> None:
    """A message is found by its id whether it was sent, failed, revoked or inserted; unknown ids are passed over."""
    _, alice, _ = two()
    sent = alice.send("hi", to="bob")
    gone = alice.send("ho", to="bob")
    alice.call("DartRevokeMessage", conv_id="conv_id", conv_type=1, json_msg_param=gone)
    failed = json.loads(alice.reply("DartSendMessage", conv_id="x", conv_type=2, json_msg_param=made())["json_param"])
    inserted = alice.value(
        "DartSaveMessage", conv_id="bob", conv_type=1, json_msg_param={**made("note"), "message_sender": "carol"}
    )
    ids = [one["message_msg_id"] for one in (sent, gone, failed, inserted)]

    found = alice.value("DartFindMessages", json_message_id_array=[*ids, "nobody's"])
    assert [(ids[0], 2), (ids[1], 6), (ids[2], 3), (ids[3], 5)] == [
        (one["message_msg_id"], one["message_status"]) for one in found
    ]


def test_revocation_says_five_texts() -> None:
    """The callback of a revocation has the id and four texts, none of which may be missing in Dart."""
    _, alice, bob = two()
    message = alice.send("hi", to="bob")
    bob.heard()
    alice.call("DartRevokeMessage", conv_id="conv_id", conv_type=1, json_msg_param=message)

    said = next(one for one in bob.heard() if one["callbackType"] == REVOKED)
    assert [
        {
            "message_msg_id": message["message_msg_id"],
            "message_revoke_reason": "",
            "message_revoker_user_id": "alice",
            "message_revoker_nick_name": "",
            "message_revoker_face_url": "",
        }
    ] == said["json_msg_locator_array"]


MEDIA = {
    "image": {"elem_type": 1, "image_elem_orig_path": "/data/i.png"},
    "sound": {"elem_type": 2, "sound_elem_file_path": "/data/s.m4a", "sound_elem_file_time": 3},
    "file": {"elem_type": 4, "file_elem_file_path": "/data/f.pdf", "file_elem_file_name": "f.pdf"},
    "video": {"elem_type": 9, "video_elem_video_path": "/data/v.mp4", "video_elem_image_path": "/data/p.png"},
}
PLACES = {
    "image": [(f"image_elem_{one}_id", f"image_elem_{one}_url", 0) for one in ("orig", "thumb", "large")],
    "sound": [("sound_elem_file_id", "sound_elem_url", 3)],
    "file": [("file_elem_file_id", "file_elem_url", 1)],
    "video": [("video_elem_video_id", "video_elem_video_url", 2), ("video_elem_image_id", "video_elem_image_url", 0)],
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_have_ids_and_addresses(kind: str) -> None:
    """Every file has an id and an address, for Dart asks for neither; a download tells that it is done before it is answered."""
    _, alice, bob = two()
    alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", MEDIA[kind]))
    elem = page(bob, "alice")[0]["message_elem_array"][0]

    for name, url, number in PLACES[kind]:
        assert elem[name] and elem[url], (name, url)
        bob.heard()
        bob.call(
            "DartDownloadElemToPath",
            json_download_elem_param={
                "msg_download_elem_param_id": elem[name],
                "msg_download_elem_param_type": number,
                "msg_download_elem_param_url": elem[url],
            },
            path="/data/x",
        )
        before = [item.arguments for item in bob.turn.items[: bob.turn.items.index(bob.turn.reply)]]
        assert {"apiCallback"} == {said["callback"] for said in before}
        assert {"downloading"} == {said["desc"] for said in before}
        last = json.loads(before[-1]["json_param"])
        assert 0 < last["msg_download_elem_result_current_size"] == last["msg_download_elem_result_total_size"]


def test_variants_of_an_image_are_kept() -> None:
    """An image that has been uploaded comes out of a message that is saved as it went in, variant by variant."""
    _, alice, _ = two()
    image = {"elem_type": 1, "image_elem_orig_path": "/tmp/x.png"}
    sent = alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", image))
    elem = dict(sent["message_elem_array"][0])
    for at, stem in enumerate(("orig", "thumb", "large")):
        for key, number in (("size", 100), ("width", 10), ("height", 20)):
            elem[f"image_elem_{stem}_pic_{key}"] = number + at
    note = {**made(), "message_sender": "carol", "message_elem_array": [elem]}
    saved = alice.value("DartSaveMessage", conv_id="bob", conv_type=1, json_msg_param=note)
    assert [elem] == saved["message_elem_array"] == page(alice, "bob")[0]["message_elem_array"]
    del elem["image_elem_thumb_id"]
    saved = alice.value("DartSaveMessage", conv_id="bob", conv_type=1, json_msg_param=note)
    (found,) = saved["message_elem_array"]
    assert {"orig", "large"} == {key.split("_")[2] for key in found if key.endswith("_id") and found[key]}


def test_elements_behind_a_picture() -> None:
    """A message whose first element has addresses keeps those behind it."""
    _, alice, bob = two()
    picture = {"elem_type": 1, "image_elem_orig_path": "/tmp/x.png"}
    texts_behind = [{"elem_type": 0, "text_elem_content": text} for text in ("one", "two")]
    sent = {**made(), "message_elem_array": [picture, *texts_behind]}
    alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=sent)
    (message,) = page(bob, "alice")
    first, *others = message["message_elem_array"]
    assert 1 == first["elem_type"] and first["image_elem_orig_url"]
    assert ["one", "two"] == [one["text_elem_content"] for one in others]


def test_unknown_address_is_refused() -> None:
    """An address that leads to nothing the user has is an invalid parameter; another user's message is nothing."""
    stage, alice, _ = two()
    carol = stage.enter("carol")
    elem = alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", MEDIA["sound"]))[
        "message_elem_array"
    ][0]
    for url in ("", "https://example.com/x", "https://media.timbridge.invalid/nobody's", "-f", "-"):
        param = {"msg_download_elem_param_id": "x", "msg_download_elem_param_type": 3, "msg_download_elem_param_url": url}
        assert 6017 == alice.refused("DartDownloadElemToPath", json_download_elem_param=param, path="/x")
    assert 6017 == carol.refused("DartConvertVoiceToText", url=elem["sound_elem_url"], language="en")


def test_voice_is_answered_as_plain_text() -> None:
    """What a voice says is a text as it is, no JSON."""
    _, alice, _ = two()
    elem = alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", MEDIA["sound"]))[
        "message_elem_array"
    ][0]

    assert "[en] voice of 3 s" == alice.call("DartConvertVoiceToText", url=elem["sound_elem_url"], language="en")["json_param"]


def test_upload_tells_progress_of_own_message() -> None:
    """While a file goes up, the callback names the message by Dart's own id; the numbers make percents."""
    _, alice, _ = two()
    alice.heard()
    alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", MEDIA["file"]))

    told = [said for said in alice.heard() if said["callbackType"] == UPLOAD]
    assert {"created_temp_id-1"} == {said["json_msg"]["id"] for said in told}
    assert [25, 50, 75, 100] == [100 * said["cur_size"] // said["total_size"] for said in told]


def test_merger_is_made_and_read() -> None:
    """A merger names its messages as whole objects; whoever gets it asks for them, and can pass it on."""
    stage, alice, bob = two()
    carol = stage.enter("carol")
    inside = alice.send("inside", to="bob")
    elem = {
        "elem_type": 12,
        "merge_elem_title": "t",
        "merge_elem_abstract_array": ["a"],
        "merge_elem_compatible_text": "old",
        "merge_elem_message_array": [inside],
    }
    alice.value("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", elem))
    merger = page(bob, "alice")[0]

    assert ("t", ["a"]) == tuple(merger["message_elem_array"][0][f"merge_elem_{key}"] for key in ("title", "abstract_array"))
    assert ["inside"] == texts(bob.value("DartDownloadMergerMessage", json_single_msg=merger))
    passed_on = {**made(), "message_elem_array": merger["message_elem_array"]}
    bob.value("DartSendMessage", conv_id="carol", conv_type=1, json_msg_param=passed_on)
    assert ["inside"] == texts(carol.value("DartDownloadMergerMessage", json_single_msg=page(carol, "bob")[0]))


def test_refused_merger_answers_message() -> None:
    """A merger without a text for old clients is refused, and the message comes back, failed."""
    _, alice, _ = two()
    elem = {"elem_type": 12, "merge_elem_title": "t", "merge_elem_message_array": [alice.send("inside", to="bob")]}
    reply = alice.reply("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made("", elem))

    assert (6017, 3) == (reply["code"], json.loads(reply["json_param"])["message_status"])


def test_modified_message_comes_back() -> None:
    """Modifying answers the message as it is now, and every party is called back."""
    _, alice, bob = two()
    message = alice.send("hi", to="bob")
    bob.heard()
    changed = {**message, "message_elem_array": [{"elem_type": 0, "text_elem_content": "ho"}], "message_cloud_custom_str": "c"}

    answered = alice.value("DartModifyMessage", json_msg_param=changed)
    assert ("ho", "c") == (texts([answered])[0], answered["message_cloud_custom_str"])
    said = next(one for one in bob.heard() if one["callbackType"] == MODIFIED)
    assert ["ho"] == texts(said["json_msg_array"])


def test_extensions_are_told_by_id() -> None:
    """Extensions are set as pairs, told with the message's id, and told as objects when they go."""
    _, alice, bob = two()
    message = alice.send("hi", to="bob", message_support_message_extension=True)
    bob.heard()
    pair = {"message_extension_key": "k", "message_extension_value": "v"}

    assert [pair] == [
        one["message_extension_item"]
        for one in alice.value("DartSetMessageExtensions", json_msg=message, json_extension_array=[pair])
    ]
    said = next(one for one in bob.heard() if one["callbackType"] == EXTENSIONS)
    assert (message["message_msg_id"], [pair]) == (said["message_id"], said["message_extension_array"])
    assert [pair] == bob.value("DartGetMessageExtensions", json_msg=message)
    alice.value("DartDeleteMessageExtensions", json_msg=message, json_extension_key_array=["k"])
    said = next(one for one in bob.heard() if one["callbackType"] == EXTENSIONS_GONE)
    assert [{"message_extension_key": "k"}] == said["message_extension_key_array"]


def test_reading_members_stand_in_envelope() -> None:
    """Who has read a message is an array, with the cursor and the end beside it in the envelope."""
    _, alice, bob = two()
    member = {"group_member_info_identifier": "bob", "group_member_info_member_role": 200}
    alice.call("DartCreateGroup", json_group_create_param=_group("town", create_group_param_group_member_array=[member]))
    message = alice.send("hi", group="town", message_need_read_receipt=True)
    bob.call("DartSendMessageReadReceipts", json_msg_array=[message])

    reply = alice.call("DartGetGroupMessageReadMemberList", json_msg=message, filter=0, next_seq=0, count=10)
    assert (0, True) == (reply["next_seq"], reply["is_finished"])
    assert ["bob"] == [one["group_member_info_identifier"] for one in json.loads(reply["json_param"])]
    said = [one for one in alice.heard() if one["callbackType"] == RECEIPT][-1]["json_msg_read_receipt_array"][0]
    assert (2, "town", 1) == (said["msg_receipt_conv_type"], said["msg_receipt_conv_id"], said["msg_receipt_read_count"])


def test_local_data_of_message_stay_local() -> None:
    """The app's own data are read out of the whole message, kept, and seen by nobody else."""
    _, alice, bob = two()
    message = alice.send("hi", to="bob")
    alice.call("DartSetLocalCustomData", json_msg_param={**message, "message_custom_str": "mine", "message_custom_int": 7})

    own, theirs = page(alice, "bob")[0], page(bob, "alice")[0]
    assert ("mine", 7) == (own["message_custom_str"], own["message_custom_int"])
    assert ("", 0) == (theirs["message_custom_str"], theirs["message_custom_int"])


def test_deleting_names_whole_messages() -> None:
    """Messages to delete come as whole objects, in an array or inside a parameter."""
    _, alice, _ = two()
    first, second, third = (alice.send(text, to="bob") for text in "abc")
    alice.call("DartDeleteMessages", conv_id="bob", conv_type=1, json_msg_array=[first])
    alice.call(
        "DartDeleteMessageFromLocalStorage",
        conv_id="bob",
        conv_type=1,
        json_msgdel_param={"msg_delete_param_msg": second, "msg_delete_param_is_ramble": False},
    )

    assert [third["message_msg_id"]] == [one["message_msg_id"] for one in page(alice, "bob")]


def test_search_names_conversations_without_prefix() -> None:
    """What was found stands by conversations: kind and target, which Dart wants both."""
    _, alice, _ = two()
    alice.send("hello", to="bob")
    found = alice.value(
        "DartSearchLocalMessages",
        json_search_message_param={
            "msg_search_param_keyword_array": ["hell"],
            "msg_search_param_keyword_list_match_type": 0,
            "msg_search_param_conv_id": "bob",
            "msg_search_param_conv_type": 1,
        },
    )

    item = found["msg_search_result_item_array"][0]
    assert (1, "bob") == (item["msg_search_result_item_conv_type"], item["msg_search_result_item_conv_id"])
    assert 1 == found["msg_search_result_total_count"]


def test_search_comes_in_pages() -> None:
    """A page has as many conversations as it is asked for; the total counts all."""
    _, alice, _ = two()
    alice.send("hello", to="bob")
    alice.send("hello", to="carol")
    wanted = {"msg_search_param_keyword_array": ["hell"], "msg_search_param_page_size": 1}
    params = [{**wanted, "msg_search_param_page_index": number} for number in (0, 1)]
    pages = [alice.value("DartSearchLocalMessages", json_search_message_param=one) for one in params]

    assert [2, 2] == [page["msg_search_result_total_count"] for page in pages]
    found = [[item["msg_search_result_item_conv_id"] for item in page["msg_search_result_item_array"]] for page in pages]
    assert [["carol"], ["bob"]] == found


def test_older_name_of_history() -> None:
    """The function that no Dart code calls any more answers the same page."""
    _, alice, _ = two()
    alice.send("hi", to="bob")
    wanted = {"msg_getmsglist_param_count": 5, "msg_getmsglist_param_is_ramble": True}

    assert ["hi"] == texts(alice.value("DartGetMessageList", conv_id="bob", conv_type=1, json_get_msg_param=wanted))


QUOTE = {"message_quote_info_msg_id": "m-1", "message_quote_info_message_time": 1700000000, "message_quote_info_message_sequence": 7}


def test_quote_goes_with_the_message() -> None:
    """What a message answers to goes with it to everybody, and into a world file and out of it."""
    stage, alice, bob = two()
    assert QUOTE == alice.send("yes", to="bob", message_quote_info=QUOTE)["message_quote_info"]
    assert QUOTE == page(bob, "alice")[0]["message_quote_info"]
    assert "message_quote_info" not in alice.send("no", to="bob", message_quote_info=None)
    document = stage.emulator.export()
    stage.emulator.load(document)
    assert document["messages"] == stage.emulator.export()["messages"]


@pytest.mark.parametrize("quote", [[], 7, "x", {"message_quote_info_msg_id": 7}, {"message_quote_info_message_time": "now"}])
def test_odd_quote_is_refused(quote: Any) -> None:
    """A quote of another shape is an invalid parameter, and nothing is sent."""
    stage, alice, _ = two()
    before = stage.snapshot()
    assert 6017 == alice.refused("DartSendMessage", conv_id="bob", conv_type=1, json_msg_param=made(message_quote_info=quote))
    assert before == stage.snapshot()


def test_older_clients_know_no_quotes() -> None:
    """A client of 8.8 neither sends a quote nor is told of one."""
    stage = NativeStage("native-8.8")
    alice = stage.enter("alice")
    assert "message_quote_info" not in alice.send("yes", to="bob", message_quote_info=QUOTE)


@pytest.mark.parametrize("dialect", native_dialects())
def test_pinned_and_taken_off(dialect: str) -> None:
    """All members hear of a pin with the whole message, and of one that is taken off with the message's key, which has no element."""
    stage = NativeStage(dialect)
    alice, bob = stage.enter("alice"), stage.enter("bob")
    member = {"group_member_info_identifier": "bob", "group_member_info_member_role": 200}
    alice.call("DartCreateGroup", json_group_create_param=_group("town", create_group_param_group_member_array=[member]))
    message = alice.send("hi", group="town")
    for app in (alice, bob):
        app.heard()
    alice.call("DartPinGroupMessage", group_id="town", json_msg=message, is_pinned=True)
    alice.call("DartPinGroupMessage", group_id="town", json_msg=message, is_pinned=False)
    key = ("message_msg_id", "message_seq", "message_conv_id", "message_conv_type")
    for app in (alice, bob):
        on, off = (said for said in app.heard() if said["callbackType"] == PINNED)
        assert [("town", True, "alice"), ("town", False, "alice")] == [
            (said["group_id"], said["is_pinned"], said["op_user"]["group_member_info_identifier"]) for said in (on, off)
        ]
        assert "hi" == on["json_msg"]["message_elem_array"][0]["text_elem_content"]
        assert [message[one] for one in key] == [off["json_msg"][one] for one in key]
        assert ([], "") == (off["json_msg"]["message_elem_array"], off["json_msg"]["message_sender"])
    assert [] == alice.value("DartGetPinnedGroupMessageList", group_id="town")
