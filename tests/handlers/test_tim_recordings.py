"""What the real client sends to these managers is taken and answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import load
from tests.support.stage import Stage

FOLDER = Path(__file__).parents[2] / "fixtures" / "recordings"
MANAGERS = ("signalingManager", "offlinePushManager", "timManager")
UNANSWERED = -32001


def recorded(dialect: str, manager: str) -> list[dict[str, Any]]:
    """Return the recorded calls of a manager."""
    lines = (FOLDER / f"{dialect}.calls.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    catalogue = load(dialect)
    calls = [json.loads(line) for line in lines]
    specs = [catalogue.method(call["method"]) for call in calls]
    return [call for call, spec in zip(calls, specs, strict=True) if spec is not None and spec.manager == manager]


@pytest.mark.recorded
@pytest.mark.parametrize("manager", MANAGERS)
def test_recorded_calls_are_answered(stage: Stage, manager: str) -> None:
    """Each call has an envelope, unless its platform lacks the method or never answers it."""
    calls = recorded(stage.dialect, manager)
    assert calls or manager == "offlinePushManager"  # the recorded Dart client of 8.2 ran on no phone
    for call in calls:
        phone = Stage(stage.dialect, stage.platform).enter("alice")
        turn = phone.turn(call["method"], **call["arguments"])
        if turn.error is None:
            assert isinstance(turn.result, str) or {"code", "desc"} <= set(turn.result)
        elif turn.error.code != UNANSWERED:
            assert -32601 == turn.error.code, (call, turn.error.data)
            assert turn.error.data["platforms"], call
