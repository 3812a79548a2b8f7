"""The sanitizer: each rule warns of what it is for, once, with the mend; nobody else hears of it, and well-behaved apps are not warned."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import default_dialect, dialects, load, native_dialects
from bridge.catalogue.sources import common_document
from bridge.cli.story import Story
from bridge.emulator import Emulator, Server, Settings
from bridge.sanitizer import PREFIX
from bridge.testing.client import Client
from bridge.testing.errors import RpcError, Unanswered
from tests.support.native import NativeApp, NativeStage, made

ROOT = Path(__file__).parent.parent
RULES: dict[str, Any] = common_document("misuse")["rules"]
PAGE = {"nextSeq": "0", "count": 1}
FILTER = {"conversationType": 1, "conversationGroup": None, "markType": None, "hasUnreadCount": None, "hasGroupAtInfo": None}

Step = Callable[[Client], Any]


def client(sanitize: bool = True, **settings: Any) -> Client:
    return Client.inside(Server(Settings(sanitize=sanitize, **settings)))


def warnings(bridge: Client) -> list[str]:
    """Return what the sanitizer has said, in its order."""
    entries = bridge.journal.list(kind="warning")
    return [entry["text"].removeprefix(PREFIX) for entry in entries if entry["text"].startswith(PREFIX)]


def call(method: str, **arguments: Any) -> Step:
    return lambda bridge: bridge.reply(method, **arguments)


def say(text: str) -> Step:
    return lambda bridge: bridge.user("bob").say(text, to="alice")


def wait(ms: int) -> Step:
    return lambda bridge: bridge.clock.advance(ms=ms)


def login(listen: bool = True) -> Step:
    return lambda bridge: bridge.login("alice", listen=listen)


def talk(bridge: Client) -> None:
    """Two people write to alice, so that her list has two pages of one."""
    for name in ("bob", "carol"):
        bridge.user(name).say("hi", to="alice")


def past_the_end(bridge: Client) -> None:
    pages = [bridge.call("getConversationListByFilter", filter=FILTER, nextSeq=0, count=1)]
    while not pages[-1]["isFinished"]:
        pages.append(bridge.call("getConversationListByFilter", filter=FILTER, nextSeq=int(pages[-1]["nextSeq"]), count=1))
    bridge.reply("getConversationListByFilter", filter=FILTER, nextSeq=int(pages[-1]["nextSeq"]), count=1)


def started(bridge: Client) -> None:
    bridge.call("initSDK", **load(bridge.dialect).init_arguments)


WRONG: dict[str, list[Step]] = {
    "early": [call("getLoginUser"), call("getConversationList", **PAGE)],
    "loggedOut": [login(), call("logout"), call("getConversationList", **PAGE)],
    "twiceListener": [login(), *[call("addConversationListener", listenerUuid="c1")] * 2],
    "leakedListener": [login(), *[call("addConversationListener", listenerUuid=f"c{at}") for at in range(10)]],
    "unheard": [login(listen=False), call("getC2CHistoryMessageList", userID="bob", count=20), say("hi"), say("ho")],
    "pastTheEnd": [login(), talk, past_the_end],
    "beforeSync": [started, call("login", userID="alice", userSig="s"), call("getConversationList", **PAGE)],
    "ignoredCode": [login(), *[call("renameConversationGroup", oldName="none", newName="x")] * 4],
    "failedCreation": [
        login(),
        call("createForwardMessage", msgID="none"),
        call("sendMessage", id="", receiver="bob", groupID=""),
    ],
    "polling": [login(), *[call("getTotalUnreadMessageCount"), wait(1000)] * 7],
    "deprecated": [login(), *[call("sendTextMessage", text="a", receiver="bob", groupID="")] * 2],
}
RIGHT: dict[str, list[Step]] = {
    "early": [login(), call("getConversationList", **PAGE)],
    "loggedOut": [login(), call("logout"), call("login", userID="bob", userSig="s"), call("getConversationList", **PAGE)],
    "twiceListener": [
        login(),
        *[call("addConversationListener", listenerUuid="c1"), call("removeConversationListener", listenerUuid="c1")] * 2,
    ],
    "leakedListener": [
        login(),
        *[
            step
            for at in range(20)
            for step in (
                call("addConversationListener", listenerUuid=f"c{at}"),
                call("removeConversationListener", listenerUuid=f"c{at}"),
            )
        ],
    ],
    "unheard": [login(), call("getC2CHistoryMessageList", userID="bob", count=20), say("hi")],
    "pastTheEnd": [login(), talk, *[call("getConversationList", **PAGE)] * 2],
    "beforeSync": [login(), call("getConversationList", **PAGE)],
    "ignoredCode": [
        login(),
        *[call("renameConversationGroup", oldName="none", newName="x"), call("getLoginUser")] * 2,
        call("renameConversationGroup", oldName="other", newName="x"),
    ],
    "failedCreation": [login(), lambda bridge: bridge.call("createTextMessage", text="a")],
    "polling": [login(), *[call("getTotalUnreadMessageCount"), wait(1000), say("news")] * 7],
    "deprecated": [login(), call("createTextMessage", text="a")],
}


def play(steps: Iterable[Step], bridge: Client) -> list[str]:
    for step in steps:
        try:
            step(bridge)
        except (RpcError, Unanswered):
            pass
    return warnings(bridge)


def test_every_rule_has_both_cases():
    """What is data has a case in which it warns, and one in which it does not."""
    assert set(RULES) == set(WRONG) == set(RIGHT)


@pytest.mark.parametrize("name", RULES)
def test_misuse_is_warned_of_once(name):
    """A rule warns of its misuse once per call, with the mend and where it comes from, and no other rule does."""
    said = play(WRONG[name], client())
    assert {name} == {text.partition(":")[0] for text in said}
    assert len(said) == len({text.split()[1] for text in said})
    assert all(text.endswith(f"({RULES[name]['kind']}: {RULES[name]['source']})") and "{" not in text for text in said)


@pytest.mark.parametrize("name", RULES)
def test_right_use_is_not_warned_of(name):
    """What looks like it and is right is not warned of."""
    assert [] == play(RIGHT[name], client())


def test_warning_names_call_and_mend():
    """A warning says which call, what is wrong with it, and what to write instead."""
    bridge = client()
    play(WRONG["deprecated"], bridge)
    source = "(adapter source: public classes of the plugin 8.2)"
    assert [f"deprecated: sendTextMessage is deprecated; use createTextMessage and sendMessage {source}"] == warnings(bridge)
    entry = bridge.journal.list(kind="warning")[-1]
    cause = next(one for one in bridge.journal.list() if one["seq"] == entry["cause"])
    assert ("call", "sendTextMessage") == (cause["kind"], cause["method"])


def test_new_start_is_told_again():
    """An app that starts again is told again."""
    bridge = client()
    play([login(), call("sendTextMessage", text="a", receiver="bob", groupID="")] * 2, bridge)
    assert 2 == len(warnings(bridge))


def test_nothing_is_done_without_it():
    """Unless it is asked for, nobody taps the emulator, and nothing is warned of."""
    bridge = client(sanitize=False)
    assert [] == play([step for steps in WRONG.values() for step in steps], bridge)
    assert not Emulator(Settings())._tapped
    assert Emulator(Settings(sanitize=True))._tapped


def test_clients_hear_the_same_with_it():
    """Replies and events are the same with and without it."""
    traces = []
    for sanitize in (False, True):
        bridge = client(sanitize)
        play([step for steps in WRONG.values() for step in steps], bridge)
        traces.append([entry for entry in bridge.trace if "entries" not in (entry.get("reply") or {})])
    assert traces[0] == traces[1]


@pytest.mark.parametrize("dialect", dialects())
def test_well_behaved_story_is_not_warned_of(dialect):
    """An app that does all as it should is not warned of, whichever plugin it has."""
    bridge = client(dialect=dialect)
    Story(bridge, dialect, lambda text: None).play()
    assert [] == warnings(bridge)


@pytest.mark.parametrize("name", ["chat-8.2", "im-5.0"])
def test_recorded_calls_are_not_warned_of(name):
    """Of every call of the plugin's own client, one after the other, only those are warned of that the plugin itself calls deprecated."""
    bridge = client(dialect=name)
    bridge.login("alice")
    lines = (ROOT / "fixtures" / "recordings" / f"{name}.calls.jsonl").read_text("utf-8").splitlines()[1:]
    calls = [json.loads(line) for line in lines]
    ends = {"initSDK", "unInitSDK", "login", "logout"}
    kept = [one for one in calls if one["method"] not in ends and not one["method"].startswith("remove")]
    said = play([call(one["method"], **one["arguments"]) for one in kept], bridge)
    assert {"deprecated"} == {text.partition(":")[0] for text in said}


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures" / "recordings").glob("*.session.jsonl")), ids=lambda path: path.name)
def test_recorded_sessions_are_not_warned_of(path):
    """Of a session that a real client has had nothing is said, whatever its generation."""
    head, *rows = map(json.loads, path.read_text("utf-8").splitlines())
    bridge = client(dialect=head["dialect"], platform=head["platform"])
    calls = [row for row in rows if row["kind"] == "call"]
    assert [] == play([call(row["method"], **row["arguments"]) for row in calls], bridge)
    assert len(calls) <= sum(entry["kind"] == "call" for entry in bridge.journal.list())


NATIVE_PAGE = {"filter": {}, "next_seq": 0, "count": 1}


def ask(function: str, **arguments: Any) -> Callable[[NativeApp], Any]:
    return lambda app: app.reply(function, **arguments)


def numbered(count: int, function: str, **arguments: Any) -> list[Callable[[NativeApp], Any]]:
    """Return calls as the client makes them, each with another number."""
    return [ask(function, user_data=f"{function}-{number}", **arguments) for number in range(count)]


def tell(app: NativeApp) -> None:
    for name in ("bob", "carol"):
        app.stage.enter(name).send("hi", to="alice")


def pages(app: NativeApp) -> None:
    """Read two pages of one, and go on behind the last."""
    cursor = 0
    for _ in range(3):
        said = app.value("DartGetConversationListByFilter", filter={}, next_seq=cursor, count=1)
        cursor = int(said["conversation_list_result_next_seq"])


LOGIN = ask("DartLogin", user_id="alice", user_sig="s", user_data="login-1")
LIST = ask("DartGetConversationListByFilter", **NATIVE_PAGE, user_data="getConversationList-1")
WANTED = {"msg_getmsglist_param_count": 20, "msg_getmsglist_param_is_ramble": True}
HISTORY = ask("DartGetHistoryMessageList", conv_id="bob", conv_type=1, json_get_msg_param=WANTED)
OLD_INSERT = ask(
    "DartSaveMessage", conv_id="bob", conv_type=1, json_msg_param=made(), user_data="insertC2CMessageToLocalStorage-1"
)
RENAME = {"old_name": "none", "new_name": "x"}


def advance(app: NativeApp) -> None:
    app.stage.advance(1000)


NATIVE_WRONG: dict[str, list[Any]] = {
    "early": [LIST, LIST],
    "loggedOut": [LOGIN, ask("DartLogout"), LIST, ask("DartSetConversationDraft", conv_id="bob", conv_type=1, draft_text="x")],
    "unheard": [LOGIN, HISTORY, tell],
    "pastTheEnd": [LOGIN, tell, pages],
    "beforeSync": [LOGIN, LIST],
    "ignoredCode": [LOGIN, *numbered(4, "DartRenameConversationGroup", **RENAME)],
    "polling": [LOGIN, *[step for one in numbered(7, "DartGetTotalUnreadMessageCount") for step in (one, advance)]],
    "deprecated": [LOGIN, OLD_INSERT, OLD_INSERT],
}
BARE = ("unheard", "beforeSync")
"""Rules about callbacks that were not asked for."""


def native_warnings(name: str, steps: list[Any], asked_for: bool) -> list[str]:
    """Return what is said of an app of the library that has asked for all or no callbacks; one without a login is not started."""
    stage = NativeStage(name, sanitize=True)
    app = stage.app("alice's", switched=asked_for) if LOGIN in steps[:1] else NativeApp(stage, "alice's")
    for step in steps:
        step(app)
    entries = [entry for entry in stage.emulator.engine.journal.newest(0) if entry.kind == "warning"]
    return [entry.value.removeprefix(PREFIX) for entry in entries if entry.value.startswith(PREFIX)]


@pytest.mark.parametrize("dialect", native_dialects())
@pytest.mark.parametrize("name", NATIVE_WRONG)
def test_native_misuse_is_warned_of(name, dialect):
    """An app of the library is warned of what it can do wrong there, under the names that its developer knows."""
    said = native_warnings(dialect, NATIVE_WRONG[name], name not in BARE)
    assert {name} == {text.partition(":")[0] for text in said}
    assert not any("Dart" in text for text in said)


@pytest.mark.parametrize("dialect", native_dialects())
def test_native_app_that_does_right(dialect):
    """One that asks for its callbacks, logs in, reads pages to the end and looks at its codes is not warned of."""
    news = [lambda app: app.stage.enter("dave").send("news", to="alice"), advance, *numbered(1, "DartGetTotalUnreadMessageCount")]
    steps = [LOGIN, LIST, tell, HISTORY, *news * 7, *numbered(2, "DartRenameConversationGroup", **RENAME), LIST, ask("DartLogout")]
    assert [] == native_warnings(dialect, steps, True)


def test_native_recording_is_not_warned_of():
    """Of every call of the library that its own client makes only those are warned of that the plugin itself calls deprecated."""
    lines = (ROOT / "fixtures" / "recordings" / "native-8.9.functions.jsonl").read_text("utf-8").splitlines()[1:]
    calls = [row for row in map(json.loads, lines) if row["method"] not in {"initSDK", "unInitSDK", "login", "logout"}]
    steps = [ask(row["function"], **{**row["arguments"], "user_data": f"{row['method']}-1"}) for row in calls]
    stage = NativeStage(sanitize=True)
    app = stage.enter("alice")
    for step in steps:
        try:
            step(app)
        except AssertionError:
            pass  # calls with made-up values, one after the other
    said = [entry.value for entry in stage.emulator.engine.journal.newest(0) if entry.kind == "warning"]
    found = [text.removeprefix(PREFIX) for text in said if text.startswith(PREFIX)]
    assert {"deprecated"} == {text.partition(":")[0] for text in found}, found
    assert len(calls) <= sum(entry.kind == "call" for entry in stage.emulator.engine.journal.newest(0))


def test_rules_name_what_there_is():
    """Methods that rules name are methods of the newest dialect of the channel."""
    known = set(load(default_dialect()).method_names)
    named = {name for rule in RULES.values() for name in rule.get("methods", ())}
    named |= {name for names in RULES["unheard"]["reads"].values() for name in names}
    named |= set(RULES["deprecated"]["uses"])
    assert set() == named - known
