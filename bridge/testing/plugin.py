"""
The pytest plugin: fixtures, a report on failure, a line at the end of the run.

    def test_a_group_is_announced(device, other_user):
        other_user.say("hi", to="alice")
        device.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
        assert "onConversationGroupCreated" in [event.type for event in device.events()]

`timbridge_pytest` brings this into every run where timbridge is installed, with the options: it imports nothing but pytest until a
test asks for one of its fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bridge.testing.client import Client, Device, User
    from bridge.testing.control import Worlds
    from bridge.testing.runs import Ledger

CLIENT: pytest.StashKey[Client] = pytest.StashKey()
LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()
PASSED: pytest.StashKey[bool] = pytest.StashKey()

MARKER = (
    "timbridge(world, user, other, dialect, platform, strict, faithful, instances, …): how the bridge of a test is set up"
)
WORKER_KEY = "timbridge"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", MARKER)


# --- fixtures


@pytest.fixture
def bridge(request: pytest.FixtureRequest) -> Iterator[Client]:
    """A connection to a bridge with a world of its own; nothing is initialised."""
    from bridge.testing import runs

    option = request.config.getoption
    options = {"dialect": option("--timbridge-dialect"), "platform": option("--timbridge-platform")}
    client = runs.open_client(request.node, runs.wishes(request.node, options), option("--timbridge-address"))
    request.node.stash[CLIENT] = client
    yield client
    _ledger(request.config).add(client, request.node.stash.get(PASSED, False))
    client.close()


@pytest.fixture
def device(bridge: Client, request: pytest.FixtureRequest) -> Device:
    """The connection's device with a user logged in: alice, unless the marker's `user` says otherwise."""
    return bridge.login(_asked(request, "user", "alice"))


@pytest.fixture
def other_user(bridge: Client, request: pytest.FixtureRequest) -> User:
    """Another person: bob, unless the marker's `other` says otherwise."""
    return bridge.user(_asked(request, "other", "bob"))


@pytest.fixture
def world(bridge: Client) -> Worlds:
    """The world of the test, to load, export, reset and roll back."""
    return bridge.world


@pytest.fixture
def trace_snapshot(request: pytest.FixtureRequest) -> Any:
    """A syrupy snapshot for traces, volatile values masked: `assert trace_snapshot == bridge.trace`."""
    pytest.importorskip("syrupy")
    from bridge.testing.snapshots import TraceExtension

    return request.getfixturevalue("snapshot").use_extension(TraceExtension)


def _asked(request: pytest.FixtureRequest, name: str, default: str) -> str:
    from bridge.testing import runs

    value: str = runs.wishes(request.node, {}).get(name, default)
    return value


def _ledger(config: pytest.Config) -> Ledger:
    """Return what is noted of this run, from its first use on."""
    ledger = config.stash.get(LEDGER, None)
    if ledger is None:
        from bridge.testing import runs

        ledger = config.stash[LEDGER] = runs.Ledger()
    return ledger


# --- reports


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Show the last calls and events of a test that failed."""
    report = yield
    client = item.stash.get(CLIENT, None)
    if client is not None and report.when == "call":
        item.stash[PASSED] = report.passed
        if report.failed:
            from bridge.testing import runs

            report.sections.append(runs.failure(client))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker process noted to the one that prints."""
    ledger = session.config.stash.get(LEDGER, None)
    output = getattr(session.config, "workeroutput", None)
    if ledger is not None and output is not None:
        output[WORKER_KEY] = ledger.values()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what a worker process noted (pytest-xdist)."""
    values = getattr(node, "workeroutput", {}).get(WORKER_KEY)
    if values is not None:
        _ledger(node.config).merge(values)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what the tests called, how completely the bridge plays it, and what is assumed."""
    ledger = config.stash.get(LEDGER, None)
    if ledger is not None:
        for line in ledger.lines():
            terminalreporter.write_line(line)
