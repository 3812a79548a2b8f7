"""What values hold, roughly."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import pytest

from bridge.engine.weight import weigh

TEXTS = {
    "text": '{"a": "%s"}' % ("x" * 1_000_000),
    "wide text": '{"a": "%s"}' % ("\U0001f600" * 200_000),
    "empty objects": "[" + "{}," * 100_000 + "{}]",
    "empty lists": "[" + "[]," * 100_000 + "[]]",
    "large numbers": "[" + "9" * 4000 + ",9" * 100_000 + "]",
    "doubles": "[" + "1.5," * 100_000 + "1.5]",
    "names": json.dumps({f"key {number}": number + 1000 for number in range(50_000)}),
    "rows": json.dumps([{"id": str(number), "list": [number + 1000, None, True]} for number in range(20_000)]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_weight_is_near_what_python_takes(name: str) -> None:
    """What parsing a text takes of memory is found, from half of it to six times: small numbers count wherever they stand."""
    tracemalloc.start()
    value = json.loads(TEXTS[name])
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / 2 < weigh(value, 1 << 40) < taken * 6


@pytest.mark.parametrize("value", [[0] * 20_000_000, [[]] * 5_000_000, ["x"] * 5_000_000, {"a": [[[0] * 9_000_000]]}])
def test_largest_are_not_looked_through(value: Any) -> None:
    """It is known soon that something is too large."""
    began = time.perf_counter()
    assert weigh(value, 16 << 20) > 16 << 20
    assert time.perf_counter() - began < 0.5
