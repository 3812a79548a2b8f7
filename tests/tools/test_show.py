"""What a dialect says of something, shown."""

import pytest

from tools.show import main, shown


def test_document_comes_with_its_files():
    """The files that a document is made of stand above it."""
    text = shown("chat-8.2", "sendMessage")

    assert "# schemas/chat-8.2/methods/messageManager/sendMessage.json" == text.splitlines()[0]
    assert '"method": "sendMessage"' in text


def test_events_are_found_by_type():
    """An event needs no listener's name."""
    assert '"listener": "initSDKListener"' in shown("im-5.0", "onConnecting")


def test_dialect_is_shown_without_a_name():
    """A dialect alone shows its own file."""
    assert '"dialect": "im-5.0"' in shown("im-5.0", None)


def test_unknown_names_are_led_back(capsys):
    """A slip is answered with the nearest name, and by the exit code."""
    assert 1 == main(["chat-8.2", "sendMesage"])
    assert "did you mean sendMessage" in capsys.readouterr().err
    with pytest.raises(LookupError, match="no dialect 'chat-9'"):
        shown("chat-9", None)
