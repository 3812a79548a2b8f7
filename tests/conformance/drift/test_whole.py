"""Whole plugins, written from what a dialect says: they do not drift from it, and one planted change is one finding."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bridge.catalogue import load
from bridge.catalogue.load import Catalogue
from bridge.catalogue.native import NativeCatalogue
from bridge.catalogue.sources import SCHEMAS, FolderSource
from bridge.cli import main
from bridge.conformance.drift import drafting, nearest, packages, reading
from bridge.conformance.drift.facts import Said
from bridge.conformance.drift.findings import Finding
from tests.support.plugins import channel_plugin, native_plugin

OLD = "im-5.0"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    folder = channel_plugin(tmp_path_factory.mktemp("chat"), load("chat-8.2"), "8.2.6325")
    return folder, reading.read(packages.find(folder))


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    catalogue = load("native-8.9")
    assert isinstance(catalogue, NativeCatalogue)
    folder = native_plugin(tmp_path_factory.mktemp("native"), catalogue, "8.9.7540+2")
    return folder, reading.read(packages.find(folder))


def test_own_dialect_has_no_drift(chat):
    """What a dialect says of its plugin is read off that plugin again, and it is the nearest."""
    found = nearest.ranked(chat[1])[0]
    assert ("chat-8.2", []) == (found.dialect, found.findings)
    assert found.statements > 4000


def test_native_dialect_has_no_drift(native):
    """A generation without a channel likewise."""
    found = nearest.ranked(native[1])[0]
    assert ("native-8.9", []) == (found.dialect, found.findings)


def test_old_plugin_is_read_with_its_interface(tmp_path):
    """A plugin whose calls stand in a package beside it, as in pub's cache, is found whole."""
    folder = channel_plugin(tmp_path / "small_chat-5.0.5", load(OLD), "5.0.5", tmp_path / "small_chat_platform_interface-0.3.4")
    found = nearest.ranked(reading.read(packages.find(folder)))[0]
    assert (OLD, []) == (found.dialect, found.findings)


def test_new_plugin_against_old_dialect(chat):
    """Against a dialect that is older, every method that has come since is found, and no other."""
    added = set(load("chat-8.2").method_names) - set(load(OLD).method_names)
    findings = nearest.compare(chat[1], load(OLD)).findings
    assert 56 == len(added)
    assert added == {one.name for one in findings if (one.kind, one.subject) == ("lacks", "method")}
    assert set() == {one.name for one in findings if (one.kind, one.subject) == ("extra", "method")}


PLANTED: dict[str, tuple[str, str, str, list[Finding]]] = {
    "a call more": (
        "lib/channel.dart",
        "class SmallChannel {",
        "class SmallChannel { void praise(String who) { _channel.invokeMethod('praiseUser', to_timManager({'who': who})); }",
        [Finding("lacks", "method", "praiseUser", "a call")],
    ),
    "a call less": (
        "lib/channel.dart",
        "'checkFriend'",
        "'checkOneFriend'",
        [Finding("extra", "method", "checkFriend", "a call"), Finding("lacks", "method", "checkOneFriend", "a call")],
    ),
    "another manager": (
        "lib/channel.dart",
        "'getServerTime', to_timManager",
        "'getServerTime', to_groupManager",
        [Finding("differs", "method", "getServerTime", "goes to ['groupManager'], here to ['timManager']")],
    ),
    "an argument more": (
        "lib/channel.dart",
        "'draftText': draftText",
        "'draftText': draftText, 'draftTime': draftText",
        [Finding("lacks", "argument", "setConversationDraft", "argument draftTime")],
    ),
    "an argument less": (
        "lib/channel.dart",
        "'isPinned': isPinned",
        "",
        [Finding("extra", "argument", "pinConversation", "argument isPinned")],
    ),
    "another type": (
        "lib/channel.dart",
        "required String oldName, required String newName",
        "required String oldName, required int newName",
        [Finding("differs", "argument", "renameConversationGroup", "newName is int in Dart, here String")],
    ),
    "a key renamed": (
        "lib/models.dart",
        "json['hasGroupAtInfo']",
        "json['hasGroupAt']",
        [
            Finding("lacks", "key", "V2TimConversationFilter", "fromJson reads hasGroupAt"),
            Finding("extra", "key", "V2TimConversationFilter", "fromJson reads hasGroupAtInfo"),
        ],
    ),
    "an event more": (
        "lib/handler.dart",
        "case 'onConnecting'",
        "case 'onPraised': tell(params['who']); break;\n          case 'onConnecting'",
        [Finding("lacks", "event", "initSDKListener/onPraised", "Dart hears it")],
    ),
    "an Android cast": (
        "android/src/ConversationManager.java",
        'int count = CommonUtil.getParam(call, result, "count")',
        'long count = CommonUtil.getParam(call, result, "count")',
        [Finding("differs", "cast", "getConversationList", "android casts count to int64, here to int32")],
    ),
    "an iOS cast": (
        "ios/Classes/GroupManager.swift",
        'param: "duration") as? UInt32',
        'param: "duration") as? Bool',
        [Finding("differs", "cast", "kickGroupMember", "ios casts duration to bool, here to uint32")],
    ),
    "an Android function less": (
        "android/src/ConversationManager.java",
        "void pinConversation(",
        "void pin(",
        [Finding("extra", "handler", "pinConversation", "a call that the android adapter answers")],
    ),
    "an iOS function less": (
        "ios/Classes/Plugin.swift",
        'case "pinConversation"',
        'case "pin"',
        [Finding("extra", "handler", "pinConversation", "a call that the ios adapter answers")],
    ),
    "an argument never looked at": (
        "android/src/ConversationManager.java",
        'getParam(call, result, "draftText")',
        'getParam(call, result, "draft")',
        [Finding("extra", "handler", "setConversationDraft", "the android adapter looks at draftText")],
    ),
    "an event that iOS tells by another name": (
        "ios/Classes/TimManager.swift",
        "ListenerType.onConversationGroupCreated,",
        "ListenerType.onConversationGroupMade,",
        [
            Finding("extra", "event", "conversationListener/onConversationGroupCreated", "ios tells it"),
            Finding("lacks", "event", "conversationListener/onConversationGroupMade", "ios tells it"),
        ],
    ),
}


def test_planted_changes_are_found(chat, tmp_path):
    """Changes in a plugin's sources are found as what they are, and nothing else is."""
    folder = tmp_path / "plugin"
    shutil.copytree(chat[0], folder)
    for place, old, new, _ in PLANTED.values():
        path = folder / place
        kept = path.read_text("utf-8")
        assert old in kept
        path.write_text(kept.replace(old, new, 1), "utf-8")
    findings = nearest.compare(reading.read(packages.find(folder)), load("chat-8.2")).findings
    found = {one._replace(where="") for one in findings}
    assert {finding for *_, expected in PLANTED.values() for finding in expected} == found
    where = {one.name: one.where for one in findings}
    assert where["getConversationList"].startswith("ConversationManager.java:")
    assert where["kickGroupMember"].startswith("GroupManager.swift:")


def test_planted_function_is_found(native, tmp_path):
    """A function, a parameter, a callback's key and a key of C-JSON that are new are named."""
    catalogue = load("native-8.9")
    assert isinstance(catalogue, NativeCatalogue)
    folder = native_plugin(tmp_path, catalogue, "9.0.1")
    bindings, callbacks, keys = (folder / "lib" / name for name in ("bindings.dart", "callbacks.dart", "keys.dart"))
    bindings.write_text(bindings.read_text("utf-8").replace("class Bindings {", "class Bindings {\n" + NEW_FUNCTION), "utf-8")
    callbacks.write_text(callbacks.read_text("utf-8").replace('"json_conv_array"', '"json_conv_list"'), "utf-8")
    keys.write_text(keys.read_text("utf-8").replace("'conv_id'", "'conv_identifier'"), "utf-8")
    found = {one._replace(where="") for one in nearest.compare(reading.read(packages.find(folder)), catalogue).findings}
    assert {
        Finding("lacks", "function", "DartPraise", "a function of the library"),
        Finding("lacks", "callback", "ConversationEvent", "key json_conv_list"),
        Finding("lacks", "object", "conv_identifier", "a key of C-JSON"),
    } <= found


NEW_FUNCTION = "  late final _DartPraisePtr = _lookup<ffi.NativeFunction<ffi.Int Function(ffi.Pointer<ffi.Char>)>>('DartPraise');"


def test_draft_makes_up_for_drift(chat, tmp_path):
    """The overlay that is drafted is loaded, and against it there is nothing left of what can be drafted."""
    said = chat[1]
    base = load(OLD)
    for name in (OLD, "chat-8.2"):
        (tmp_path / name).symlink_to(Path(SCHEMAS) / name, target_is_directory=True)
    before = nearest.compare(said, base)
    drafting.write(tmp_path, "chat-9.1", said, before, base)
    drafted = Catalogue(FolderSource(str(tmp_path / "chat-9.1")))
    left = nearest.compare(said, drafted)
    assert 230 == len(drafted.method_names)
    assert {name for name in drafted.method_names if drafted.method(name) is None} == set()
    assert len(before.findings) > 250 > 20 > len(left.findings)
    assert [] == [str(one) for one in left.findings if one.subject in ("method", "argument", "model", "key", "dialect", "cast")]
    notes = " ".join(json.loads((tmp_path / "chat-9.1" / "dialect.json").read_text("utf-8"))["notes"])
    assert [] == [str(one) for one in left.findings if f"{one.subject} {one.name}: {one.text}" not in notes]


def test_command_tells_and_drafts(native, tmp_path, capsys):
    """The command prints the nearest dialect and what differs, as text and as JSON, and returns whether anything does."""
    assert 0 == main(["drift", str(native[0])])
    out = capsys.readouterr().out
    assert "nearest: native-8.9 (" in out and "its list of versions names 8.9.7540+2" in out and "then: " in out
    words = ["--dialect", "native-8.5", "--write", str(tmp_path), "--name", "native-9.0"]
    assert 1 == main(["drift", str(native[0]), *words, "--json"])
    said = json.loads(capsys.readouterr().out)
    assert ("native-8.5", "native-8.9") == (said["dialect"], said["ranking"][0]["dialect"])
    assert {"kind", "subject", "name", "text", "where", "note"} == set(said["findings"][0])
    drafted = json.loads((tmp_path / "native-9.0" / "dialect.json").read_text("utf-8"))
    assert "native-8.5" == drafted["base"]
    assert any("not drafted: function DartSearchUsers" in note for note in drafted["notes"])
