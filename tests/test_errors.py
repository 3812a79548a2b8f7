"""The three families of errors and the search for a near name."""

import subprocess
import sys

from bridge.errors import BridgeError, ChatError, ProtocolError, nearest


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


def test_errors_import_is_light():
    """The error module pulls in no other module of weight: every start pays for it."""
    script = "import sys; import bridge.errors; print('difflib' in sys.modules or 'attrs' in sys.modules)"

    assert "False" == subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip()
