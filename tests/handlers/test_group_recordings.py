"""What the real client sends about groups is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.groups import cast
from tests.support.stage import Stage

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"
OF_TIM = ("createGroup", "joinGroup", "quitGroup", "dismissGroup")


def _calls() -> list[Any]:
    found = []
    for dialect in ("chat-8.2", "im-5.0"):
        for line in (RECORDINGS / f"{dialect}.calls.jsonl").read_text().splitlines():
            call = json.loads(line)
            if call.get("class") == "V2TIMGroupManager" or call.get("method") in OF_TIM:
                name = f"{dialect}-{call['method']}-{call['variant']}-{call['class']}"
                found.append(pytest.param(dialect, call["method"], call["arguments"], id=name))
    return found


@pytest.mark.parametrize("platform", ["android", "ios"])
@pytest.mark.parametrize(("dialect", "method", "arguments"), _calls())
def test_recorded_calls_are_taken(dialect: str, method: str, arguments: dict[str, Any], platform: str) -> None:
    """Each recorded call gets an answer, or none where the real platform gives none."""
    stage = Stage(dialect, platform)
    (alice,) = cast(stage, "alice")
    turn = alice.turn(method, **arguments)
    error = turn.error
    assert error is None or error.code in (-32001, -32601) or getattr(error, "unanswered", False), error
