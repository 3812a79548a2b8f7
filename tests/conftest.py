"""
What every test shares: hypothesis profiles, and a referee's verdict behind each test.

The default profile is the same on every run and machine; `--hypothesis-profile=explore` looks for new cases.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import counting, referee
from tests.support.stage import RECORDED, STAGES, Stage, worlds_with
from tests.support.walks import OF_THE_DAY, seed_of_the_day

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("steady", deadline=None, derandomize=True, database=None, suppress_health_check=_QUIET)
settings.register_profile(
    "explore", deadline=None, derandomize=False, max_examples=1000, print_blob=True, suppress_health_check=_QUIET
)
settings.load_profile("steady")

for name, usual in (("SIGINT", signal.default_int_handler), ("SIGQUIT", signal.SIG_DFL)):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:  # as a shell has it for what a script starts in the background
        signal.signal(number, usual)

EVENTS_SEEN = Path(os.environ.get("TIMBRIDGE_EVENTS_SEEN") or Path(__file__).parent.parent / ".events-seen")
"""Which test saw which event: a file per test process, made by each run, read by tools/gen_ledger.py."""


@pytest.fixture(autouse=True)
def verdict(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a reply or an event was not what the platform sends and the client digests."""
    STAGES.clear()
    referee.CURRENT["test"] = request.node.nodeid.partition("[")[0]
    yield
    problems = [problem for stage in STAGES for problem in (*stage.problems, *counting.problems(stage.world))]
    STAGES.clear()
    assert not problems, "the referee says:\n" + "\n".join(problems[:20])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test with a stage on every dialect and platform there is.

    One that says what it `uses` runs where there is such a method or event; one about recordings, on the recorded worlds.
    """
    if "stage" in metafunc.fixturenames and not hasattr(metafunc.module, "stage"):  # some modules have a stage of their own
        used = [name for mark in metafunc.definition.iter_markers("uses") for name in mark.args]
        worlds = RECORDED if metafunc.definition.get_closest_marker("recorded") else worlds_with(*used)
        metafunc.parametrize("stage", worlds, ids=["-".join(world) for world in worlds], indirect=True)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return a fresh stage; the test runs on each dialect and platform."""
    return Stage(*request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which way the walk of the day has taken."""
    terminalreporter.write_line(f"walk of the day: {OF_THE_DAY}={seed_of_the_day()}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down which test saw which event."""
    if not referee.SEEN:
        return
    EVENTS_SEEN.mkdir(exist_ok=True)
    worker = getattr(session.config, "workerinput", {}).get("workerid", "main")
    rows = [[*key, sorted(tests)] for key, tests in sorted(referee.SEEN.items())]
    (EVENTS_SEEN / f"{worker}.json").write_text(json.dumps(rows))
