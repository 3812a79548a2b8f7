"""`timbridge explain` of functions and callbacks of the native library."""

from __future__ import annotations

import json

import pytest

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import explain, explain_native


def explained(capsys: pytest.CaptureFixture[str], name: str, dialect: str | None = None, as_json: bool = False) -> tuple[int, str, str]:
    """Explain something. Returns the exit status and what was printed."""
    status = explain.run({"dialect": dialect, "json": as_json}, [name])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("dialect", native_dialects())
def test_all_of_a_dialect_is_explained(dialect: str) -> None:
    """Every function and every callback has lines that begin with its name, and a last word on where that is from."""
    catalogue = load(dialect)
    assert isinstance(catalogue, NativeCatalogue)
    for name in (*catalogue.function_names, *catalogue.callback_names):
        known = explain_native.find(name, [dialect])
        assert known is not None, name
        assert name == known.get("function", known.get("callback"))
        said = list(explain_native.lines(known))
        assert said[0].startswith(f"{name} (")
        assert "\nevidence" in said
        json.dumps(known)


def test_function_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """A function tells its arguments, what it returns, which public methods come down to it, and the rules with their evidence."""
    status, out, _ = explained(capsys, "DartSendMessage")
    assert 0 == status
    for words in ("json_msg_param  json       V2TimMessage", "returns\n  the id", "reSendMessage", "release notes of the native SDK"):
        assert words in out, words


def test_callback_says_what_it_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """A callback tells its number, its switch, its keys and the facts behind it."""
    _, out, _ = explained(capsys, "TotalUnreadMessageCountChanged")
    switch = "DartSetConvTotalUnreadMessageCountChangedCallback"
    for words in ("callbackType 33", switch, "total_unread_count", "total_unread_message_count_changed"):
        assert words in out, words


def test_public_method_leads_to_its_function(capsys: pytest.CaptureFixture[str]) -> None:
    """In a dialect without a channel a public method is explained by the function that it comes down to; elsewhere by itself."""
    assert explained(capsys, "pinConversation", "native-8.5")[1].startswith("DartPinConversation (")
    assert explained(capsys, "pinConversation")[1].startswith("pinConversation (")


def test_function_is_shown_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """The same as JSON, each rule once."""
    known = json.loads(explained(capsys, "DartSendMessage", as_json=True)[1])
    assert "DartSendMessage" == known["function"]
    assert len(known["rules"]) == len({json.dumps(rule) for rule in known["rules"]})


def test_unknown_function_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """A function that there is not is answered with the nearest one, and a dialect that lacks it says so."""
    status, _, err = explained(capsys, "DartSendMesage")
    assert (1, True) == (status, "did you mean DartSendMessage" in err)
    status, _, err = explained(capsys, "DartSearchUsers", "native-8.5")
    assert (1, True) == (status, err.startswith("timbridge: native-8.5 has no"))
