"""The three families of errors and the search for a near name."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import bridge.errors
from bridge.errors import BridgeError, ChatError, ProtocolError, UnknownMethod, did_you_mean, nearest, unknown


def test_chat_error_without_text():
    """A refusal without its own text leaves the text to the code."""
    error = ChatError(51010)

    assert (51010, None, "51010") == (error.code, error.desc, str(error))


def test_chat_error_with_text():
    """A refusal may bring a text of its own."""
    assert "6017: userID is empty" == str(ChatError(6017, "userID is empty"))


def test_protocol_error_keeps_data():
    """What a program can act on travels beside the sentence."""
    error = ProtocolError(-32601, "unknown method", {"nearest": ["login"]})

    assert (-32601, {"nearest": ["login"]}) == (error.code, error.data)
    assert "unknown method (-32601)" == str(error)


def test_bridge_error_names_the_place():
    """An operator's mistake is shown with its file and place, when there is one."""
    assert "w.json: groups[2]: no such type" == str(BridgeError("no such type", file="w.json", path="groups[2]"))
    assert "no such dialect" == str(BridgeError("no such dialect"))


def test_families_are_apart():
    """No family catches another's errors."""
    families = [ChatError, ProtocolError, BridgeError]

    assert not any(issubclass(one, other) for one in families for other in families if one is not other)


def test_nearest_ignores_letter_case():
    """A name that differs in case or in a letter is found, in the spelling it has."""
    assert "initSDK" == nearest("initSdk", ["login", "initSDK", "logout"])[0]
    assert "createGroup" == nearest("creatGroup", ["createGroup", "quitGroup"])[0]


def test_nearest_of_nothing_close():
    """Nothing close, or a name too long to compare, gives an empty list."""
    assert [] == nearest("zzz", ["login"])
    assert [] == nearest("login" * 50, ["login"])


def test_hint_names_the_likeliest():
    """The first of the near names; without any, what there is to say instead, or nothing."""
    assert "; did you mean login?" == did_you_mean(["login", "logout"])
    assert "; did you mean 'my phone'?" == did_you_mean(["my phone"], "there are none", quoted=True)
    assert ("; there are none", "") == (did_you_mean([], "there are none"), did_you_mean([]))


def test_what_is_not_there():
    """-32000 with the nearest names in the sentence and beside it."""
    error = unknown("device", "fone", ["phone", "tablet"])
    assert (-32000, {"nearest": ["phone"]}) == (error.code, error.data)
    assert "there is no device 'fone'; did you mean 'phone'?" == error.message


def test_unknown_method_has_its_number():
    """Its type says what it is, so nobody has to read its text."""
    assert (-32601, "no such thing", None) == (lambda e: (e.code, e.message, e.data))(UnknownMethod("no such thing"))


def test_numbers_stand_in_one_place():
    """No other module writes the number of a JSON-RPC error, and none spells out what is meant instead."""
    root = Path(bridge.errors.__file__).parent
    others = [path for path in root.rglob("*.py") if path.name != "errors.py" or path.parent != root]
    code = {path.relative_to(root).as_posix(): _code(path) for path in others}
    assert {} == {name: found for name, text in code.items() if (found := re.findall(r"-32[0-9]{3}|did you mean", text))}


def _code(path: Path) -> str:
    """Return a module's source without its strings that document it; other strings are code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            said = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            node.body = said or [ast.Pass()]
    return ast.unparse(tree)


def test_errors_import_is_light():
    """The error module pulls in no other module of weight: every start pays for it."""
    script = "import sys; import bridge.errors; print('difflib' in sys.modules or 'attrs' in sys.modules)"

    assert "False" == subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip()
