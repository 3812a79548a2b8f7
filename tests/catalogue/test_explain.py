"""
The careful way and the explanation must agree on what is wrong.
"""

import sys
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.catalogue import InvalidArguments, load
from bridge.catalogue.explain import call_schema, explain
from tests.catalogue.schema_files import DIALECTS, ROOT

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**65), max_value=2**65)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "c2c_bob", "x"])
    | st.binary(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["userID", "key", "count"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def calls(draw):
    """A method of a dialect and arguments that may be right, wrong, null, missing or unknown."""
    catalogue = load(draw(st.sampled_from(DIALECTS)))
    spec = catalogue.method(draw(st.sampled_from(catalogue.method_names)))
    keys = [param.key for param in spec.params] + ["unknown", "TIMManagerName"]
    right = {param.key: _right(param.type) for param in spec.params}
    params = {key: value for key, value in right.items() if draw(st.booleans())}
    for key in draw(st.lists(st.sampled_from(keys), max_size=2)):
        params[key] = draw(VALUES)
    return catalogue, spec, params, draw(st.booleans())


def _right(expr):
    kinds = {"string": "x", "int": 1, "double": 1.5, "bool": True, "bytes": b"", "list": [], "any": None}
    return kinds.get(expr.kind, {})


@given(calls())
def test_refusals_always_have_reasons(call):
    """A call is taken exactly when the JSON Schema of its arguments finds nothing."""
    catalogue, spec, params, strict = call
    try:
        args, warnings = spec.bind(params, strict)
    except InvalidArguments as refusal:
        assert refusal.violations
        assert all(set(violation) == {"path", "message"} for violation in refusal.violations)
    else:
        assert {param.arg for param in spec.params} == set(args)
        assert not (strict and warnings)
        with pytest.raises(AssertionError, match="without a reason"):
            explain(spec.name, spec.manager, spec.params, catalogue.model, params, strict)


def test_call_schema_lists_what_must_be_there():
    """Leniently only targets are required, strictly all that Dart cannot leave out."""
    catalogue = load("chat-8.2")
    params = catalogue.method("getConversationListByFilter").params

    assert ["filter"] == call_schema(params, catalogue.model, False)["required"]
    assert ["filter", "nextSeq", "count"] == call_schema(params, catalogue.model, True)["required"]


def test_jsonschema_is_imported_on_refusal_only():
    """Calls that are taken do not pay for explanations."""
    code = """
import sys
from bridge.catalogue import InvalidArguments, load
spec = load("chat-8.2").method("getConversation")
spec.bind({"conversationID": "c2c_bob", "x": 1})
assert "jsonschema" not in sys.modules
try:
    spec.bind({})
except InvalidArguments:
    assert "jsonschema" in sys.modules
"""
    run([sys.executable, "-c", code], check=True, cwd=ROOT)
