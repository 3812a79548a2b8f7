"""The schemas as other tools find them: each whole by itself, under an `$id` that is no path."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bridge import world_files
from bridge.conformance import recordings
from bridge.emulator import Emulator, Settings
from tests.catalogue.schema_files import DIALECTS, METAS, ROOT, SCHEMAS, read, references, source
from tools import gen_meta

EVERY = sorted(SCHEMAS.rglob("*.json"))
FOR_OTHERS = [*sorted((SCHEMAS / "meta").glob("*.json")), *sorted(SCHEMAS.glob("*.schema.json"))]
RECORDING = read(SCHEMAS / "recording.schema.json")


def test_every_reference_resolves_as_it_lies():
    """No `$ref` leaves its file, and each names something in it; only JSON Schemas have any."""
    seen = 0
    for path in EVERY:
        document = read(path)
        named = set(gen_meta.references(document))
        assert not named or path in FOR_OTHERS, path
        resolver = Registry().with_resource("", DRAFT202012.create_resource(document)).resolver("")
        for reference in named:
            seen += 1
            assert reference.startswith("#/"), (path, reference)
            assert isinstance(resolver.lookup(reference).contents, dict), (path, reference)
    assert 50 < seen


def test_ids_are_absolute():
    """Every schema has an `$id` of its own that is no path, and that a registry finds it by."""
    found = {read(path)["$id"]: path for path in FOR_OTHERS}
    assert len(FOR_OTHERS) == len(found)
    registry = Registry().with_contents([(id, read(path)) for id, path in found.items()])
    for id, path in found.items():
        assert "urn" == urlsplit(id).scheme, path
        assert read(path) == registry.contents(id)
        for reference in set(gen_meta.references(read(path))):
            assert isinstance(registry.resolver(id).lookup(reference).contents, dict)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_of_types_are_the_dialects(dialect):
    """What `x-ref` names is there in the dialect, whichever file it lies in."""
    found = source(dialect)
    there = {f"{kind}/{name}" for kind in ("maps", "models") for name in found.names(kind)}
    for kind in ("methods", "events", "maps", "models"):
        for name in found.names(kind):
            assert set(references(found.document(kind, name))) <= there, (kind, name)


def test_common_parts_are_copied():
    """A meta-schema has every common part that it speaks of, in the common words, and no other."""
    common: dict[str, Any] = {"a": {"$ref": "#/$defs/b"}, "b": {"type": "null"}, "c": {}}
    schema: dict[str, Any] = {"items": {"$ref": "#/$defs/a"}, "$defs": {"own": {"$ref": "#/$defs/own"}, "b": {"type": "string"}, "c": {}}}

    done = gen_meta.completed(schema, common)

    assert {"a": common["a"], "b": common["b"], "own": schema["$defs"]["own"]} == done["$defs"]
    assert ["a", "b", "own"] == list(done["$defs"])
    assert done == gen_meta.completed(done, common)
    assert {"type": "object"} == gen_meta.completed({"type": "object", "$defs": {"c": {}}}, common)


def test_outdated_copy_is_noticed(tmp_path, capsys):
    """`--check` names the file and writes nothing; without it the file is written."""
    for name, document in METAS.items():
        (tmp_path / name).write_text(json.dumps(document), "utf-8")
    changed = tmp_path / "common.schema.json"
    changed.write_text(changed.read_text("utf-8").replace('"assumed"', '"guessed"'), "utf-8")
    before = (tmp_path / "event.schema.json").read_text("utf-8")

    assert 1 == gen_meta.main(["--check", "--folder", str(tmp_path)])
    assert "event.schema.json" in capsys.readouterr().err
    assert before == (tmp_path / "event.schema.json").read_text("utf-8")
    assert 0 == gen_meta.main(["--folder", str(tmp_path)])
    assert '"guessed"' in (tmp_path / "event.schema.json").read_text("utf-8")
    assert 0 == gen_meta.main(["--check", "--folder", str(tmp_path)])


def test_world_may_name_its_schema():
    """A world that says `$schema`, for an editor, is one like any other."""
    world = {"$schema": "../../schemas/world.schema.json", "version": 1, "users": ["a"]}

    assert [] == world_files.violations(world)
    assert Emulator(Settings(world={"version": 1, "users": ["a"]})).export() == Emulator(Settings(world=world)).export()


def problems(value):
    """Return what is wrong with a line of a recording, or with all of them."""
    return [error.message for error in Draft202012Validator(RECORDING).iter_errors(value)]


def test_recordings_keep_to_their_schema():
    """Every line of those that are shipped, and the whole as a list; and what is written today."""
    assert recordings.KINDS == tuple(RECORDING["$defs"]["entry"]["properties"]["kind"]["enum"])
    assert recordings.VERSION == RECORDING["$defs"]["header"]["properties"]["recording"]["const"]
    written: list[str] = []
    tape = recordings.Writer(written.append, "chat-8.2", "android")
    tape.reply(tape.call("getVersion", {}), "getVersion", result={"code": 0})
    tape.reply(tape.call("x", None), "x", error={"code": -32601, "message": "no"})
    tape.event("initSDKListener", {"type": "onConnecting", "data": None})
    recorded = sorted((ROOT / "fixtures" / "recordings").glob("*s*.jsonl"))
    files = [path.read_text("utf-8") for path in recorded if "functions" not in path.name]
    for text in ("".join(written), *files):
        lines = [json.loads(line) for line in text.splitlines()]
        assert [[]] * len(lines) == [problems(line) for line in lines]
        assert [] == problems(lines)


@pytest.mark.parametrize(
    "line",
    [
        {"recording": 2},
        {"recording": 1, "platform": "harmony"},
        {"recording": 1, "live": "yes"},
        {"kind": "evnt", "method": "x", "arguments": {}},
        {"kind": "call", "arguments": {}},
        {"method": "x", "arguments": []},
        {"kind": "reply", "method": "x"},
        {"kind": "reply", "method": "x", "result": 1, "error": {"code": 1}},
        {"kind": "reply", "method": "x", "error": {"message": "no"}},
        {"kind": "event", "method": "x"},
        {"kind": "event", "method": "x", "arguments": {"type": 1}},
        {"seq": 0, "method": "x", "arguments": {}},
    ],
)
def test_wrong_lines_are_marked(line):
    """What an editor is to underline."""
    assert problems(line)
