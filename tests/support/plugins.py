"""Small plugins in words of our own, made from what a dialect says: its channel class, models, event handler and adapters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge.catalogue import Catalogue, EventSpec, MethodSpec
from bridge.catalogue.native import NativeCatalogue

JAVA = {
    "int32": "int",
    "int64": "long",
    "bool": "boolean",
    "string": "String",
    "int64Text": "String",
    "double": "double",
    "list": "List<Object>",
    "map": "Map<String, Object>",
}
SWIFT = {
    "int32": "Int32",
    "int64": "Int",
    "uint32": "UInt32",
    "uint64": "UInt64",
    "uint64Text": "String",
    "bool": "Bool",
    "string": "String",
    "list": "[String]",
    "map": "[String: Any]",
}


def write(path: Path, *lines: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def channel_plugin(folder: Path, catalogue: Catalogue, version: str, interface: Path | None = None) -> Path:
    """
    Write a plugin that says what a dialect of the channel says.

    Args:
        interface: where its platform interface goes; None for a plugin without one of its own.
    """
    name = "small_chat"
    wants = [] if interface is None else ["dependencies:", f"  {name}_platform_interface: ^0.3.1"]
    write(folder / "pubspec.yaml", f"name: {name}", f"version: {version}", *wants)
    inner = folder
    if interface is not None:
        inner = interface
        write(inner / "pubspec.yaml", f"name: {name}_platform_interface", "version: 0.3.4")
    write(inner / "lib" / "channel.dart", *_channel(catalogue))
    write(inner / "lib" / "models.dart", *_models(catalogue))
    write(folder / "lib" / "handler.dart", *_hearing(catalogue))
    for manager in {spec.manager for spec in methods(catalogue)}:
        write(folder / "android" / "src" / f"{manager[0].upper()}{manager[1:]}.java", *_java(manager, catalogue))
        write(folder / "ios" / "Classes" / f"{manager[0].upper()}{manager[1:]}.swift", *_swift(manager, catalogue))
    write(folder / "ios" / "Classes" / "Plugin.swift", *_dispatch(catalogue))
    return folder


def methods(catalogue: Catalogue) -> list[MethodSpec]:
    """Return all methods of a dialect."""
    return [spec for name in catalogue.method_names if (spec := catalogue.method(name)) is not None]


def events(catalogue: Catalogue) -> list[EventSpec]:
    """Return all events of a dialect."""
    kinds = [kind for name in catalogue.listener_kinds if (kind := catalogue.listener(name)) is not None]
    return [spec for kind in kinds for one in kind.events if (spec := catalogue.event(kind.kind, one)) is not None]


def _channel(catalogue: Catalogue) -> Iterator[str]:
    yield "class SmallChannel {"
    yield f"  static const _channel = MethodChannel('{catalogue.channel}');"
    for manager in sorted({spec.manager for spec in methods(catalogue)}):
        yield f'  Map to_{manager}(Map values) {{ values["TIMManagerName"] = "{manager}"; return values; }}'
    for at, spec in enumerate(methods(catalogue)):
        yield from _calling(at, spec, catalogue.document("methods", spec.name)["arguments"]["properties"])
    yield "}"


def _calling(at: int, spec: MethodSpec, properties: dict[str, Any]) -> Iterator[str]:
    """Yield a method that makes a call: every other one with a map that has a name."""
    parameters = ", ".join(f"required {said.get('x-dartType', 'dynamic')} {key}" for key, said in properties.items())
    values = ", ".join(f"'{key}': {_value(key, said.get('x-dartType', ''))}" for key, said in properties.items())
    yield f"  Future<dynamic> {spec.name}({'{' + parameters + '}' if parameters else ''}) async {{"
    if at % 2:
        yield f"    Map<String, dynamic> values = {{{values}}};"
        yield f"    return parsed(await _channel.invokeMethod('{spec.name}', to_{spec.manager}(values)));"
    else:
        yield f'    return _channel.invokeMethod("{spec.name}", to_{spec.manager}({{{values}}}));'
    yield "  }"


def _value(key: str, dart: str) -> str:
    if "V2T" in dart or "OfflinePushInfo" in dart or "Filter" in dart:
        return f"{key}?.map((e) => e.toJson()).toList()" if dart.startswith("List") else f"{key}?.toJson()"
    return key


def _models(catalogue: Catalogue) -> Iterator[str]:
    for name in catalogue.model_names:
        document = catalogue.document("models", name)
        yield f"class {name} {{"
        for field in document["fields"]:
            yield f"  {field['dartType']} {field['name']};"
        if document["hasFromJson"]:
            yield f"  {name}.fromJson(Map json) {{"
            for field in document["fields"]:
                if field.get("fromJson") is not False:
                    yield f"    {field['name']} = json['{field['key']}'];"
            yield from (f"    other = json['{key}'];" for key in document["keysOnlyInFromJson"])
            yield "  }"
        if document["hasToJson"]:
            yield "  Map<String, dynamic> toJson() {"
            yield "    final Map<String, dynamic> data = {};"
            for field in document["fields"]:
                if field["toJson"] == "always":
                    yield f"    data['{field.get('toJsonKey', field['key'])}'] = {field['name']};"
                elif field["toJson"] == "whenNotNull":
                    key = field.get("toJsonKey", field["key"])
                    yield f"    if ({field['name']} != null) {{ data['{key}'] = {field['name']}!.toJson(); }}"
            yield from (f"    data['{key}'] = other;" for key in document["keysOnlyInToJson"])
            yield "    return data;"
            yield "  }"
        yield "}"


def _hearing(catalogue: Catalogue) -> Iterator[str]:
    yield "class ListenerType {"
    yield from (f"  static const String {kind} = '{kind}';" for kind in catalogue.listener_kinds)
    yield "}"
    yield "class Hearing {"
    yield "  void hear() {"
    yield "    channel.setMethodCallHandler((call) async {"
    for kind in catalogue.listener_kinds:
        yield f"      if (call.method == ListenerType.{kind}) {{"
        yield "        switch (type) {"
        for spec in events(catalogue):
            if spec.listener == kind and {"android", "ios"} & set(spec.platforms):
                yield f"          case '{spec.type}': tell(params['value']); break;"
        yield "        }"
        yield "      }"
    yield "    });"
    yield "  }"
    yield "}"


def _java(manager: str, catalogue: Catalogue) -> Iterator[str]:
    yield f"class {manager[0].upper()}{manager[1:]} {{"
    for spec in methods(catalogue):
        if spec.manager == manager and "android" in spec.platforms:
            yield f"  public void {spec.name}(MethodCall call, final MethodChannel.Result result) {{"
            for param in spec.params:
                if "android" not in param.ignored_by:
                    cast = spec.casts.get("android", {}).get(param.key)
                    kind = "Object" if cast is None else JAVA[cast["as"]]
                    yield f'    {kind} {param.key} = CommonUtil.getParam(call, result, "{param.key}");'
            yield "  }"
    if manager == "timManager":
        yield "  void tell() {"
        for event in events(catalogue):
            if "android" in event.platforms:
                yield f'    CommonUtil.emitEvent(channel, "{event.listener}", "{event.type}", null, "");'
        yield "  }"
    yield "}"


def _swift(manager: str, catalogue: Catalogue) -> Iterator[str]:
    yield f"class {manager[0].upper()}{manager[1:]} {{"
    for spec in methods(catalogue):
        if spec.manager == manager and "ios" in spec.platforms:
            yield f"  func {spec.name}(call: FlutterMethodCall, result: @escaping FlutterResult) {{"
            for param in spec.params:
                cast = spec.casts.get("ios", {}).get(param.key, {"as": "string"})
                kind = SWIFT.get(cast["as"], "Any")
                yield f'    let {param.key} = CommonUtils.getParam(call: call, result: result, param: "{param.key}") as? {kind}'
            yield "  }"
    if manager == "timManager":
        yield "  func tell() {"
        for event in events(catalogue):
            if "ios" in event.platforms:
                yield f'    Plugin.invokeListener(type: ListenerType.{event.type}, method: "{event.listener}", data: nil)'
        yield "  }"
    yield "}"


def _dispatch(catalogue: Catalogue) -> Iterator[str]:
    yield "class Plugin {"
    yield "  func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult) {"
    yield "    switch call.method {"
    for spec in methods(catalogue):
        if "ios" in spec.platforms:
            yield f'    case "{spec.name}": {spec.manager}!.{spec.name}(call: call, result: result)'
    yield "    default: break"
    yield "    }"
    yield "  }"
    yield "}"


def native_plugin(folder: Path, catalogue: NativeCatalogue, version: str) -> Path:
    """Write a plugin that says what a dialect without a channel says."""
    write(folder / "pubspec.yaml", "name: small_native", f"version: {version}")
    write(folder / "lib" / "bindings.dart", *_bindings(catalogue))
    write(folder / "lib" / "callbacks.dart", *_callbacks(catalogue))
    keys = sorted({one["key"] for name in catalogue.object_names for one in catalogue.document("objects", name)["keys"]})
    write(folder / "lib" / "keys.dart", "Map all(Map json) => {", *(f"  '{key}': json['{key}']," for key in keys), "};")
    return folder


def _bindings(catalogue: NativeCatalogue) -> Iterator[str]:
    yield "class Bindings {"
    for name in catalogue.function_names:
        arguments = [one["name"] for one in catalogue.document("functions", name)["arguments"]]
        yield f"  int {name}({', '.join(f'ffi.Pointer<ffi.Char> {one}' for one in arguments)}) {{ return _{name}(); }}"
        yield f"  late final _{name}Ptr = _lookup<ffi.NativeFunction<ffi.Int Function(ffi.Pointer<ffi.Char>)>>('{name}');"
    yield "}"


def _callbacks(catalogue: NativeCatalogue) -> Iterator[str]:
    yield "void hear() {"
    yield "  switch (type) {"
    for name in catalogue.callback_names:
        yield f"    case GlobalCallbackType.{name}:"
        for one in catalogue.document("callbacks", name)["keys"]:
            text = f'_getGlobalCallbackJsonString(dataFromNativeMap, "{one["key"]}")'
            yield f"      keep({text if one.get('text') else 'dataFromNativeMap[' + repr(one['key']) + ']'});"
        yield "      break;"
    yield "  }"
    yield "}"
