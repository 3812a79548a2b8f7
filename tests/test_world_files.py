"""World files: what is shipped, what the docs show, and how a file that is wrong is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bridge import world_files
from bridge.cli import serve
from bridge.cli.options import parse
from bridge.cli.setup import settings
from bridge.emulator import Emulator, Server, Settings
from bridge.errors import BridgeError
from bridge.slices import Slices
from bridge.world.documents import loading
from bridge.world.documents.persistence import WorldError
from bridge.world.kernel.world import Policy, World
from tests.support.stage import Stage

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "schemas" / "world.schema.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)


def example() -> Any:
    """Return the world in docs/worlds.md."""
    text = (ROOT / "docs" / "worlds.md").read_text("utf-8")
    (block,) = re.findall(r"<!-- tests/test_world_files.py loads this -->\n```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


# --- what is shipped


def test_schema_is_a_schema() -> None:
    """The schema is one of draft 2020-12, and closed everywhere that rows stand."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert all(one.get("additionalProperties") is False for one in (SCHEMA, *SCHEMA["$defs"].values()))


@pytest.mark.parametrize("name", ["empty", "team", "large"])
def test_shipped_world_is_valid(name: str) -> None:
    """A shipped world fits the schema, loads, and survives being written down."""
    document = world_files.fixture(name)
    assert [] == list(VALID.iter_errors(document))
    emulator = Emulator()
    emulator.load(document)
    written = emulator.export()
    assert [] == list(VALID.iter_errors(written))
    emulator.load(written)
    assert json.dumps(written) == json.dumps(emulator.export())


def test_team_is_lively() -> None:
    """`team` has of everything that an app shows."""
    emulator = Emulator()
    emulator.load(world_files.fixture("team"))
    written = emulator.export()
    assert 8 == len(written["users"])
    assert all(user["nick_name"] and user["face_url"] for user in written["users"])
    assert len(written["messages"]) >= 55
    assert {elem["kind"] for one in written["messages"] for elem in one["elems"]} >= {"text", "custom", "image", "file", "location"}
    assert len({group["group_type"] for group in written["groups"]}) >= 3
    rows = [row for row in written["conversations"] if row["user_id"] == "alice"]
    for trait in ("pinned", "unread", "marks", "groups", "recv_opt"):
        assert any(row.get(trait) for row in rows), trait
    assert written["drafts"]
    assert any(friend.get("remark") for friend in written["friends"])


def test_large_is_large() -> None:
    """`large` has 10,000 conversations."""
    stage = Stage(world=world_files.fixture("large"))
    alice = stage.enter("alice")
    page = alice.call("getConversationList", nextSeq="0", count=10_000)
    assert (10_000, True) == (len(page["conversationList"]), page["isFinished"])


# --- what the docs show


@pytest.fixture(params=["chat-8.2-android", "im-5.0-ios"])
def shown(request: pytest.FixtureRequest) -> Stage:
    """Return a stage with the docs' world."""
    dialect, _, platform = request.param.rpartition("-")
    return Stage(dialect, platform, world=example())


def test_example_of_the_docs(shown: Stage) -> None:
    """The list that alice sees is the one that the docs promise."""
    page = shown.enter("alice", name="").call("getConversationList", nextSeq="0", count=10)["conversationList"]
    rows = [(row["conversationID"], row["showName"], row["unreadCount"], row["isPinned"]) for row in page]
    assert [("c2c_bob", "Bobby", 1, True), ("group_team", "The team", 2, False)] == rows
    assert [1] == page[0]["markList"]
    assert ["VIP"] == page[0]["conversationGroupList"]


def test_example_is_no_news(shown: Stage) -> None:
    """What stands in a world is not delivered by the first login."""
    phone = shown.device("new")
    phone.call("initSDK", sdkAppID=1, logLevel=0, listenerUuid="u", uiPlatform=0, showImLog=False, plugins=[])
    phone.reply("addAdvancedMsgListener", listenerUuid="l")
    phone.login("alice")
    assert [] == phone.heard("onRecvNewMessage")
    history = phone.call("getC2CHistoryMessageList", userID="bob", count=10, lastMsgID=None)
    assert ["hi yourself", "hi"] == [one["textElem"]["text"] for one in history]


def test_example_goes_on(shown: Stage) -> None:
    """A new message follows those of the world: later, and with the next number."""
    alice, carol = shown.enter("alice"), shown.enter("carol")
    sent = carol.send("coming?", group="team")
    assert "3" == sent["seq"]
    history = alice.call("getGroupHistoryMessageList", groupID="team", count=10, lastMsgID=None)
    assert [sent["msgID"], "2", "1"] == [history[0]["msgID"], history[1]["seq"], history[2]["seq"]]


# --- files that are wrong

LINES: list[tuple[str, str]] = [
    ('{\n "users": ["a",, "b"]\n}', r"line 2, column 16: is not JSON"),
    ('{\n "usrs": []\n}', r"usrs \(line 2\): is not known here; did you mean users\?"),
    ('{"users": [\n "a",\n {"user_id": "b",\n  "nickname": "B"}\n]}', r"users\[1\].nickname \(line 4\): .* did you mean nick_name\?"),
    ('{"users": [\n "a",\n "a"\n]}', r"users\[1\] \(line 3\): is there twice: user_id 'a'"),
    ('{"groups": [\n {"group_id": "g", "group_type": "Wrok"}\n]}', r"groups\[0\].group_type \(line 2\): is none of Work"),
    ('{"members": [\n {"group_id": "g", "user_id": "a"}\n]}', r"members\[0\].group_id \(line 2\): there is no group 'g'"),
    ('{"messages": [\n {"from": "a",\n  "group": "g", "text": "x"}\n]}', r"messages\[0\].group \(line 3\): there is no group 'g'"),
    ('{"messages": [\n {"from": "a", "to": "b"}\n]}', r"messages\[0\] \(line 2\): what does it say\?"),
    ('{"messages": [\n {"to": "b", "text": "x"}\n]}', r"messages\[0\] \(line 2\): from is missing"),
    ('{"messages": [\n {"from": "a", "to": "b", "text": "x", "read": 1}\n]}', r"messages\[0\].read \(line 2\): must be true, false or"),
    ('{"conversations": [\n {"user_id": "a", "conversation_id": "bob"}\n]}', r"conversations\[0\].conversation_id \(line 2\): must be c2c"),
    (
        '{"conversations": [\n {"user_id": "a", "conversation_id": "c2c_b", "unread": 2, "read": true}\n]}',
        r"conversations\[0\].read \(line 2\): says the opposite of unread",
    ),
    ('{"exact": true, "members": [\n {"group_id": "g", "user_id": "a"}\n]}', r"members\[0\].group_id \(line 2\): there is no group 'g'"),
    ('{"version": 2}', r"version \(line 1\): must be 1"),
    ("[]", r"line 1: a world must be an object"),
    ('{"users": [], "users": []}', r"the key 'users' is there twice"),
]


@pytest.mark.parametrize(("text", "said"), LINES)
def test_file_that_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    """It is refused with the file, where in it, and what is wrong there."""
    file = tmp_path / "ours.json"
    file.write_text(text, "utf-8")
    with pytest.raises(BridgeError, match=r"^.*ours\.json: " + said):
        Server(Settings(world=world_files.load_file(str(file))))


def test_unknown_user_of_strict_accounts(tmp_path: Path) -> None:
    """Where accounts are strict, nobody may be merely mentioned."""
    file = tmp_path / "ours.json"
    file.write_text('{"users": ["a"], "messages": [\n {"from": "a", "to": "b", "text": "x"}]}', "utf-8")
    ours = world_files.load_file(str(file))
    Server(Settings(world=ours))
    with pytest.raises(BridgeError, match=r"messages\[0\].to \(line 2\): there is no user 'b', and accounts are strict"):
        Server(Settings(world=ours, policy=Policy(strict_accounts=True)))


def test_name_that_is_none() -> None:
    """The nearest shipped world is named."""
    with pytest.raises(BridgeError, match="did you mean 'team'"):
        world_files.load_file("taem")


def test_file_is_filled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is served is what was checked: every world begins with it, and none is filled again."""
    file = tmp_path / "ours.json"
    file.write_text('{"users": ["ann"]}', "utf-8")
    filled: list[World] = []
    fill = loading.fill

    def counted(world: World, *given: Any) -> Slices[None]:
        filled.append(world)
        return fill(world, *given)

    monkeypatch.setattr(loading, "fill", counted)
    server = Server(settings(parse(serve.VERB, ["--world", str(file)])[0]))
    for name in ("", "another"):
        assert "ann" in server.world(name).world.tables["users"].rows
    assert 1 == len(filled)
    assert server.world().world not in filled


# --- schema and loader

WRONG: list[Any] = [
    {"users": [{"nick_name": "x"}]},
    {"users": [{"user_id": 3}]},
    {"users": {}},
    {"now_ms": "now"},
    {"counters": {"order": -1}},
    {"friends": [{"between": ["a"]}]},
    {"groups": [{"group_id": "g", "custom": {"a": 1}}]},
    {"messages": [{"from": "a", "to": "b", "text": "x", "minutes_ago": -1}]},
    {"messages": [{"from": "a", "to": "b", "custom": {"dta": "x"}}]},
    {"conversations": [{"user_id": "a", "conversation_id": "c2c_b", "marks": "star"}]},
    {"exact": True, "messages": [{"from": "a", "to": "b", "text": "x"}]},
    {"timers": [{"due": 1}]},
    {"devices": []},
]


@pytest.mark.parametrize("document", WRONG)
def test_schema_and_loader_agree(document: Any) -> None:
    """What the schema finds wrong, the loader refuses too."""
    assert list(VALID.iter_errors(document))
    with pytest.raises(BridgeError):
        Emulator().load(document)


def test_large_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a checkout that cannot be written to, what a tool makes is made each time."""
    tool = tmp_path / "tool.py"
    tool.write_text("def make():\n    return {'users': [{'userID': 'made'}]}\n")
    (tmp_path / "folder").write_bytes(b"")
    monkeypatch.setattr(world_files, "MAKERS", {"made": str(tool)})
    monkeypatch.setattr(world_files, "FOLDERS", (str(tmp_path / "folder"), str(tmp_path / "nowhere")))
    assert {"users": [{"userID": "made"}]} == world_files.fixture("made")
    assert {"users": [{"userID": "made"}]} == world_files.load_file("made").document


@pytest.mark.parametrize("size", [float("inf"), float("nan"), [1], {}, None, True, "1"])
def test_sizes_are_numbers(size: Any) -> None:
    """What is no finite number is refused with its place: it could not be written down and read again."""
    emulator = Emulator()
    before = emulator.export()
    with pytest.raises(WorldError) as refused:
        emulator.load({"messages": [{"from": "a", "to": "b", "image": {"size": size}}]})
    assert ("messages[0].image.size", "must be a number") == (refused.value.path, refused.value.message)
    assert before == emulator.export()
