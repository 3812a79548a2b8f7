"""What is chosen of a journal, written down: it does again what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.errors import INVALID_PARAMS, NOT_THERE
from tests.inspector.looking import STORY, by, on, say, stage
from tests.support import dart
from tests.support.line import Line

pytest_plugins = ["pytester"]

FORMS = ("recording", "pytest", "dart", "report")

CALLS = tuple(step for step in STORY if not step[0].startswith("bridge.service") and "draft" not in str(step))
"""All that calls alone have caused."""


def told(line: Line, story: Any) -> int:
    """Play a story. Returns the number of the last entry ahead of it."""
    since: int = line.session.emulator.engine.journal.last
    for method, params in story:
        line.ask(method, **params)
    return since


def written(form: str, story: Any = CALLS, begun: Callable[[], Line] = stage, **more: Any) -> str:
    """Return what a story is as."""
    line = begun()
    since = told(line, story)
    text: str = line.ask("bridge.journal.write", **{"as": form, "since": since, **more})["text"]
    return text


def from_nothing() -> Line:
    """Return a client in a fresh world, nothing of whose past is kept."""
    return Line()


WHOLE = (
    ("initSDK", {"sdkAppID": 1400000000, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}),
    ("addConversationListener", {"listenerUuid": "c"}),
    ("addAdvancedMsgListener", {"listenerUuid": "m"}),
    ("login", {"userID": "alice", "userSig": "secret-signature"}),
    say("bob", "it's \"me\" — $1 {x}\n", to="alice"),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("bridge.clock.advance", {"ms": 5000}),
    by("bob", "getLoginUser"),
)
"""From the first call on, as an app begins."""

BEGINNINGS: tuple[tuple[Any, Callable[[], Line]], ...] = ((CALLS, stage), (WHOLE, from_nothing))


@pytest.mark.parametrize(("story", "begun"), BEGINNINGS, ids=["amid", "from the first"])
def test_recording_is_verified(story: Any, begun: Callable[[], Line], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A server in a fresh world does all of it again: nothing differs."""
    file = tmp_path / "story.jsonl"
    file.write_text(written("recording", story, begun), encoding="utf-8")
    assert 0 == main(["verify", str(file)]), capsys.readouterr().out
    assert "secret-signature" not in file.read_text("utf-8")


@pytest.mark.parametrize(("story", "begun"), BEGINNINGS, ids=["amid", "from the first"])
def test_pytest_test_passes(story: Any, begun: Callable[[], Line], pytester: pytest.Pytester) -> None:
    """It makes the same calls, and finds the same codes and events."""
    text = written("pytest", story, begun)
    assert text.count("assert ") >= len([step for step in story if not step[0].startswith("bridge.")])
    pytester.makepyfile(test_as_it_was=text)
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert "secret-signature" not in text


def test_pytest_test_would_notice(pytester: pytest.Pytester) -> None:
    """Another code, or another event, and it fails."""
    text = written("pytest", WHOLE, from_nothing)
    for old, new in (('assert 0 == reply_5["code"]', 'assert 1 == reply_5["code"]'), ("GroupCreated", "GroupDeleted")):
        assert old in text
        pytester.makepyfile(test_as_it_was=text.replace(old, new))
        pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(failed=1)


@pytest.mark.parametrize(("story", "begun"), BEGINNINGS, ids=["amid", "from the first"])
def test_dart_test_is_dart(story: Any, begun: Callable[[], Line]) -> None:
    """It parses; whatever people have written is in quotes."""
    text = written("dart", story, begun)
    assert [] == dart.flaws(dart.parse_text(text)), text
    assert "import 'package:timbridge_test/timbridge_test.dart';" in text
    assert "secret-signature" not in text


def test_replies_lead_to_later_calls(pytester: pytest.Pytester) -> None:
    """Ids that the service has made are taken from the replies that brought them."""
    story = (
        by("bob", "createTextMessage", text="by hand"),
        say("bob", "hi", to="alice"),
        by("bob", "createGroup", groupID="", groupType="Public", groupName="g", memberList=[{"userID": "alice", "role": 200}]),
    )
    line = stage()
    since = told(line, story)
    group = next(entry["result"]["data"] for entry in reversed(line.journal("reply")) if entry["method"] == "createGroup")
    line.ask("bridge.user.say", user="bob", group=group, text="first")
    text = line.ask("bridge.journal.write", **{"as": "pytest", "since": since})["text"]
    assert 'group=reply_2[\'data\']' in text
    pytester.makepyfile(test_as_it_was=text)
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_other_devices_are_there_too(tmp_path: Path) -> None:
    """Opened, with who was logged in, and told what they were told."""
    story = (
        ("pinConversation", {"conversationID": "c2c_bob", "isPinned": True}),
        on("tablet", "getConversationList", nextSeq="0", count=10),
    )
    line = stage()
    line.ask("bridge.user.say", user="bob", to="alice", text="hi")
    since = told(line, story)
    text = line.ask("bridge.journal.write", **{"as": "recording", "since": since})["text"]
    assert "bridge.device.event" in text
    (tmp_path / "story.jsonl").write_text(text, encoding="utf-8")
    assert 0 == main(["verify", str(tmp_path / "story.jsonl")])


def test_events_stand_for_their_calls() -> None:
    """Whoever chooses an event, or a reply, means the call behind it."""
    line = stage()
    told(line, [say("bob", "hi", to="alice")])
    event, reply = line.journal("event")[-1], line.journal("reply")[-1]
    assert event["cause"] == reply["cause"]
    numbers = event["seq"], reply["seq"], reply["cause"]
    assert 1 == len({line.ask("bridge.journal.write", **{"as": "pytest", "entries": [seq]})["text"] for seq in numbers})


def test_reports_hide_what_people_write() -> None:
    """Texts, names and custom data by their lengths, signatures never; codes, ids and descriptions as they are."""
    story = (
        *WHOLE[:4],
        say("bob", "a private word", to="alice"),
        ("setConversationCustomData", {"customData": "data of the app", "conversationIDList": ["c2c_bob"]}),
        ("createConversationGroup", {"groupName": "my group", "conversationIDList": []}),
    )
    line = from_nothing()
    told(line, story)
    hidden, shown = (line.ask("bridge.journal.write", **{"as": "report", "texts": texts})["text"] for texts in (False, True))
    for secret in ("a private word", "data of the app", "my group"):
        assert secret not in hidden
        assert secret in shown
    assert "<14 characters>" in hidden
    for text in (hidden, shown):
        assert "secret-signature" not in text
        assert "c2c_bob" in text and "51006" in text and "setConversationCustomData" in text
    for block in hidden.split("```json\n")[1:]:
        json.loads(block.partition("```")[0])


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_changed_by_writing(form: str) -> None:
    """Neither the world nor the journal."""
    line = stage()
    since = told(line, CALLS[:4])
    whole, last = line.snapshot(), line.session.emulator.engine.journal.last
    line.ask("bridge.journal.write", **{"as": form, "since": since})
    assert whole == line.snapshot()
    assert last == line.session.emulator.engine.journal.last


def test_what_cannot_be_written_is_refused() -> None:
    """No such form, no such entries, no call among them."""
    line = stage()
    told(line, CALLS[:1])
    assert INVALID_PARAMS == line.error("bridge.journal.write", **{"as": "novel"})["code"]
    assert NOT_THERE == line.error("bridge.journal.write", **{"as": "report", "entries": []})["code"]
    assert NOT_THERE == line.error("bridge.journal.write", **{"as": "pytest", "entries": [10**9, "x"]})["code"]
    line.ask("bridge.service.kick", device="tablet")
    event = line.journal("event")[-1]
    assert "cause" not in event
    assert NOT_THERE == line.error("bridge.journal.write", **{"as": "recording", "entries": [event["seq"]]})["code"]
