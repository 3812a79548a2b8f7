"""People with devices, over as much of `bridge.*` as a target has."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.conformance.suite.actors import Answer, Stage, Untried
from bridge.conformance.suite.player import play
from tests.support.small_target import SmallTarget, event

WORLD = ("chat-8.2", "android")
OK = {"code": 0, "desc": "ok"}
HEARS_ONE: list[Any] = [["alice", "f"], ["bob", "g"], ["bob", "heard", {"onX": 1}]]
HEARS_TWO: list[Any] = [*HEARS_ONE, ["alice", "heard", {}]]
REPLIES = {"f": OK, "g": Answer({"result": OK}, [event("onX")])}


def played(script: list[Any], *control: str, **more: Any) -> Any:
    """Play a script on a target with some of the control plane; return the target."""
    target = SmallTarget(REPLIES, *control)
    stage = Stage(target, WORLD, **more)
    stage.begin({}, script)
    play(script, stage)
    return target


def calls(target: Any) -> list[Any]:
    """Return what a target was asked, without what everybody is set up by."""
    return [
        (method, given)
        for method, given in target.asked
        if method in ("f", "g") or (method.startswith("bridge.") and (given or {}).get("method") in ("f", "g"))
    ]


def test_everybody_has_a_device() -> None:
    """A target with devices opens one for each person, and closes them behind the case."""
    target = SmallTarget(REPLIES, "device.")
    stage = Stage(target, WORLD)
    for _ in range(2):
        stage.begin({}, HEARS_TWO)
        play(HEARS_TWO, stage)
    opened = [given["device"] for method, given in target.asked if method == "bridge.device.open"]
    closed = [given["device"] for method, given in target.asked if method == "bridge.device.close"]
    assert ["~tries", "alice", "bob", "alice", "bob"] == opened
    assert ["~tries", "alice", "bob"] == closed


def test_listener_gets_the_own_device() -> None:
    """Without devices the one who hears something has the connection's own, and others act unseen."""
    target = played(HEARS_ONE, "user.call")
    assert [("bridge.user.call", {"user": "alice", "method": "f", "arguments": {}}), ("f", {}), ("g", {})] == calls(target)
    assert ("login", {"userID": "bob", "userSig": "sig"}) in target.asked


@pytest.mark.parametrize(
    ("script", "control", "said"),
    [
        (HEARS_TWO, ["user.call"], "several people have to hear something: the target has no bridge.device.open"),
        (HEARS_ONE, [], "others have to act: the target has no bridge.user.call"),
        ([["alice", "kill"]], [], "an app has to be killed: the target has no bridge.device.close"),
        ([["alice", "cut"]], [], "the target has no bridge.service.connectionLost"),
    ],
)
def test_missing_control_is_told(script: list[Any], control: list[str], said: str) -> None:
    """A case that needs more than a target has is not tried."""
    with pytest.raises(Untried, match=said):
        played([["alice", "enter"], *script] if len(script) == 1 else script, *control)


def test_second_target_is_a_second_person() -> None:
    """Two targets are two people, who log in as the accounts say and stand in the calls for those of the case."""
    accounts = {"alice": {"userID": "u17", "userSig": "secret"}, "bob": {"userID": "u18", "userSig": "other"}}
    second = SmallTarget({**REPLIES, "f": Answer({"result": OK}, [event("onX")])})
    script: list[Any] = [
        ["bob", "enter"],
        ["alice", "f", {"to": "bob", "id": "c2c_bob", "text": "for bob"}],
        ["bob", "g"],
        ["bob", "heard", {"onX": 1}],
    ]
    target = played(script, second=second, accounts=accounts)
    assert [("g", {})] == calls(target), "the one who hears has the first"
    assert [("f", {"to": "u18", "id": "c2c_u18", "text": "for bob"})] == calls(second)
    assert ("login", {"userID": "u18", "userSig": "other"}) in target.asked
    assert ("login", {"userID": "u17", "userSig": "secret"}) in second.asked
    with pytest.raises(Untried, match="there is no account for carol"):
        played([*script, ["carol", "f"]], second=second, accounts=accounts)


def test_refused_set_up_is_told() -> None:
    """What is refused while a case is set up is no difference."""
    target = SmallTarget({"login": {"code": 70001, "desc": "expired"}}, "device.")
    stage = Stage(target, WORLD)
    stage.begin({}, [["alice", "enter"]])
    with pytest.raises(Untried, match="login is refused with 70001"):
        play([["alice", "enter"]], stage)
    target.replies["initSDK"] = Answer({"error": {"code": -32602, "message": "no"}})
    stage.begin({}, [["alice", "enter"]])
    with pytest.raises(Untried, match="initSDK fails while the case is set up: no"):
        play([["alice", "enter"]], stage)


def test_lists_are_filled_in_where_null_kills() -> None:
    """On Windows an empty list is given where the adapter would die of a null, unless the case is about that."""
    for fills in (True, False):
        target = SmallTarget({"createGroup": OK}, "device.")
        stage = Stage(target, ("chat-8.2", "windows"))
        stage.fills = fills
        script: list[Any] = [["alice", "createGroup", {"groupType": "Work", "memberList": None}]]
        stage.begin({}, script)
        play(script, stage)
        assert ("createGroup", {"groupType": "Work", "memberList": [] if fills else None}) in target.asked
