"""
What the plugin's own client sends binds, on its dialect.
"""

import base64
import json

import pytest

from bridge.catalogue import load
from tests.catalogue.schema_files import RECORDED, ROOT

# Called from a second place in Dart, with fewer keys.
SHORT_CALLS = {"getHistoryMessageList"}


def _bytes(value):
    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


def recorded(dialect):
    """Return the recorded calls of a dialect."""
    path = ROOT / "fixtures" / "recordings" / f"{dialect}.calls.jsonl"
    lines = [json.loads(line, object_hook=_bytes) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if "method" in line]


@pytest.mark.parametrize(("dialect", "calls", "methods"), [("chat-8.2", 297, 223), ("im-5.0", 236, 173)])
def test_recordings_are_complete(dialect, calls, methods):
    """The recordings hold as many calls as their notes say."""
    assert (calls, methods) == (len(recorded(dialect)), len({call["method"] for call in recorded(dialect)}))


@pytest.mark.parametrize("dialect", RECORDED)
def test_recorded_calls_bind_strictly(dialect):
    """Every call of the real client is taken even in strict mode, without a warning."""
    catalogue = load(dialect)
    for call in recorded(dialect):
        spec = catalogue.method(call["method"])

        args, warnings = spec.bind(call["arguments"], strict=True)

        assert () == warnings, call
        assert {param.arg for param in spec.params} == set(args)


@pytest.mark.parametrize("dialect", RECORDED)
def test_recorded_keys_are_those_of_the_schemas(dialect):
    """The client sends exactly the keys that the schemas list, and the manager that they name."""
    catalogue = load(dialect)
    for call in recorded(dialect):
        spec = catalogue.method(call["method"])

        keys = {param.key for param in spec.params}
        sent = set(call["arguments"]) - {"TIMManagerName", "ability", "stacktrace"}
        assert sent <= keys, call["method"]
        assert keys == sent or call["method"] in SHORT_CALLS
        assert spec.manager == call["arguments"]["TIMManagerName"]
