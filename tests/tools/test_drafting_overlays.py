"""A dialect as what differs from its base."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.catalogue.overlays import patched
from tests.catalogue.schema_files import KINDS, source
from tools.drafting.overlays import SAME, difference, documents_of, overlay_files, without

SCALARS = st.none() | st.integers(0, 3) | st.sampled_from(["a", "b"])
ROWS = st.lists(st.fixed_dictionaries({"key": st.sampled_from("abc"), "type": SCALARS}), max_size=3)
VALUES = st.recursive(
    SCALARS | ROWS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
)


@given(VALUES, VALUES)
def test_difference_makes_one_of_the_other(base, value):
    """The patch of any two values leads from one to the other."""
    change = difference(base, value)

    assert value == (base if change is SAME else patched(base, change))


@pytest.mark.parametrize(
    ("base", "value", "change"),
    [
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"a": 1, "b": {"c": 1, "d": 3}}, {"b": {"d": 3}}),
        ([{"key": "a"}, {"key": "b"}], [{"key": "a"}], {"b": None}),
        ({"a": 1}, {"a": None}, {"a": {"$set": None}}),
        (["a", "b"], ["a", "c"], {"$remove": ["b"], "$add": ["c"]}),
    ],
)
def test_difference_is_small(base, value, change):
    """A patch names nothing that stays."""
    assert change == difference(base, value)


def test_dialect_over_itself_has_no_files():
    """Where nothing differs, nothing is written and nothing is left out."""
    there = source("im-5.0")
    documents = documents_of(there, KINDS)

    assert [] == list(overlay_files(there, documents))
    assert {} == without(there, documents)
