"""What the real client of the native generation calls, played: every function answers in the shape that Dart takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.native import NATIVE, NativeApp, NativeStage

RECORDED = Path(__file__).parents[3] / "fixtures" / "recordings" / f"{NATIVE}.functions.jsonl"
ENDS = ("DartLogout", "DartUnitSDK", "DartUnregisterSendPort", "DartRegisterSendPort", "DartInitDartApiDL")


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (function, arguments) of every recorded call."""
    for line in RECORDED.read_text("utf-8").splitlines()[1:]:
        row = json.loads(line)
        yield row["function"], row["arguments"]


CALLS = [(function, arguments) for function, arguments in recorded() if function not in ENDS]


GROUP = "@TGS#1WORKABC"
"""The group that the recorded calls speak of; the service gives ids that begin so by itself."""


def town() -> tuple[NativeApp, str]:
    """Return alice's app in a world that has what the recorded calls speak of, and the id of the group in it."""
    stage = NativeStage()
    bob = stage.enter("bob")
    alice = stage.enter("alice")
    member = {"group_member_info_identifier": "bob", "group_member_info_member_role": 200}
    made = alice.value(
        "DartCreateGroup",
        json_group_create_param={
            "create_group_param_group_name": "g",
            "create_group_param_group_type": 0,
            "create_group_param_add_option": 2,
            "create_group_param_group_member_array": [member],
        },
    )
    alice.call("DartCreateConversationGroup", group_name="groupName_1", conversation_id_array=["c2c_bob"])
    bob.send("hello", to="alice")
    bob.send("hello", group=made["create_group_result_groupid"])
    bob.heard()
    alice.heard()
    return alice, made["create_group_result_groupid"]


@pytest.mark.parametrize("number", range(0, len(CALLS), 25))
def test_recorded_calls_are_answered(number: int) -> None:
    """Every call that the real client makes is answered, with objects that Dart can take, and so is what it causes."""
    alice, group_id = town()
    for function, arguments in CALLS[number : number + 25]:
        given = json.loads(json.dumps(arguments).replace(GROUP, group_id))
        reply = alice.reply(function, **{key: value for key, value in given.items() if key != "user_data"})
        alice.heard()

        assert "is not played" not in reply.get("desc", ""), function


def test_every_function_was_recorded() -> None:
    """All functions are among the recorded calls but those that no Dart code calls."""
    never = {
        "DartCancelConversationDraft",
        "DartGetMessageList",
        "DartRemoveReceiveNewMsgCallback",
        "DartSetTopicInheritMessageReceiveOptionFromCommunity",
    }

    assert never == set(NativeStage().catalogue.function_names) - {function for function, _ in recorded()}


ODD: tuple[Any, ...] = (None, "", "x", "{", 0, -1, True, 1.5, [], [1], ["a"], [None], [[]], {}, {"a": 1}, "\x00", "\ud83d", 1 << 70)


def _spoilt(value: Any) -> Iterator[Any]:
    """Yield a value with one thing in it made odd, at every place."""
    yield from ODD
    if isinstance(value, dict):
        for key, part in value.items():
            for odd in _spoilt(part) if isinstance(part, dict) and len(part) < 6 else ODD:
                yield {**value, key: odd}
    elif isinstance(value, list) and value:
        for odd in _spoilt(value[0]):
            yield [odd]


def leaves_nothing(reply: dict[str, Any]) -> bool:
    """Return whether a reply is a refusal; but one that holds the message that was not sent leaves that."""
    return reply.get("code", reply.get("return")) not in (0, None, "") and "json_param" not in reply


@pytest.mark.parametrize("number", range(0, len(CALLS), 25))
def test_odd_values_are_answered(number: int) -> None:
    """Whatever stands in an argument, the call is answered with a code; what is refused has changed nothing, and nothing is our fault."""
    alice, group_id = town()
    seen: set[str] = set()
    for function, recorded_arguments in CALLS[number : number + 25]:
        arguments = json.loads(json.dumps(recorded_arguments).replace(GROUP, group_id))
        if function in seen or not arguments or (function.startswith("DartSet") and function.endswith("Callback")):
            continue
        seen.add(function)
        for key in (key for key in arguments if key != "user_data"):
            for odd in _spoilt(arguments[key]):
                before = alice.stage.snapshot()
                reply = alice.reply(function, **{**arguments, "user_data": "x-1", key: odd})
                if leaves_nothing(reply):
                    assert before == alice.stage.snapshot(), (function, key, odd)
                alice.heard()
                if alice.returned("DartGetLoginUserID") != "alice":
                    alice.call("DartLogin", user_id="alice", user_sig="sig")
                    alice.heard()


DEEP: tuple[Any, ...] = (7, "x", ["x"], [None], {"a": 1})


def _spoilt_within(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield a value with one thing made odd that lies two steps or more within it."""
    if depth > 1:
        yield from DEEP
    if isinstance(value, dict):
        for key, part in value.items():
            for odd in _spoilt_within(part, depth + 1):
                yield {**value, key: odd}
    elif isinstance(value, list) and value:
        for odd in _spoilt_within(value[0], depth + 1):
            yield [odd]


def test_odd_values_within_are_answered() -> None:
    """Whatever stands deep inside an argument is answered, or refused without a trace; never is it a fault of ours."""
    alice, group_id = town()
    seen: set[Any] = set()
    for function, recorded_arguments in CALLS:
        arguments = json.loads(json.dumps(recorded_arguments).replace(GROUP, group_id).replace('"userID"', '"bob"'))
        kind = (function, *(one.get("elem_type") for one in arguments.values() if isinstance(one, dict)))
        if kind in seen:
            continue
        seen.add(kind)
        for key, odd in ((key, odd) for key, value in arguments.items() for odd in _spoilt_within(value)):
            before = alice.stage.snapshot()
            reply = alice.reply(function, **{**arguments, "user_data": "x-1", key: odd})
            alice.heard()
            if leaves_nothing(reply):
                assert before == alice.stage.snapshot(), (function, key, odd)
