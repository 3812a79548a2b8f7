import json
import subprocess
import sys

import pytest

from tests.catalogue.schema_files import ROOT, problems, read
from tools.draft_schemas import keep, layout
from tools.drafting.facts import fact_name, field_name
from tools.drafting.methods import method_file, needs
from tools.drafting.wire import dart_schema, wire_schema


def test_keep_adds_and_never_overwrites():
    """What the project owns stays, at every depth; what is missing is added; lists are owned whole."""
    owned = {"needs": "login", "quirks": {"mine": 1}, "notes": []}
    drafted = {"needs": "nothing", "quirks": {"mine": 2, "new": 3}, "notes": ["x"], "manager": "m"}

    merged = keep(owned, drafted)

    assert {"needs": "login", "quirks": {"mine": 1, "new": 3}, "notes": [], "manager": "m"} == merged


def test_layout_keeps_short_things_on_a_line():
    """Short values stay on one line, long ones are broken, and nothing is lost."""
    value = {"a": ["x"], "b": ["word " * 10] * 5, "c": {}}
    text = layout(value)

    assert value == json.loads(text)
    assert '  "a": ["x"],' in text.splitlines()


@pytest.mark.parametrize(
    ("word", "schema"),
    [
        ("String|null", {"type": ["string", "null"]}),
        ("list<map:V2TIMMessage>", {"type": "array", "items": {"x-ref": "maps/V2TIMMessage"}}),
        ("map<String,int>", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("map<String,list<V2TIMX>>", {"type": "object", "additionalProperties": wire_schema("list<V2TIMX>")}),
        ("map:X|null", {"anyOf": [{"x-ref": "maps/X"}, {"type": "null"}]}),
    ],
)
def test_wire_words_become_schemas(word, schema):
    """Type words of the facts are read."""
    assert schema == wire_schema(word)


def test_dart_words_become_schemas():
    """Type words of Dart are read; classes are models."""
    assert {"type": ["array", "null"], "items": {"x-ref": "models/V2TimGroupAtInfo"}} == dart_schema(
        "List<V2TimGroupAtInfo>?"
    )
    assert {"type": "object", "additionalProperties": {}} == dart_schema("Map<String, dynamic>")


@pytest.mark.parametrize(
    ("event", "fact"),
    [
        ("onConversationGroupCreated", "conversation_group_created"),
        ("onRecvNewMessage", "message_received"),
        ("onMemberEnter", "member_entered"),
        ("onTopicCreated", "topic_created"),
        ("onCreateTopic", "topic_created"),
    ],
)
def test_facts_are_past_tense(event, fact):
    """Events become facts."""
    assert fact == fact_name(event)


def test_fields_follow_keys():
    """Payload fields are keys in snake_case, conversations by their plain name."""
    assert ("group_name", "conversations") == (field_name("groupName"), field_name("conversationList"))


@pytest.mark.parametrize(
    ("method", "need"),
    [
        ("initSDK", "nothing"),
        ("addConversationListener", "nothing"),
        ("login", "init"),
        ("createTextMessage", "init"),
        ("getConversationList", "cache"),
        ("createConversationGroup", "login"),
    ],
)
def test_needs_of_methods(method, need):
    """What a call needs first."""
    assert need == needs(method)


PARAM = {"wireType": "String", "dartType": "String", "required": False, "nullable": False, "default": None, "note": ""}
FACT = {
    "method": "pinThing",
    "manager": "thingManager",
    "dartMethods": ["pinThing"],
    "params": [
        {**PARAM, "name": "groupID", "required": True},
        {**PARAM, "name": "on", "wireType": "bool", "dartType": "bool", "default": True},
    ],
    "result": {"androidReply": "envelope", "iosReply": "none", "android": "null", "ios": "never answered"},
    "androidIgnores": [],
    "androidNoReplyWhenNull": ["on"],
    "androidSupported": True,
    "iosSupported": False,
    "errors": {"android": [{"code": -1, "desc": "no"}]},
    "notes": [],
}


def test_drafted_method_keeps_its_meta_schema():
    """A draft is a valid file at once."""
    drafted = method_file(FACT, "8.2")
    arguments = drafted["arguments"]["properties"]

    assert [] == problems(drafted)
    assert "target" == arguments["groupID"]["x-refusesNull"]
    assert {"on": {"as": "bool", "null": "unanswered", "line": "Android adapter 8.2"}} == drafted["casts"]["android"]
    assert (True, ["android"]) == (arguments["on"]["default"], drafted["platforms"])


def _facts(folder):
    empty = {"dialect": "d-1", "channel": "c", "pluginVersion": "1", "general": {"call": "x"}}
    files = {
        "methods": {**empty, "methods": [FACT]},
        "events": {**empty, "listeners": {}},
        "maps": {"maps": {}},
        "models": {"models": []},
        "enums": {"dialect": "d-1", "enums": []},
        "accepts": {"classes": {}},
    }
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def test_tool_drafts_and_respects_what_is_there(tmp_path):
    """The first run writes the files, a second one leaves an edited key alone."""
    _facts(tmp_path / "facts" / "d-1")
    command = [
        sys.executable,
        "tools/draft_schemas.py",
        "--facts",
        str(tmp_path / "facts"),
        "--schemas",
        str(tmp_path / "out"),
    ]
    path = tmp_path / "out" / "d-1" / "methods" / "thingManager" / "pinThing.json"

    subprocess.run(command, check=True, cwd=ROOT)
    edited = {**read(path), "needs": "nothing"}
    path.write_text(json.dumps(edited), encoding="utf-8")
    subprocess.run(command, check=True, cwd=ROOT)

    assert edited == read(path)
    assert "d-1" == read(tmp_path / "out" / "d-1" / "dialect.json")["dialect"]
