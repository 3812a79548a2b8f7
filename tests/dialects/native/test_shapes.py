"""Texts of the wrong shape: refused with 6017 by every function, and nothing has changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bridge.catalogue import load
from bridge.catalogue.native import NativeCatalogue
from bridge.emulator import Emulator, Settings, native_dialect

WRONG = ("5", "true", '"text"', "[5]", "[[]]", '["a", null]', "[" * 900 + "]" * 900, "{")
NAME = native_dialect("") or ""


def functions() -> list[tuple[str, str]]:
    """Return (function, argument) for every JSON text that a function reads as an object or an array."""
    catalogue = load(NAME)
    assert isinstance(catalogue, NativeCatalogue)
    specs = [spec for name in catalogue.function_names if (spec := catalogue.function(name)) is not None]
    return [(spec.name, one.name) for spec in specs for one in spec.arguments if one.holds == "json" and one.arg is not None]


@pytest.fixture(scope="module")
def app() -> tuple[Emulator, str]:
    """Return a world with somebody logged in."""
    emulator = Emulator(Settings(dialect=NAME, platform="native"))
    device = emulator.open("app")
    emulator.call(device, "DartInitSDK", {"sdk_app_id": 1, "json_sdk_config": "{}"})
    emulator.call(device, "DartLogin", {"user_id": "alice", "user_sig": "sig", "user_data": "login-1"})
    assert "alice" == emulator.engine.device(device).user_id
    return emulator, device


def arguments(function: str, argument: str, text: str) -> dict[str, Any]:
    """Return arguments for a function, one of which is a text."""
    catalogue = load(NAME)
    assert isinstance(catalogue, NativeCatalogue)
    spec = catalogue.function(function)
    assert spec is not None
    plain = {"text": "bob", "number": 1, "bool": True, "user_data": "call-1", "json": "{}", "pointer": None}
    return {one.name: text if one.name == argument else plain[one.holds] for one in spec.arguments}


@pytest.mark.parametrize(("function", "argument"), functions())
def test_wrong_shapes_are_no_bug(app: tuple[Emulator, str], function: str, argument: str) -> None:
    """Whatever stands where an object or an array should: the function answers, and the bridge has no bug."""
    emulator, device = app
    for text in (*WRONG, json.dumps({"a": 1}), "[]"):
        turn = emulator.call(device, function, arguments(function, argument, text))
        assert turn.error is None or turn.error.code != -32603, text[:20]


@pytest.mark.parametrize(
    "param",
    [
        "[]",
        '"x"',
        '{"message_elem_array": {}}',
        '{"message_elem_array": [5]}',
        '{"message_elem_array": [{"elem_type": "0"}]}',
        '{"message_cloud_custom_str": 5}',
        '{"message_offline_push_config": []}',
        '{"message_offline_push_config": {"offline_push_config_title": 5}}',
        '{"message_offline_push_config": {"offline_push_config_ios_config": {"ios_offline_push_config_sound": 5}}}',
    ],
)
@pytest.mark.parametrize("function", ["DartSendMessage", "DartModifyMessage", "DartSaveMessage", "DartSetLocalCustomData"])
def test_message_of_wrong_shape_is_refused(app: tuple[Emulator, str], function: str, param: str) -> None:
    """A message whose keys hold what they cannot hold is refused with 6017, and nothing has changed."""
    emulator, device = app
    before = emulator.export()
    turn = emulator.call(device, function, arguments(function, "json_msg_param", param))
    assert 6017 == turn.result["code"]
    assert before == emulator.export()


def test_message_deep_in_mergers_is_refused(app: tuple[Emulator, str]) -> None:
    """Messages in mergers in mergers have an end."""
    emulator, device = app
    wire: dict[str, Any] = {}
    for _ in range(200):
        wire = {"message_elem_array": [{"elem_type": 12, "merge_elem_message_array": [wire]}]}
    turn = emulator.call(device, "DartSendMessage", arguments("DartSendMessage", "json_msg_param", json.dumps(wire)))
    assert 6017 == turn.result["code"]
