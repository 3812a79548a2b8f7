"""
`schemas/` keeps to its meta-schemas, and its files agree with their names and with one another.
"""

import copy
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bridge.catalogue import default_dialect, load
from bridge.catalogue.names import snake_case
from bridge.catalogue.overlays import Platforms, is_overlay
from bridge.catalogue.packing import name_of
from bridge.world.kernel import codes as rule_codes
from tests.catalogue.schema_files import (
    DIALECTS,
    KINDS,
    METAS,
    SCHEMAS,
    documents,
    files,
    problems,
    read,
    references,
    source,
)


def test_meta_schemas_are_schemas():
    """Every meta-schema is a JSON Schema of 2020-12."""
    for meta in METAS.values():
        Draft202012Validator.check_schema(meta)


def test_every_file_names_its_schema():
    """Every file names its meta-schema, by a path that leads there; a patch and what belongs to no dialect keep to it."""
    for path in files():
        document = read(path)

        assert (path.parent / document["$schema"]).resolve().parent == SCHEMAS / "meta", path
        if is_overlay(document) or path.parent == SCHEMAS or path.parent.name == "rules":
            assert [] == problems(document), path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_document_keeps_its_schema(dialect):
    """What a dialect says, with its bases and all platforms, keeps to the schema of its kind."""
    assert [] == problems(source(dialect).dialect)
    for _, name, document in documents(dialect):
        assert [] == problems(document), name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_platforms_are_the_dialects_own(dialect):
    """Wherever a document speaks of a platform, the dialect has it, and every platform is told of."""
    there = set(Platforms(source(dialect).dialect["platforms"]).names)
    for kind, name, document in documents(dialect, "methods", "events", "maps"):
        said = document["result"] if kind == "methods" else document["data"] if kind == "events" else document
        named = {key for key in said if kind != "maps" or isinstance(said[key], list)}

        assert there == named - {"notes", "evidence"}, (kind, name)
        assert set(document.get("adapterErrors", there)) == there, (kind, name)
        assert set(document.get("platforms", ())) <= there, (kind, name)


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
_OPEN = {"properties", "androidNestedReads", "needs", "default", "whenMissing", "values", "pushDefaults", "initSDK", "with"}


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
    ("dialect", "methods", "events", "maps", "models"), [("chat-8.2", 230, 96, 71, 102), ("im-5.0", 174, 64, 53, 84)]
)
def test_counts_are_those_of_the_plugin(dialect, methods, events, maps, models):
    """Each dialect has all of its methods, events, maps and classes."""
    there = source(dialect)
    whole_maps = [name for name in there.names("maps") if "partOf" not in there.document("maps", name)]

    assert methods == len(there.names("methods"))
    assert events == len(there.names("events"))
    assert maps == len(whole_maps)
    assert models == len(there.names("models"))


def test_error_codes_are_all_there():
    """Each code is told once by its code and name, those that rules refuse with among them."""
    codes = [(error["code"], error["name"]) for error in read(SCHEMAS / "errors.json")["errors"]]

    ruled = {number for name, number in vars(rule_codes).items() if name.isupper() and isinstance(number, int) and number > 0}
    assert ruled <= {code for code, _ in codes}
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_file_names_follow_contents(dialect):
    """A file stands where its content says: by manager and method, listener and type, map, class."""
    there = source(dialect)
    for kind in KINDS:
        for name, path in there.own(kind).items():
            document = there.document(kind, name)
            place = Path(path)

            assert name == name_of(kind, place, document), path
            if kind in ("methods", "events"):
                assert place.parent.name == document["manager" if kind == "methods" else "listener"], path
            if kind == "maps":
                assert place.stem == name.replace("(", ".").rstrip(")")
            if kind == "models":
                assert place.stem == document["model"]
    assert dialect == there.dialect["dialect"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_patch_changes_something(dialect):
    """An overlay says nothing that its base says already, and leaves nothing out that the base has not."""
    there = source(dialect)
    base = there.dialect["base"]
    if base is None:
        assert "without" not in there.dialect
        return
    below = source(base)
    for kind in KINDS:
        assert set(there.dialect.get("without", {}).get(kind, ())) <= set(below.names(kind))
        for name in there.own(kind):
            assert not below.has(kind, name) or below.document(kind, name) != there.document(kind, name), (kind, name)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_references_lead_somewhere(dialect):
    """Every map and class that a schema refers to has a file; so has every map's class that fromJson knows."""
    there = source(dialect)
    known = {f"{kind}/{name}" for kind in ("maps", "models") for name in there.names(kind)}

    for kind, name, document in documents(dialect):
        assert set() == set(references(document)) - known, (kind, name)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_arguments_have_names_of_their_own(dialect):
    """No two arguments of a method share a Python name."""
    for _, name, document in documents(dialect, "methods"):
        properties = document["arguments"]["properties"]
        names = [schema.get("x-arg") or snake_case(key) for key, schema in properties.items()]
        sent = {key for key, schema in properties.items() if "x-unsent" not in schema}

        assert len(names) == len(set(names)), name
        assert set(document["arguments"]["required"]) <= sent, name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_listeners_and_methods_agree(dialect):
    """Calls that register or unregister a listener are methods, and each listener has events."""
    catalogue = load(dialect)
    for kind in catalogue.listener_kinds:
        listener = catalogue.listener(kind)

        assert {*listener.register, *listener.unregister} <= set(catalogue.method_names)
        assert listener.events
    assert set(catalogue.login_calls) <= set(catalogue.method_names)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_handlers_are_named_and_there(dialect):
    """A method names the function that answers it; one function may answer several, with a constant for each."""
    for _, name, document in documents(dialect, "methods"):
        if "handler" in document:
            module, _, function = document["handler"].partition(".")

            assert callable(getattr(import_module(f"bridge.handlers.{module}"), function)), name


def test_one_dialect_is_the_default():
    """Whoever says nothing gets the one dialect that says so itself."""
    assert [default_dialect()] == [name for name in DIALECTS if source(name).dialect.get("default")]


def test_facts_agree_between_dialects():
    """An event that several dialects have tells of the same fact, in the same payload fields."""
    seen: dict[str, tuple[str, set[str]]] = {}
    for dialect in DIALECTS:
        for _, name, document in documents(dialect, "events"):
            fact, fields = seen.setdefault(name, (document["fact"], _fields(document)))

            assert fact == document["fact"]
            assert _fields(document) <= fields or fields <= _fields(document)


def _fields(event):
    fields = set()
    for data in event["data"].values():
        fields |= {key["field"] for key in (data or {}).get("keys", [])}
        fields |= {data["value"]} if data and "value" in data else set()
    return fields
