"""How sources are read: small ones of every kind, and what is no plugin."""

from __future__ import annotations

import pytest

from bridge.cli import main
from bridge.conformance.drift import dart, java, packages, reading, swift, trees
from bridge.conformance.drift.dart import Source
from bridge.conformance.drift.facts import Sent
from bridge.errors import BridgeError
from tests.support.plugins import write


def source(name: str, text: str) -> Source:
    return Source(trees.parse_text(text.encode(), name[name.rindex(".") :]), name)


CHANNEL = """
class Manager {
  Map wrap(Map values) { values["TIMManagerName"] = "pushManager"; return values; }
  Future<void> register(String token, List<Device> devices, {int? level, Device? own}) async {
    Map<String, dynamic> values = {"token": token, if (level != null) "level": level};
    values["own"] = own?.toJson();
    final whole = wrap(values);
    await _channel.invokeMethod(isIOS ? "registerHere" : "registerThere", whole);
    _channel.invokeMethod<String>('plain');
    _channel.invokeMethod("listed", {"TIMManagerName": "timManager", "devices": devices.map((d) => d.toJson()).toList()});
    _channel.invokeMethod(name, wrap({}));
  }
}
class Device {
  String? id; int age = 0;
  Device.fromJson(Map json) { id = json['id'] ?? json['identifier']; other['x']; }
  Map<String, dynamic> toJson() {
    final Map<String, dynamic> data = {};
    data['id'] = id;
    if (data['never'] != null) { data['never'] = age; }
    return data;
  }
}
class Short {
  int? n;
  factory Short.fromJson(Map<String, dynamic> json) => Short(n: json["n"] as int);
  Map<String, dynamic> toJson() => {'n': n, 'inner': {'deep': 1}};
}
"""


def test_calls_are_read():
    """Names by condition, arguments that have a name, are added later or written out; what is made at run time is unread."""
    there = [source("a.dart", CHANNEL)]
    calls = {call.name: call for call in dart.calls(there)}
    assert {"registerHere", "registerThere", "plain", "listed"} == set(calls)
    assert "pushManager" == calls["registerHere"].manager
    sent = {"token": Sent("String", None), "level": Sent("int", None), "own": Sent("Device", "Device")}
    assert sent == calls["registerThere"].arguments
    assert ("timManager", {"devices": Sent("List<Device>", "Device")}) == calls["listed"][1:3]
    assert (None, {}) == calls["plain"][1:3]
    assert ["a.dart:11"] == dart.unreadable(there)


def test_models_are_read():
    """Keys read and written; one that is written only if it is there already never is; maps inside are another's."""
    found = dart.models([source("a.dart", CHANNEL)])
    assert {"Device", "Short"} == set(found)
    assert (frozenset({"id", "identifier"}), frozenset({"id"})) == (found["Device"].reads, found["Device"].writes)
    assert {"id": "String"} == found["Device"].types
    assert (frozenset({"n"}), frozenset({"n", "inner"})) == (found["Short"].reads, found["Short"].writes)


def test_java_casts_are_read():
    """A cast, a declared type, a variable that is set later, and what stands inside of a map or of a list's items."""
    text = """class GroupManager { public void make(MethodCall call, final MethodChannel.Result result) {
        int a = CommonUtil.getParam(call, result, "a"); long b; b = new Long((int) CommonUtil.getParam(call, result, "b"));
        String c; c = call.argument("c");
        Map<String, Object> d = CommonUtil.getParam(call, result, "d"); f.set((Boolean) d.get("x"));
        List<Map<String, Object>> e = call.argument("e");
        for (int i = 0; i < e.size(); i++) { int role = (Integer) e.get(i).get("role"); }
        Number g = call.argument("g"); helper(call);
    }
    private void helper(MethodCall call) { double h = call.argument("h"); }
    void other(int x) { CommonUtil.emitEvent(channel, "groupListener", "onPraised", null, ""); tell("onScorned", 1); }
    static <T> void tell(String type, T data) { CommonUtil.emitEvent(channel, "groupListener", type, data, ""); } }"""
    found = java.adapter([source("GroupManager.java", text)])
    assert found is not None
    casts = found.handlers["groupManager/make"].casts
    assert {
        "a": "int32",
        "b": "int32",
        "c": "string",
        "d": "map",
        "d.x": "bool",
        "e": "list",
        "e[].role": "int32",
        "g": None,
        "h": "double",
    } == casts
    assert {("groupListener", "onPraised"), ("groupListener", "onScorned")} == set(found.events)


def test_swift_casts_are_read():
    """What a call's name leads to, in the manager that it is asked of."""
    plugin = """class P { func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult) { switch call.method {
        case "make", "make2": groupManager!.`make`(call: call, result: result)
        default: break } } }"""
    manager = """class GroupManager { func make(call: FlutterMethodCall, result: @escaping FlutterResult) {
        let a = CommonUtils.getParam(call: call, result: result, param: "a") as? UInt32;
        let d = CommonUtils.getParam(call: call, result: result, param: "d") as! [String: Any]
        f(d["x"] as? Bool)
        V2.get(by: a) { x in CommonUtils.done(call: call, result: result) }
        P.invokeListener(type: ListenerType.onPraised, method: "groupListener", data: nil) } }"""
    found = swift.adapter([source("P.swift", plugin), source("GroupManager.swift", manager)])
    assert found is not None
    assert {"make", "make2"} == set(found.handlers)
    assert ({"a": "uint32", "d": "map", "d.x": "bool"}, "GroupManager.swift:1") == found.handlers["make"][1:]
    assert {("groupListener", "onPraised")} == set(found.events)


def test_interface_beside_is_chosen(tmp_path):
    """Of several platform interfaces the newest that the plugin allows is taken, whatever the folder is called; else it is named."""
    write(tmp_path / "p" / "pubspec.yaml", "name: p_chat", "version: 1.0.0", "dependencies:", "  p_chat_platform_interface: ^0.3.1")
    assert (None, True) == packages.find(tmp_path / "p")[3:]
    for version in ("0.2.9", "0.3.2", "0.3.10", "0.4.0"):
        write(tmp_path / f"p_chat_platform_interface-{version}" / "pubspec.yaml", "name: i", f"version: {version}")
    chosen = packages.find(tmp_path / "p").interface
    assert chosen is not None and "p_chat_platform_interface-0.3.10" == chosen.name
    assert tmp_path / "p" == packages.find(tmp_path / "p", tmp_path / "p").interface


def test_no_plugin_is_said_so(tmp_path, capsys):
    """A folder without a pubspec, and one in which nothing is called, are named, with status 2."""
    assert 2 == main(["drift", str(tmp_path)])
    assert "is no installed plugin: pubspec.yaml" in capsys.readouterr().err
    write(tmp_path / "pubspec.yaml", "name: empty", "version: 1.0.0")
    with pytest.raises(BridgeError, match="calls neither a channel nor a native library"):
        reading.read(packages.find(tmp_path))


def test_missing_grammar_is_said(monkeypatch):
    """Without the grammars the command says what to install."""
    monkeypatch.setitem(trees.GRAMMARS, ".zig", "tree_sitter_no_such_grammar")
    with pytest.raises(BridgeError, match=r"needs tree_sitter_no_such_grammar: pip install 'timbridge\[drift\]'"):
        trees.parser(".zig")
