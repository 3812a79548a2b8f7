"""
`schemas/` keeps to its meta-schemas, and its files agree with their names and with one another.
"""

import copy

import pytest
from jsonschema import Draft202012Validator

from bridge.catalogue.names import snake_case
from bridge.catalogue.packing import name_of
from tests.catalogue.schema_files import DIALECTS, METAS, SCHEMAS, files, problems, read, references


def _of(dialect, kind):
    return sorted((SCHEMAS / dialect / kind).rglob("*.json"))


def test_meta_schemas_are_schemas():
    """Every meta-schema is a JSON Schema of 2020-12."""
    for meta in METAS.values():
        Draft202012Validator.check_schema(meta)


def test_every_file_keeps_its_schema():
    """Every file names its meta-schema, by a path that leads there, and keeps to it."""
    for path in files():
        document = read(path)

        assert (path.parent / document["$schema"]).resolve().parent == SCHEMAS / "meta", path
        assert [] == problems(document), path


def _unknown_keys(document):
    """Yield copies of a document, each with one unknown key somewhere."""

    def walk(value, path):
        if isinstance(value, dict):
            yield path
            for key, part in value.items():
                yield from walk(part, (*path, key))
        elif value and isinstance(value, list):
            yield from walk(value[0], (*path, 0))

    for path in walk(document, ()):
        spoilt = copy.deepcopy(document)
        inner = spoilt
        for part in path:
            inner = inner[part]
        inner["no-such-key"] = 1
        yield path, spoilt


# Objects that map names of the protocol to something: any key may stand there, a wrong value may not.
_OPEN = {"properties", "androidNestedReads", "needs", "default", "whenMissing", "values", "pushDefaults"}


@pytest.mark.parametrize(
    "name",
    [
        "methods/messageManager/sendMessage",
        "methods/conversationManager/removeConversationListener",
        "events/conversationListener/onConversationGroupCreated",
        "events/advancedMsgListener/onSendMessageProgress",
        "maps/V2TIMMessage",
        "models/V2TimGroupInfo",
        "dialect",
    ],
)
def test_unknown_keys_are_refused(name):
    """A key that the meta-schema does not know is refused wherever it stands."""
    for path, spoilt in _unknown_keys(read(SCHEMAS / "chat-8.2" / f"{name}.json")):
        inside_open = path and (path[-1] in _OPEN or any(part in ("needs", "default", "pushDefaults") for part in path))

        assert inside_open or [] != problems(spoilt), path


def test_error_codes_refuse_unknown_keys():
    """The table of codes is as strict."""
    document = read(SCHEMAS / "errors.json")
    document["errors"][0]["text"] = "x"

    assert 1 == len(problems(document))


@pytest.mark.parametrize(
    ("dialect", "methods", "events", "maps", "models"), [("chat-8.2", 230, 94, 71, 102), ("im-5.0", 174, 64, 53, 84)]
)
def test_counts_are_those_of_the_plugin(dialect, methods, events, maps, models):
    """Each dialect has all of its methods, events, maps and classes."""
    whole_maps = [path for path in _of(dialect, "maps") if "partOf" not in read(path)]

    assert methods == len(_of(dialect, "methods"))
    assert events == len(_of(dialect, "events"))
    assert maps == len(whole_maps)
    assert models == len(_of(dialect, "models"))


def test_error_codes_are_all_there():
    """All 481 codes are told, each once by its code and name."""
    codes = [(error["code"], error["name"]) for error in read(SCHEMAS / "errors.json")["errors"]]

    assert 481 == len(codes)
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_file_names_follow_contents(dialect):
    """A file stands where its content says: by manager and method, listener and type, map, class."""
    for path in _of(dialect, "methods"):
        assert (path.parent.name, path.stem) == (read(path)["manager"], read(path)["method"])
    for path in _of(dialect, "events"):
        assert (path.parent.name, path.stem) == (read(path)["listener"], read(path)["type"])
    for path in _of(dialect, "maps"):
        assert path.stem == name_of("maps", path, read(path)).replace("(", ".").rstrip(")")
    for path in _of(dialect, "models"):
        assert path.stem == read(path)["model"]
    assert dialect == read(SCHEMAS / dialect / "dialect.json")["dialect"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_references_lead_somewhere(dialect):
    """Every map and class that a schema refers to has a file; so has every map's class that fromJson knows."""
    known = {f"maps/{read(path)['map']}" for path in _of(dialect, "maps")}
    known |= {f"models/{path.stem}" for path in _of(dialect, "models")}

    for path in _of(dialect, ""):
        assert set() == set(references(read(path))) - known, path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_arguments_have_names_of_their_own(dialect):
    """No two arguments of a method share a Python name."""
    for path in _of(dialect, "methods"):
        properties = read(path)["arguments"]["properties"]
        names = [schema.get("x-arg") or snake_case(key) for key, schema in properties.items()]

        assert len(names) == len(set(names)), path
        assert set(read(path)["arguments"]["required"]) <= set(properties)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_listeners_and_methods_agree(dialect):
    """Calls that register or unregister a listener are methods, and each listener has events."""
    methods = {path.stem for path in _of(dialect, "methods")}
    for kind, listener in read(SCHEMAS / dialect / "dialect.json")["listeners"].items():
        assert set(listener["register"] + listener["unregister"]) <= methods
        assert list((SCHEMAS / dialect / "events" / kind).glob("*.json"))


def test_facts_agree_between_dialects():
    """An event that both dialects have tells of the same fact, in the same payload fields."""
    for path in _of("im-5.0", "events"):
        old, new = read(path), read(SCHEMAS / "chat-8.2" / path.relative_to(SCHEMAS / "im-5.0"))

        assert old["fact"] == new["fact"]
        assert _fields(old) == _fields(new)


def _fields(event):
    fields = set()
    for data in event["data"].values():
        fields |= {key["field"] for key in (data or {}).get("keys", [])}
        fields |= {data["value"]} if data and "value" in data else set()
    return fields
