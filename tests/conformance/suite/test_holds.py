"""
The bridge does what the cases say: each is played on one of its dialects and platforms, on another every day; `test_every_world.py` plays
the others. This file alone is what `tools/up.py mutate --suite` holds against mutants.
"""

from __future__ import annotations

import pytest

from bridge.cli.conform_wires import own
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case, load
from bridge.conformance.suite.running import SAME, verdict
from tests.support.walks import world_of_the_day

PLAN = list(enumerate(load()))


@pytest.mark.parametrize(("number", "case"), PLAN, ids=[f"{case.file.split('/')[-1]}-{case.line}" for _, case in PLAN])
def test_bridge_does_as_the_case_says(number: int, case: Case) -> None:
    """In this process a case goes as it says, on one dialect and platform."""
    world = world_of_the_day(number, case)
    found = verdict(case, Stage(own(world), world))
    assert SAME == found.outcome, "\n".join(found.lines())
