"""One callback of a native library, several listeners of the app: the journal, expectations and `explain` know all their names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import main
from bridge.control.naming import event_types, heard_as, unknown_event, unknown_method
from bridge.emulator import Server
from tests.support.line import Line
from tests.support.native import made

GROUP = {"create_group_param_group_name": "room", "create_group_param_group_type": 0, "create_group_param_group_id": "room"}
WORK = {**GROUP, "create_group_param_group_type": 1}
INVITED = {"group_invite_member_param_group_id": "room", "group_invite_member_param_identifier_array": ["bob"]}
CHANGED = {"group_modify_info_param_group_id": "room"}
CUSTOM = {"elem_type": 3, "custom_elem_data": "d", "custom_elem_desc": "", "custom_elem_ext": ""}


def app(line: Line) -> Any:
    """Open a native device on which alice is logged in and listens to all; return what calls its functions."""
    line.ask("bridge.device.open", device="app", dialect="native-8.9")

    def call(function: str, **arguments: Any) -> Any:
        given = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in arguments.items()}
        said = line.ask("bridge.device.call", device="app", method=function, arguments={"user_data": "x-1", **given})
        assert said.get("code", 0) == 0, said
        return said

    catalogue = load("native-8.9")
    assert isinstance(catalogue, NativeCatalogue)
    for name in catalogue.callback_names:
        call(catalogue.callback(name).switched_on_by)
    call("DartInitSDK", sdk_app_id=1, json_sdk_config={})
    call("DartLogin", user_id="alice", user_sig="sig")
    return call


def revoke(line: Line, call: Any) -> None:
    """Bob takes back what he has said to alice."""
    said = line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    line.ask("bridge.user.call", user="bob", method="revokeMessage", arguments={"msgID": said["msgID"]})


def text_to_user(line: Line, call: Any) -> None:
    """Bob says something to alice."""
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")


def text_to_group(line: Line, call: Any) -> None:
    """Bob says something in a group that alice has made."""
    call("DartCreateGroup", json_group_create_param=WORK)
    call("DartInviteUserToGroup", json_group_invite_param=INVITED)
    line.ask("bridge.user.say", user="bob", group="room", text="hi")


def custom_to_self(line: Line, call: Any) -> None:
    """Alice's other device sends her a custom message."""
    line.ask("bridge.device.open", device="other", dialect="native-8.9")
    message = {**made(), "message_elem_array": [CUSTOM]}
    for function, arguments in (
        ("DartInitSDK", {"sdk_app_id": 1, "json_sdk_config": "{}"}),
        ("DartLogin", {"user_id": "carl", "user_sig": "sig", "user_data": "x-2"}),
        ("DartSendMessage", {"conv_id": "alice", "conv_type": 1, "json_msg_param": json.dumps(message), "user_data": "x-3"}),
    ):
        line.ask("bridge.device.call", device="other", method=function, arguments=arguments)


def mute_all(line: Line, call: Any) -> None:
    """Alice mutes everybody in a group."""
    call("DartCreateGroup", json_group_create_param=GROUP)
    change = {**CHANGED, "group_modify_info_param_modify_flag": 256, "group_modify_info_param_is_shutup_all": True}
    call("DartSetGroupInfo", json_group_modify_info_param=change)


def rename(line: Line, call: Any) -> None:
    """Alice renames a group: nobody is muted by that."""
    call("DartCreateGroup", json_group_create_param=GROUP)
    change = {**CHANGED, "group_modify_info_param_modify_flag": 1, "group_modify_info_param_group_name": "hall"}
    call("DartSetGroupInfo", json_group_modify_info_param=change)


@pytest.mark.parametrize(
    ("doing", "first", "others", "not_so"),
    [
        (revoke, "onRecvMessageRevoked", ["onRecvMessageRevokedWithInfo"], []),
        (text_to_user, "onRecvNewMessage", ["onRecvC2CTextMessage"], ["onRecvGroupTextMessage", "onRecvC2CCustomMessage"]),
        (text_to_group, "onRecvNewMessage", ["onRecvGroupTextMessage"], ["onRecvC2CTextMessage"]),
        (custom_to_self, "onRecvNewMessage", ["onRecvC2CCustomMessage"], ["onRecvC2CTextMessage"]),
        (mute_all, "onGroupInfoChanged", ["onAllGroupMembersMuted"], []),
        (rename, "onGroupInfoChanged", [], ["onAllGroupMembersMuted"]),
    ],
)
def test_every_name_finds_the_event(doing: Any, first: str, others: list[str], not_so: list[str]) -> None:
    """The journal shows all names of an event, is searched by each, and each is expected with success; others are not."""
    line = Line(Server())  # the referee of others knows channels alone
    call = app(line)
    line.ask("bridge.journal.clear")
    doing(line, call)
    told = [one for one in line.ask("bridge.journal.list", device="app", kind="event")["entries"] if one["method"] == first]
    assert [[first, *others] if others else None] == [one.get("heardAs") for one in told[-1:]]
    for name in (first, *others):
        assert told[-1] in line.ask("bridge.journal.list", device="app", method=name)["entries"]
        expected = {"type": name, "device": "app"}
        assert line.ask("bridge.journal.expect", events=[expected])["match"], name
    for name in not_so:
        assert [] == line.ask("bridge.journal.list", device="app", method=name)["entries"]
        missing = line.ask("bridge.journal.expect", events=[{"type": name, "device": "app"}])
        assert not missing["match"], name


@pytest.mark.parametrize("dialect", native_dialects())
def test_every_listener_is_a_name(dialect: str) -> None:
    """Whatever Dart calls of a callback that tells anything is a name under which some fact of it is found."""
    catalogue = load(dialect)
    assert isinstance(catalogue, NativeCatalogue)
    for name in catalogue.callback_names:
        spec = catalogue.callback(name)
        known = {one for tell in spec.tells for one in (*catalogue.heard_as(spec, tell), *(also.name for also in tell.also))}
        if spec.tells and spec.heard_by:
            assert set(spec.heard_by) == known, name


@pytest.mark.parametrize("said", [None, [], {}, {"callbackType": []}, {"callbackType": 7}, {"callbackType": 7, "json_msg_array": "[["}])
def test_what_says_nothing_has_one_name(said: Any) -> None:
    """What is no callback's, or no text, is heard as what it is called alone."""
    assert ("onRecvNewMessage",) == heard_as("onRecvNewMessage", said)


def test_listener_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """A listener's method leads to the callback that Dart calls it of, whose facts tell their names."""
    assert 0 == main(["explain", "onRecvMessageRevokedWithInfo"])
    assert "from the native library\n  MessageRevoke\n" in capsys.readouterr().out
    assert 0 == main(["explain", "MessageRevoke"])
    said = capsys.readouterr().out
    assert said.startswith("MessageRevoke (callbackType 10")
    assert "onRecvMessageRevoked, onRecvMessageRevokedWithInfo" in said
    assert 0 == main(["explain", "ReceiveNewMessage"])
    assert "onRecvNewMessage, onRecvC2CTextMessage (sometimes)" in capsys.readouterr().out


def test_names_that_nothing_has() -> None:
    """A name that no dialect has is said with the nearest one; names of native callbacks and functions are known."""
    assert "no dialect has an event 'onRecvNewMesage'; did you mean onRecvNewMessage?" == unknown_event("onRecvNewMesage")
    assert "no dialect has a method 'initSDKK'; did you mean initSDK?" == unknown_method("initSDKK")
    assert [None] * 3 == [unknown_method(name) for name in ("initSDK", "DartInitSDK", "createTextMessage")]
    for name in native_dialects():
        catalogue = load(name)
        assert isinstance(catalogue, NativeCatalogue)
        for callback in catalogue.callback_names:
            heard_by = catalogue.callback(callback).heard_by
            assert set(heard_by or (callback,)) <= event_types()
            assert all(unknown_event(one) is None for one in heard_by or (callback,))
