"""
What the plugin's own client sends binds, on its dialect.
"""

import base64
import json

import pytest

from bridge.catalogue import InvalidArguments, load
from tests.catalogue.schema_files import RECORDED, ROOT

# The client's own minimal call holds a null on which the Android adapter throws.
UNANSWERED = {("chat-8.2", "acceptGroupApplication", "minimal")}

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
        if (dialect, call["method"], call["variant"]) in UNANSWERED:
            continue
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


def test_recorded_call_that_is_never_answered():
    """One recorded call is refused, with the reason that the adapter would never answer it."""
    catalogue = load("chat-8.2")
    unanswered = [call for call in recorded("chat-8.2") if ("chat-8.2", call["method"], call["variant"]) in UNANSWERED]
    for call in unanswered:
        with pytest.raises(InvalidArguments) as caught:
            catalogue.method(call["method"]).bind(call["arguments"])

        assert caught.value.unanswered
    assert 1 == len(unanswered)
