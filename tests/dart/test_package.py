"""The Dart package and this server know the same names: what can be told without a Dart SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tree_sitter import Node

from bridge.catalogue import dialects, load
from bridge.control.fault import EFFECT, EXCEPTION, MATCH
from bridge.control.registry import all_specs
from bridge.emulator import channels
from bridge.errors import INVALID_PARAMS, OUR_BUG, UNKNOWN_METHOD
from tests.support import dart

PACKAGE = Path(__file__).parents[2] / "tools" / "flutter" / "timbridge_test"
SOURCES = sorted(PACKAGE.rglob("*.dart"))
LIBRARY = [path for path in SOURCES if path.is_relative_to(PACKAGE / "lib")]
RPC = dart.parse(PACKAGE / "lib" / "src" / "rpc.dart")

PAGES = [PACKAGE / "README.md", *(PACKAGE.parents[2] / name for name in ("README.md", "docs/flutter.md", "docs/native.md"))]
OTHER_NAMES = {
    *("setUp", "testWidgets", "expect", "contains", "find", "text", "pumpWidget", "MyApp", "runApp", "main"),
    *("Duration", "seconds", "milliseconds", "pumpAndSettle", "ensureInitialized", "Function", "testExecutable", "testMain"),
    *("MethodChannelPathProvider", "runAsync", "getServerTime", "startsWith"),
    *("difference", "throwsA", "expectLater", "minutes", "lessThan"),
}
"""What snippets use of Flutter and of the reader's own app."""


def method_names() -> dict[str, str]:
    """Return the control methods that the package has names for, by those names."""
    named = {name: value[1:-1] for name, value in dart.constants(RPC).items()}
    return {name: value for name, value in named.items() if value.startswith("bridge.")}


def library_calls() -> Iterator[tuple[str, list[Node]]]:
    """Yield every call that the package's library makes."""
    for path in LIBRARY:
        yield from dart.calls(dart.parse(path))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_file_parses(path: Path) -> None:
    """Every source of the package is Dart."""
    assert [] == dart.flaws(dart.parse(path))


def test_parser_sees_mistakes() -> None:
    """A source that is no Dart has flaws, so that having none says something."""
    assert [] != dart.flaws(dart.parse_text("void main() { print('x' }"))


def test_server_knows_every_name() -> None:
    """Every control method that the package names is one of the server's."""
    names = method_names()
    assert "bridge.turn" in names.values()
    assert set() == {name.removeprefix("bridge.") for name in names.values()} - set(all_specs())


def test_names_stand_in_one_place() -> None:
    """No other file of the library spells a control method out."""
    spelled = {
        value
        for path in LIBRARY
        if path.name != "rpc.dart"
        for value in dart.strings(dart.parse(path))
        if re.fullmatch(r"bridge\.[a-z]+(\.\w+)?", value) and not value.endswith(".dart")
    }
    assert set() == spelled


def test_server_takes_every_argument() -> None:
    """The keys of the maps that go along with a control method are parameters of it."""
    names, specs, seen = method_names(), all_specs(), 0
    for _, arguments in library_calls():
        if len(arguments) == 2 and dart.text(arguments[0]).startswith("Rpc."):
            name = names[dart.text(arguments[0]).removeprefix("Rpc.")].removeprefix("bridge.")
            given = dart.keys(arguments[1])
            seen += len(given)
            assert set() == given - set(specs[name].params), name
    assert seen > 10


def test_faults_have_the_same_words() -> None:
    """What the package says of a fault are words that the server knows."""
    control = dart.parse(PACKAGE / "lib" / "src" / "control.dart")
    trouble = next(
        node
        for node in dart.walk(control)
        if node.type == "extension_declaration" and "TimTrouble" in dart.text(node)[:30]
    )
    said = {word for node in dart.walk(trouble) if node.type == "pair" for word in dart.strings(node.children[0])}
    assert {"match", "effect", "probability", "delayMs", "platformException"} <= said
    assert set() == said - {"match", "effect", "device", *MATCH, *EFFECT, *EXCEPTION}


def test_error_codes_are_the_same() -> None:
    """The package's names for error codes have the server's numbers."""
    codes = {name: int(value) for name, value in dart.constants(RPC).items() if re.fullmatch(r"-32\d{3}", value)}
    assert codes["unknownMethod"] == UNKNOWN_METHOD
    assert codes["invalidArguments"] == INVALID_PARAMS
    assert codes["internal"] == OUR_BUG
    assert codes["unanswered"] == -32001


def test_channels_are_the_same() -> None:
    """The package takes over the channel of each dialect, the newest first."""
    listed = next(
        node
        for node in dart.walk(RPC)
        if node.type == "static_final_declaration" and dart.text(node).startswith("channels")
    )
    assert list(channels()) == dart.strings(listed)


def test_plugin_has_every_method() -> None:
    """The channel methods that stories call are there, in one dialect at least, with those arguments."""
    seen = set()
    for name, arguments in library_calls():
        if (
            name not in ("does", "_does", "_answers", "_decides", "sendsCreated", "call")
            or len(arguments) < 1
            or not re.fullmatch(r"'\w+'", dart.text(arguments[0]))
        ):
            continue
        method = dart.text(arguments[0])[1:-1]
        seen.add(method)
        specs = [spec for spec in (load(dialect).method(method) for dialect in dialects()) if spec is not None]
        assert specs, f"no dialect has {method}"
        given = dart.keys(arguments[1]) if len(arguments) > 1 else set()
        assert set() == given - {param.key for spec in specs for param in spec.params}, method
    assert {"createGroup", "joinGroup", "revokeMessage", "addFriend", "initSDK", "login"} <= seen


def test_only_flutter_is_needed() -> None:
    """The package depends on flutter and flutter_test, and on nothing else, in its tests neither."""
    source = (PACKAGE / "pubspec.yaml").read_text("utf-8")
    sections = re.findall(r"^(\w+):\n((?:  .*\n?)*)", source, re.MULTILINE)
    needs = {name: re.findall(r"^  (\w+):", body, re.MULTILINE) for name, body in sections if "dependencies" in name}
    assert {"dependencies": ["flutter", "flutter_test"]} == needs


def test_description_is_short() -> None:
    """A package index shows at most 180 characters of it."""
    found = re.search(r"^description: >-\n((?:  .*\n)+)", (PACKAGE / "pubspec.yaml").read_text("utf-8"), re.MULTILINE)
    assert found is not None
    assert 60 <= len(" ".join(found[1].split())) <= 180


def exported() -> Iterator[str]:
    """Yield the names that an app's test gets from the package."""
    for library in ("timbridge_test.dart", "tap.dart"):
        for path, shown in re.findall(r"export '(src/\w+\.dart)'(?: show ([\w, ]+))?;", (PACKAGE / "lib" / library).read_text("utf-8")):
            source = (PACKAGE / "lib" / path).read_text("utf-8")
            declared = re.findall(r"^(?:abstract )?(?:class|enum|mixin|extension|typedef) (\w+)", source, re.MULTILINE)
            yield from (name for name in shown.split(", ") if name) if shown else (name for name in declared if name[0] != "_")


def test_exported_names_are_its_own() -> None:
    """Each begins with the package's own syllable, so that none meets one of the app's or of another package's."""
    names = set(exported())
    assert {"TimBridge", "TimUser", "TimCall", "TimTap", "TimSwitch", "TimEvent"} <= names
    assert set() == {name for name in names if not name.startswith("Tim")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_what_exists(page: Path) -> None:
    """What a page's Dart code calls, constructs and names as an argument is declared in the library."""
    known = OTHER_NAMES | {name for path in LIBRARY for name in dart.declared(dart.parse(path))}
    codes = snippets(page)
    assert codes, f"{page.name} has no Dart any more: take it out of PAGES"
    assert set() == {name for code in codes for name in names_in(code)} - known


def statements(code: str) -> Iterator[Node]:
    """Yield what `main()` itself carries out in a source, and what its top level declares; not the bodies of functions inside."""
    root = dart.parse_text(code if "main()" in code else f"void main() {{ {code} }}")
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in ("function_expression", "function_expression_body") or (
            node.type == "function_body" and not is_of_main(node)
        ):
            continue
        yield node
        waiting += node.children


def is_of_main(body: Node) -> bool:
    """Return whether a function's body is that of `main()`."""
    before = body.prev_named_sibling
    return before is not None and "main()" in dart.text(before)


def touches_too_early(code: str) -> bool:
    """Return whether a source touches the plugin in `main()` itself, where there may be no binding."""
    before = code.partition("ensureInitialized()")[0] if "ensureInitialized()" in code else code
    return "v2TIMManager" in before and any(
        node.type == "identifier" and dart.text(node) == "v2TIMManager" for node in statements(code)
    )


EXAMPLES = [path for path in SOURCES if path.is_relative_to(PACKAGE / "example")]


def test_early_touch_is_seen() -> None:
    """A manager that is a variable of `main()` is one; a getter, and what runs in `setUp` or in a test, is none."""
    early = "void main() { final manager = TencentImSDKPlugin.v2TIMManager; test('x', () {}); }"
    assert touches_too_early(early)
    assert not touches_too_early(early.replace("final", "WidgetsBinding.ensureInitialized(); final"))
    assert not touches_too_early("get manager => TencentImSDKPlugin.v2TIMManager; void main() { test('x', () => manager.a()); }")
    assert not touches_too_early("void main() { setUp(() { final manager = TencentImSDKPlugin.v2TIMManager; }); }")


@pytest.mark.parametrize("path", [*PAGES, *EXAMPLES], ids=lambda path: str(path.relative_to(PACKAGE.parents[2])))
def test_plugin_is_touched_in_time(path: Path) -> None:
    """
    No example touches the plugin before there is a binding.

    The plugin's constructor sets a handler on its channel, which real Flutter refuses then ("Cannot set the method call handler before
    the binary messenger has been initialized").
    """
    codes = [path.read_text("utf-8")] if path.suffix == ".dart" else snippets(path)
    assert [] == [code for code in codes if touches_too_early(code)]


def test_readme_shows_the_package() -> None:
    """The README's code shows how to start, tell a story, make trouble and look at the journal."""
    used = {name for code in snippets(PACKAGE / "README.md") for name in names_in(code)}
    assert {"start", "says", "fault", "delay", "pump", "expectCalls", "journal", "toFile"} <= used


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_snippets_are_whole_files(page: Path) -> None:
    """What is copied from a page works as it stands: it parses as a file, and imports what it uses."""
    for code in re.findall(r"```dart\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        assert [] == dart.flaws(dart.parse_text(code)), code
        assert "import 'package:timbridge_test/" in code, code
        for name, package in (("testWidgets(", "flutter_test"), ("MyApp(", "my_app"), ("runApp(", "flutter"), ("v2TIMManager", "tencent")):
            assert name not in code or f"import 'package:{package}" in code, code
        assert "FutureOr" not in code or "import 'dart:async'" in code, code


def snippets(page: Path) -> list[str]:
    """Return the Dart code of a page: blocks, and calls inside its text."""
    source = page.read_text("utf-8")
    blocks = re.findall(r"```dart\n(.*?)```", source, re.DOTALL)
    prose = re.sub(r"```.*?```", "", source, flags=re.DOTALL)
    inline = [
        code
        for code in re.findall(r"`([^`\n]+)`", prose)
        if re.match(r"(await )?(chat|TimBridge|TimServer)\b.*\(", code)
    ]
    return blocks + inline


def names_in(code: str) -> Iterator[str]:
    """Yield what some code calls and what it names as an argument; strings, comments and imports are no code."""
    bare = re.sub(r"'(?:[^'\\\n]|\\.)*'", "''", re.sub(r"//[^\n]*|^import .*$", "", code, flags=re.MULTILINE))
    yield from re.findall(r"\b([A-Za-z]\w*)\(", bare)
    yield from re.findall(r"[(,{]\s*([a-z]\w*):", bare)
    yield from re.findall(r"\b(?:chat|bob|tablet)\.(\w+)", bare)
