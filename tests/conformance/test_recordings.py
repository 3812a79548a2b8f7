"""Recordings: read, written, taken apart into steps, refused with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge.conformance.recordings import Recording, Writer, load, parse
from bridge.errors import BridgeError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "recordings"
HEADER = '{"recording": 1, "dialect": "im-5.0", "platform": "ios"}\n'


def written() -> str:
    """Return the text of a small recording."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android")
    first = writer.call("login", {"userID": "alice"})
    writer.reply(first, "login", result={"code": 0})
    writer.event("conversationListener", {"type": "onSyncServerStart"})
    second = writer.call("nothing", {})
    writer.reply(second, "nothing", error={"code": -32601, "message": "no"})
    return "".join(lines)


def test_steps_have_reply_and_events() -> None:
    """Each call comes with its reply and the events until the next."""
    login, nothing = parse(written()).steps()
    assert ("login", {"result": {"code": 0}}) == (login.call["method"], login.reply)
    assert ["onSyncServerStart"] == [event["arguments"]["type"] for event in login.events]
    assert ({"error": {"code": -32601, "message": "no"}}, ()) == (nothing.reply, nothing.events)


def test_steps_of_calls_sent_ahead() -> None:
    """Where calls went out ahead of each other's replies, events belong to the reply they follow."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android")
    first, second = writer.call("a", {}), writer.call("b", {})
    writer.reply(first, "a", result=1)
    writer.event("x", {"type": "of a"})
    writer.reply(second, "b", result=2)
    writer.event("x", {"type": "of b"})
    found = [[event["arguments"]["type"] for event in step.events] for step in parse("".join(lines)).steps()]
    assert [["of a"], ["of b"]] == found


LIVE = '{"recording": 1, "dialect": "chat-8.2", "platform": "android", "live": true}\n'


def told(kind: str, data: Any = None) -> dict[str, Any]:
    """Return what a listener is told."""
    return {"type": kind, "data": data, "listenerUuid": ""}


def test_live_call_goes_out_before_the_events() -> None:
    """An app calls again as soon as it is answered: the events of the answer come behind that call, and still belong to the first."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android")
    login = writer.call("login", {"userID": "alice"})
    writer.reply(login, "login", result={"code": 0})
    sending = writer.call("sendMessage", {})
    writer.event("conversationListener", told("onSyncServerStart"))
    writer.event("conversationListener", told("onConversationChanged", [{"lastMessage": {"status": 2}}]))
    writer.event("conversationListener", told("onConversationChanged", [{"lastMessage": {"status": 1}}]))
    writer.event("advancedMsgListener", told("onSendMessageProgress"))
    writer.reply(sending, "sendMessage", result={"code": 0})
    writer.event("conversationListener", told("onNewConversation", []))
    unanswered = writer.call("invite", {})
    writer.event("conversationListener", told("onSyncServerFinish"))
    text = LIVE + "".join(lines[1:])
    recording = parse(text)
    found = [[event["arguments"]["type"] for event in step.events] for step in recording.steps()]
    assert [
        ["onSyncServerStart", "onConversationChanged"],
        ["onConversationChanged", "onSendMessageProgress", "onNewConversation"],
        ["onSyncServerFinish"],
    ] == found
    assert unanswered
    assert recording == parse(recording.text())
    held = [len(step.events) for step in parse("".join(lines)).steps()]
    assert [0, 5, 1] == held


def test_progress_ahead_of_the_reply() -> None:
    """An event between a lone call and its reply is the call's."""
    lines: list[str] = []
    writer = Writer(lines.append, "chat-8.2", "android")
    writer.reply(writer.call("a", {}), "a", result=1)
    sent = writer.call("b", {})
    writer.event("x", {"type": "progress"})
    writer.reply(sent, "b", result=2)
    a, b = parse("".join(lines)).steps()
    assert ((), 1) == (a.events, len(b.events))


def test_text_is_read_again() -> None:
    """What is written is read as the same."""
    recording = parse(written())
    assert recording == parse(recording.text())


def test_clients_calls_are_recordings() -> None:
    """The lists of the real client's calls are recordings without replies."""
    recording = load(str(FIXTURES / "chat-8.2.calls.jsonl"))
    assert ("chat-8.2", 297) == (recording.dialect, len(recording.lines))
    assert all(step.reply is None for step in recording.steps())


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "line 1"),
        ('{"kind": "call"}\n', "line 1"),
        ('{"recording": 2}\n', "line 1"),
        ('{"recording": "1"}\n', "line 1"),
        (HEADER + "nonsense\n", "line 2"),
        (HEADER + "[]\n", "line 2"),
        (HEADER + '{"kind": "shout", "method": "x"}\n', "line 2"),
        (HEADER + '{"kind": "call", "method": "x", "arguments": {}}\n{"kind": "event", "method": 1}\n', "line 3"),
        (HEADER + '{"kind": "call", "method": "x", "arguments": [1]}\n', "line 2"),
    ],
)
def test_bad_lines_are_named(text: str, where: str) -> None:
    """What is no recording is refused with file and line."""
    with pytest.raises(BridgeError) as caught:
        parse(text, "a.jsonl")
    assert ("a.jsonl", where) == (caught.value.file, caught.value.path)


def test_missing_file_is_named() -> None:
    """A file that is not there is the operator's mistake."""
    with pytest.raises(BridgeError, match=r"none\.jsonl"):
        load("none.jsonl")


def test_header_tells_the_client() -> None:
    """Dialect and platform come from the header."""
    assert Recording("im-5.0", "ios") == parse(HEADER)
