"""Playing recordings: the bridge agrees with itself under any seed, and a change is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.catalogue import dialects
from bridge.cli import main
from bridge.cli.targets import OwnTarget, RemoteTarget
from bridge.conformance.playing import play, split
from bridge.conformance.recordings import Recording, Writer, load, parse
from bridge.conformance.replay import Replay
from bridge.emulator import Settings
from tests.support.worlds import RECORDED, WORLDS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "recordings"
INIT = {"sdkAppID": 1, "logLevel": 3, "listenerUuid": "u", "uiPlatform": 0, "showImLog": False, "plugins": []}
STORY: list[tuple[str, dict[str, object]]] = [
    ("initSDK", INIT),
    ("login", {"userID": "alice", "userSig": "sig"}),
    ("addConversationListener", {"listenerUuid": "c"}),
    ("addAdvancedMsgListener", {"listenerUuid": "m"}),
    ("bridge.user.say", {"user": "bob", "to": "alice", "text": "hi"}),
    ("createConversationGroup", {"groupName": "work", "conversationIDList": ["c2c_bob"]}),
    ("createTextMessage", {"text": "hello"}),
    ("getC2CHistoryMessageList", {"userID": "bob", "count": 5}),
    ("noSuchMethod", {}),
]


def recorded(dialect: str = "chat-8.2", platform: str = "android") -> Recording:
    """Return a recording of the story, with a message that is sent by the id that its creation gave."""
    target = OwnTarget(Settings(dialect=dialect, platform=platform))
    lines: list[str] = []
    writer = Writer(lines.append, dialect, platform)
    calls = list(STORY)
    number = 0
    while calls:
        number += 1
        method, arguments = calls.pop(0)
        seq = writer.call(method, arguments)
        reply, events = split(target.call(number, method, arguments), number)
        assert reply is not None
        writer.reply(seq, method, **{key: reply[key] for key in ("result", "error") if key in reply})
        for event in events:
            writer.event(event["method"], event["arguments"])
        if method == "createTextMessage":
            local_id = reply["result"]["data"]["id"]
            calls.insert(0, ("sendMessage", {"id": local_id, "receiver": "bob", "groupID": ""}))
    return parse("".join(lines))


@pytest.mark.parametrize(("dialect", "platform"), WORLDS)
def test_other_seeds_agree(dialect: str, platform: str) -> None:
    """A recording of one seed has no difference to the bridge under another."""
    recording = recorded(dialect, platform)
    verdicts = list(play(recording, OwnTarget.like(recording, Settings(seed=7))))
    assert len(STORY) + 1 == len(verdicts)
    assert [] == [str(d) for verdict in verdicts for d in verdict.differences]


def test_a_changed_reply_is_found() -> None:
    """What was recorded otherwise is reported with call and path."""
    text = recorded().text().replace('"resultCode":0', '"resultCode":51007')
    verdicts = play(parse(text), OwnTarget(Settings()))
    found = [(v.method, d.path) for v in verdicts for d in v.differences]
    assert [("createConversationGroup", "result.data[0].resultCode")] == found


def test_a_missing_event_is_found() -> None:
    """An event more or less is a difference."""
    recording = recorded()
    lines = [line for line in recording.lines if "onConversationGroupCreated" not in json.dumps(line)]
    found = [d.path for v in play(Recording(lines=tuple(lines)), OwnTarget(Settings())) for d in v.differences]
    assert any(path.startswith("events[") for path in found)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.session.jsonl")), ids=lambda path: path.name.partition(".session")[0])
def test_real_clients_sessions_verify(path: Path) -> None:
    """What was recorded of a real client of each generation is what the bridge does under any seed."""
    recording = load(str(path))
    assert (recording.dialect, True) == (path.name.removesuffix(".session.jsonl"), recording.held)
    verdicts = list(play(recording, OwnTarget.like(recording, Settings(seed=7))))
    assert len(verdicts) >= 12
    assert [] == [f"line {d.line} {d}" for verdict in verdicts for d in verdict.differences]


def test_every_generation_was_recorded() -> None:
    """Each dialect with a channel has a session of a client."""
    assert set(dialects()) == {path.name.removesuffix(".session.jsonl") for path in FIXTURES.glob("*.session.jsonl")}


@pytest.mark.parametrize("dialect", RECORDED)
def test_the_clients_calls_are_all_answered(dialect: str) -> None:
    """Every recorded call of the real client gets an answer, and none finds a bug of ours."""
    recording = load(str(FIXTURES / f"{dialect}.calls.jsonl"))
    target = OwnTarget.like(recording)
    for number, step in enumerate(recording.steps(), 1):
        reply, _ = split(target.call(number, step.call["method"], step.call["arguments"]), number)
        assert reply is not None
        assert reply.get("error", {}).get("code") != -32603


def test_replay_answers_as_recorded() -> None:
    """A replay gives the recorded replies and events, in any order of other calls; unknown ones the nearest name."""
    replay = Replay(recorded())
    (version,) = replay.answer({"id": 1, "method": "getC2CHistoryMessageList", "params": {"userID": "bob", "count": 5}})
    assert 2 == len(version["result"]["data"])
    reply, *events = replay.answer({"id": 2, "method": "createConversationGroup", "params": {}})
    assert (0, 2) == (reply["result"]["code"], len(events))
    (unknown,) = replay.answer({"id": 3, "method": "createConversationGrup"})
    assert "createConversationGroup" == unknown["error"]["data"]["nearest"][0]
    assert [] == replay.answer({"method": "nothing"})


def test_replay_repeats_its_last_answer() -> None:
    """When all recorded calls of a method are used, the last one answers again."""
    replay = Replay(recorded())
    first, second = (replay.answer({"id": n, "method": "login", "params": {}}) for n in (1, 2))
    assert first[0]["result"] == second[0]["result"]


def test_record_then_verify_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`record` hands everything on unchanged; `verify` agrees with it, here and in another process."""
    file = tmp_path / "story.jsonl"
    serve = [sys.executable, "-m", "bridge", "serve"]
    calls = "".join(
        json.dumps({"jsonrpc": "2.0", "id": n, "method": method, "params": params}) + "\n"
        for n, (method, params) in enumerate(STORY)
    ).encode()
    plain = subprocess.run(serve, input=calls, capture_output=True, check=True, timeout=60)
    record = [sys.executable, "-m", "bridge", "record", "--out", str(file), "--", *serve]
    between = subprocess.run(record, input=calls, capture_output=True, check=True, timeout=60)
    assert plain.stdout == between.stdout
    assert 0 == main(["verify", str(file), "--seed", "3"])
    assert f"{len(STORY)} calls, 0 differences" in capsys.readouterr().out
    target = RemoteTarget([*serve, "--platform", "ios"], 10.0)
    assert any(verdict.differences for verdict in play(load(str(file)), target))
    target.close()


def test_verify_says_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A difference makes the exit status 1 and stands on a line."""
    file = tmp_path / "story.jsonl"
    file.write_text(recorded().text().replace('"resultCode":0', '"resultCode":1'), encoding="utf-8")
    assert 1 == main(["verify", str(file)])
    words = "line 18, call 6 createConversationGroup\n  result.data[0].resultCode (line 19)\n    - 1\n    + 0\n"
    assert words in capsys.readouterr().out
    assert 1 == main(["verify", str(file), "--json"])
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert 1 == sum(len(one["differences"]) for one in shown)
