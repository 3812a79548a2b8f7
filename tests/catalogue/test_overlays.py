"""
A dialect over another, and a platform like another, say only what differs.
"""

import pytest

from bridge.catalogue.overlays import OverlayError, Platforms, patched, resolved, resolved_dialect, whole

ROWS = [{"key": "a", "type": 1}, {"key": "b", "type": 2}]
PATCH = "../meta/overlay.schema.json"
PLATFORMS = Platforms({"android": {}, "ios": {"leavesOutNull": True}, "macos": {"like": "ios"}})


@pytest.mark.parametrize(
    ("value", "change", "result"),
    [
        ({"a": 1, "b": 2}, {"b": None, "c": {"d": 1}}, {"a": 1, "c": {"d": 1}}),
        ({"a": {"b": 1}}, {"a": {"$set": None}}, {"a": None}),
        ({"a": {"b": 1}}, {"a": {"$set": {"c": None}}}, {"a": {"c": None}}),
        ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": [1]}, {"a": [1]}),
        (ROWS, {"a": None}, [{"key": "b", "type": 2}]),
        (ROWS, {"b": {"type": 3}}, [{"key": "a", "type": 1}, {"key": "b", "type": 3}]),
        (ROWS, {"c": {"type": 3, "of": "b"}}, [*ROWS, {"key": "c", "type": 3, "of": "b"}]),
        (["a", "b"], {"$remove": ["a"], "$add": ["c", "b"]}, ["b", "c"]),
    ],
)
def test_patches_change_what_they_name(value, change, result):
    """Objects are merged, null takes out, rows are found by their keys, lists grow and shrink."""
    assert result == patched(value, change)


def test_patching_leaves_the_base_alone():
    """What is patched stays as it was: several dialects may stand on it."""
    base = {"rows": [dict(row) for row in ROWS]}
    patched(base, {"rows": {"a": {"type": 9}}})

    assert {"rows": ROWS} == base


@pytest.mark.parametrize(
    ("value", "change"),
    [({"a": 1}, {"b": None}), (ROWS, {"c": None}), (["a"], {"$remove": ["b"]}), (["a"], {"b": {"type": 1}})],
)
def test_patches_of_nothing_are_errors(value, change):
    """Taking out what is not there, or patching a list without keys, is a slip of the schemas."""
    with pytest.raises(OverlayError):
        patched(value, change)


def test_file_may_be_like_another():
    """A renamed method is the other one's document with another name."""
    base = {"old": {"$schema": "m", "method": "old", "needs": "login"}}
    own = {"$schema": PATCH, "$like": "old", "method": "new"}

    assert {"$schema": "m", "method": "new", "needs": "login"} == resolved(own, lambda name: base[name or "new"])


def test_file_without_a_patch_stands_for_itself():
    """A document of the overlay's own replaces the base's."""
    assert {"$schema": "m", "method": "x"} == resolved({"$schema": "m", "method": "x"}, lambda _: {})


def test_dialect_inherits_what_holds_for_it():
    """Channel and listeners come from the base; who it stands for and what it rests on does not."""
    base = {"dialect": "a", "channel": "c", "default": True, "notes": ["n"], "native": {"number": 1, "version": "1"}}
    whole_one = resolved_dialect({"dialect": "b", "base": "a", "native": {"version": "2"}, "notes": []}, base)

    assert {"dialect": "b", "base": "a", "channel": "c", "native": {"number": 1, "version": "2"}, "notes": []} == whole_one


def test_platform_has_what_the_one_it_is_like_has():
    """Its own value, if there is one, is a patch of that; `-macos` says that it has none."""
    assert {"reply": "bare"} == PLATFORMS.of({"android": {}, "ios": {"reply": "bare"}}, "macos")
    assert [ROWS[1]] == PLATFORMS.of({"ios": ROWS, "macos": {"a": None}}, "macos")
    assert PLATFORMS.trait("macos", "leavesOutNull")
    with pytest.raises(KeyError):
        PLATFORMS.of({"ios": 1, "-macos": {}}, "macos")


@pytest.mark.parametrize(
    ("said", "spread"),
    [
        (["ios"], ["ios", "macos"]),
        (["ios", "-macos"], ["ios"]),
        (["android"], ["android"]),
        ({"ios": 1}, {"ios": 1, "macos": 1}),
        ({"ios": 1, "-macos": True}, {"ios": 1}),
        ({"android": 1, "macos": 2}, {"android": 1, "macos": 2}),
        ({"x": {"ios": ["a"]}, "y": ["a"]}, {"x": {"ios": ["a"], "macos": ["a"]}, "y": ["a"]}),
    ],
)
def test_documents_are_spread_over_platforms(said, spread):
    """Where a platform is named, so is every one that is like it."""
    assert spread == PLATFORMS.spread(said)


def test_quirks_named_after_a_platform_are_spread():
    """What is said of iOS in the name of a quirk holds for macOS as well."""
    document = {"platforms": ["ios"], "quirks": {"iosNestedReads": {"info": ["a"]}}}

    assert {"iosNestedReads": {"info": ["a"]}, "macosNestedReads": {"info": ["a"]}} == whole(document, PLATFORMS)["quirks"]
