"""`rpc.discover`: a valid OpenRPC document, as wide as what is there."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bridge.catalogue import dialects, load
from bridge.codecs import jsonrpc
from bridge.control.registry import all_specs, full_name
from bridge.emulator import Server
from bridge.testing.client import Client
from bridge.testing.wires import MemoryWire
from tests.support import metaschemas
from tests.support.line import Line

KINDS = [(dialect, platform) for dialect in dialects() for platform in load(dialect).platforms]


@cache
def discovered(dialect: str, platform: str) -> Any:
    """Return the document of a dialect on a platform; nobody changes it."""
    return Line().ask("rpc.discover", dialect=dialect, platform=platform)


@pytest.fixture(params=[("chat-8.2", "android"), ("chat-8.2", "ios"), ("im-5.0", "android"), ("im-5.0", "ios")])
def document(request: pytest.FixtureRequest) -> Any:
    """Return the document of a dialect on a platform."""
    return discovered(*request.param)


def test_documents_are_openrpc() -> None:
    """They keep to OpenRPC's own meta-schema: what differs between some is held against it once, in one document."""
    whole = copy.deepcopy(discovered(*KINDS[0]))
    seen: dict[str, set[str]] = {key: set() for key in ("methods", "schemas", "rest")}
    whole["methods"], whole["components"]["schemas"] = [], {}
    for kind in (KINDS[0], ("chat-8.4", "windows"), ("im-5.0", "ios"), ("im-4.1", "android")):
        found = discovered(*kind)
        for method in found["methods"]:
            if _is_new(seen["methods"], method):
                whole["methods"].append(method)
        for name, schema in found["components"]["schemas"].items():
            if _is_new(seen["schemas"], schema):
                whole["components"]["schemas"][f"{name}.{len(seen['schemas'])}"] = schema
        rest = {**found, "methods": [], "components": {**found["components"], "schemas": {}}}
        assert not _is_new(seen["rest"], sorted(rest)) or [] == metaschemas.problems("openrpc-1.3.json", rest)
    assert [] == metaschemas.problems("openrpc-1.3.json", whole)
    wrong = {**whole, "methods": [{**whole["methods"][7], "params": {}}], "components": {}}
    assert metaschemas.problems("openrpc-1.3.json", wrong)


def _is_new(seen: set[str], value: Any) -> bool:
    """Return whether a value has not been seen, and remember it."""
    text = json.dumps(value, sort_keys=True)
    if text in seen:
        return False
    seen.add(text)
    return True


def test_schemas_are_json_schema(document: Any) -> None:
    """Every schema in it is one."""
    for method in document["methods"]:
        for content in (*method["params"], method["result"]):
            Draft202012Validator.check_schema(content["schema"])
    for event in document["x-events"]:
        Draft202012Validator.check_schema(event["params"])


def test_required_parameters_come_first(document: Any) -> None:
    """As the specification wants it of the control plane's methods."""
    for method in document["methods"]:
        if method["name"].startswith(("bridge.", "rpc.")):
            flags = [param["required"] for param in method["params"]]
            assert flags == sorted(flags, reverse=True)


def test_names_are_unique(document: Any) -> None:
    """No method and no parameter of a method is there twice."""
    names = [method["name"] for method in document["methods"]]
    assert len(names) == len(set(names))
    for method in document["methods"]:
        keys = [param["name"] for param in method["params"]]
        assert len(keys) == len(set(keys))


def test_references_lead_somewhere(document: Any) -> None:
    """Every reference names a schema of the document, and every schema is named."""

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(item) for item in value.values()))
        return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()

    there = document["components"]
    assert references(document) <= {*there["schemas"], *there["errors"]}
    nobodys = {*there["schemas"], *there["errors"]} - references(document)
    assert {"ParseError", "InvalidRequest", "UnknownMethod", "OurBug"} == nobodys, "these are answered whatever is called"


def test_whole_control_plane_is_there() -> None:
    """Every control method, and every method of the own device's dialect that its platform has."""
    line = Line(dialect="im-5.0", platform="ios")
    names = {method["name"] for method in line.ask("rpc.discover")["methods"]}
    assert {full_name(name) for name in all_specs()} <= names
    catalogue = load("im-5.0")
    answered = {n for n in catalogue.method_names if "ios" in catalogue.method(n).platforms}
    missing = answered - names
    assert all(catalogue.method(name).reply("ios").form == "notImplemented" for name in missing)


def test_native_device_is_told_the_control_plane() -> None:
    """A device without a channel gets a valid document of control methods alone."""
    found = Line(dialect="native-8.9").ask("rpc.discover")

    assert [] == metaschemas.problems("openrpc-1.3.json", found)
    assert [] == found["x-events"]
    assert {full_name(name) for name in all_specs()} == {method["name"] for method in found["methods"]}
    assert "no channel" in found["info"]["description"]


def test_unknown_dialect_is_refused() -> None:
    """A dialect or platform that is none is -32602."""
    assert -32602 == Line().error("rpc.discover", dialect="x")["code"]
    assert -32602 == Line().error("rpc.discover", platform="harmony")["code"]


def every_schema(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in a document."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from every_schema(item)


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_document_passes_our_own_wires(dialect: str, platform: str) -> None:
    """What our clients get is what was sent: nothing in it is taken for bytes."""
    sent = discovered(dialect, platform)
    assert sent == jsonrpc.loads(jsonrpc.dumps(sent))
    with Client(MemoryWire(Server())) as client:
        assert sent["methods"] == client.request("rpc.discover", {"dialect": dialect, "platform": platform})["methods"]


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_lists_say_what_stands_in_them(dialect: str, platform: str) -> None:
    """Every list has a word on its items."""
    document = discovered(dialect, platform)
    lists = [schema for schema in every_schema(document) if "array" in str(schema.get("type")) and "properties" not in schema]
    assert lists
    assert [] == [schema for schema in lists if not schema.get("items")]


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_references_run_in_no_circle(dialect: str, platform: str) -> None:
    """Whoever follows references comes to an end."""
    schemas = discovered(dialect, platform)["components"]["schemas"]

    def follow(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " > ".join((*above, name))
        for schema in every_schema(schemas[name]):
            if "$ref" in schema:
                follow(schema["$ref"].rpartition("/")[2], (*above, name))

    for name in schemas:
        follow(name, ())


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_unknown_signal_fits_its_schema(platform: str) -> None:
    """What a message that is not there is answered with is in the document, iOS's text too."""
    line = Line()
    line.ask("bridge.device.use", platform=platform)
    line.start("alice")
    document = line.ask("rpc.discover")
    method = next(method for method in document["methods"] if method["name"] == "getSignalingInfo")
    whole = {**method["result"]["schema"], "components": document["components"]}
    reply = line.ask("getSignalingInfo", msgID="nope")
    assert [] == [error.message for error in Draft202012Validator(whole).iter_errors(reply)]
    assert ("messages no found" if platform == "ios" else None) == reply.get("data")
