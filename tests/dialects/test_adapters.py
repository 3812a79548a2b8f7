"""What the adapters do by themselves, case by case: `fixtures/adapters/`, a file for each kind (`tests/support/cases.py`)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import cases

ALL = [(name, case) for name in cases.names() for case in cases.cases(name)]


def _id(name: str, case: dict[str, Any]) -> str:
    return f"{name.removesuffix('.jsonl')}: {case['platform']}, {case['dialect']}: {case['case']}"


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[_id(*one) for one in ALL])
def test_the_adapter_does_so(case: dict[str, Any]) -> None:
    """A call on a platform has the reply, the events or the silence of the platform's adapter."""
    cases.play(case)


@pytest.mark.parametrize("name", cases.names())
def test_cases_are_told_apart(name: str) -> None:
    """Every case of a file has its line of an adapter's source, and a name that no other of a platform has."""
    found = cases.cases(name)

    assert all(case["where"] and case["sure"] for case in found)
    assert len(found) == len({(case["case"], case["dialect"], case["platform"]) for case in found})
