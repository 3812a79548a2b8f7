"""
A test under many orders in which its app could have heard the same (`--timbridge-schedules N`; see `bridge.control.schedule`).

A test runs in the usual order first, then under N schedules by chance. One that fails is run again with fewer and fewer of its choices, as
long as it still fails; what is left is reported, and can be played again with `--timbridge-schedule`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from bridge.conformance.suite.schedules import shortest
from bridge.testing.client import Client
from bridge.testing.errors import RpcError

ASKED: pytest.StashKey[dict[str, object]] = pytest.StashKey()
"""What the schedule of a test's next run is to be: `seed` or `steps`."""

SEEN: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
"""What its last run has chosen: `steps`, and what they did, `said`."""

NOTHING: dict[str, Any] = {"steps": "", "said": []}


def begin(client: Client, item: pytest.Item) -> None:
    """Let a test's client hear things in the order that was asked for."""
    asked = item.stash.get(ASKED, None)
    if asked:
        client.ask("bridge.schedule.use", **asked)


def is_counted(item: pytest.Item) -> bool:
    """Return whether this run of a test is to be counted: of several the one in the usual order."""
    return not item.stash.get(ASKED, None) or bool(item.config.getoption("--timbridge-schedule"))


def note(client: Client, item: pytest.Item) -> None:
    """Note what the schedule of a test has chosen."""
    try:
        item.stash[SEEN] = client.request("bridge.schedule.seen")
    except (RpcError, ConnectionError):
        item.stash[SEEN] = NOTHING


def protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test as the options say; None leaves it to pytest."""
    steps = item.config.getoption("--timbridge-schedule")
    if steps:
        item.stash[ASKED] = {"steps": steps}
        return None
    run(item, nextitem, item.config.getoption("--timbridge-schedules"))
    return True


def run(item: pytest.Item, nextitem: pytest.Item | None, count: int) -> None:
    """
    Run a test in the usual order and under `count` schedules; report the first failure, cut down to few choices, else the last run.

    Each run begins with new fixtures, also of wider scopes where the next test has no use for them.
    """
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = _once(item, nextitem, {})
    for seed in range(1, count + 1):
        if any(report.failed or report.skipped for report in reports):
            break
        reports = _once(item, nextitem, {"seed": seed})
        if any(report.failed for report in reports):
            steps = shortest(item.stash[SEEN]["steps"].split(), lambda steps: _fails(item, nextitem, steps))
            again = _once(item, nextitem, {"steps": " ".join(steps)})
            if any(report.failed for report in again):
                reports = again
            _explain(reports, item, seed, steps)
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _once(item: pytest.Item, nextitem: pytest.Item | None, asked: dict[str, object]) -> list[pytest.TestReport]:
    """Run a test from its fixtures on. Returns its reports."""
    item.stash[ASKED] = asked
    item.stash[SEEN] = NOTHING
    initialise = getattr(item, "_initrequest", None)
    if initialise is not None:
        initialise()
    return runtestprotocol(item, nextitem=nextitem, log=False)


def _fails(item: pytest.Item, nextitem: pytest.Item | None, steps: Sequence[str]) -> bool:
    return any(report.failed for report in _once(item, nextitem, {"steps": " ".join(steps)}))


def _explain(reports: Sequence[pytest.TestReport], item: pytest.Item, seed: int, steps: Sequence[str]) -> None:
    """Say in a failed test's report under which schedule it fails."""
    text = " ".join(steps)
    lines = (
        f"It passes in the usual order, and fails under schedule {seed}. Enough for that:",
        *(f"  {said}" for said in item.stash[SEEN]["said"]),
        f'Again: pytest "{item.nodeid}" --timbridge-schedule "{text}"',
    )
    for report in reports:
        if report.failed:
            report.sections.append(("timbridge: the schedule", "\n".join(lines)))
