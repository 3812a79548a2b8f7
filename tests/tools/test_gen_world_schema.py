"""The schema of world files, and what it says of the worlds that are shipped."""

import pytest
from jsonschema import Draft202012Validator

from bridge import world_files
from tools import gen_world_schema


def test_file_is_up_to_date():
    """The committed schema is the one that the rows make."""
    assert gen_world_schema.rendered() == gen_world_schema.TARGET.read_text(encoding="utf-8")


def test_schema_is_one():
    """It keeps to JSON Schema 2020-12."""
    Draft202012Validator.check_schema(gen_world_schema.build())


@pytest.mark.parametrize("name", ["empty", "large", "team"])
def test_shipped_worlds_keep_to_it(name):
    """A shipped world is valid, and so is what it becomes when it is exported."""
    from bridge.emulator import Emulator, Settings

    document = world_files.fixture(name)

    assert [] == world_files.violations(document)
    assert [] == world_files.violations(Emulator(Settings(world=document)).export())


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        ({"usres": []}, "usres", "did you mean users"),
        ({"users": [{"user_id": "a", "nick": 1}]}, "users[0].nick", "is not known here"),
        ({"users": [{"nick_name": "a"}]}, "users[0]", "user_id is missing"),
        ({"messages": [{"from": 1, "to": "b", "text": "x"}]}, "messages[0].from", "must be a string"),
        ({"messages": 3}, "messages", "must be a list"),
        ({"exact": True, "messages": [{"from": "a", "to": "b", "text": "x"}]}, "messages[0]", "msg_id is missing"),
    ],
)
def test_violations_have_paths(document, path, said):
    """What is wrong is said in plain words, with its place."""
    found = [(one["path"], one["message"]) for one in world_files.violations(document)]

    assert any(path == where and said in message for where, message in found), found
