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
    from bridge.testing.runs import Ledger, Served

CLIENT: pytest.StashKey[Client] = pytest.StashKey()
LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()
PASSED: pytest.StashKey[bool] = pytest.StashKey()

MARKER = (
    "timbridge(world, user, other, dialect, platform, strict, faithful, instances, …): how the bridge of a test is set up; "
    "dialect may be a list"
)
WORKER_KEY = "timbridge"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", MARKER)


# --- fixtures


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a test run once on each dialect that was asked for, where several were."""
    if "timbridge_spoken" in metafunc.fixturenames:
        from bridge.testing import runs

        try:
            spoken = runs.spoken(metafunc.definition, metafunc.config.getoption)
        except pytest.UsageError:
            return  # the fixture says so, of each test
        if len(spoken) > 1:
            names = ["-".join(word for word in kind if word) for kind in spoken]
            metafunc.parametrize("timbridge_spoken", spoken, ids=names, indirect=True)


@pytest.fixture
def timbridge_spoken(request: pytest.FixtureRequest) -> tuple[str | None, str | None]:
    """What the devices of the test speak: (dialect, platform), None for what is usual."""
    from bridge.testing import runs

    kind: tuple[str | None, str | None] = getattr(request, "param", None) or runs.spoken(request.node, request.config.getoption)[0]
    return kind


@pytest.fixture(scope="session")
def timbridge_process(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server for the whole run: the one that was given, else one that is started."""
    address = request.config.getoption("--timbridge-address")
    if address:
        yield address
        return
    from bridge.testing.wires import ServerProcess

    process = ServerProcess(["--sanitize"] if request.config.getoption("--timbridge-sanitize") else [])
    yield process.address
    process.stop()


@pytest.fixture
def timbridge_server(request: pytest.FixtureRequest, timbridge_process: str) -> Iterator[Served]:
    """A server with a world for the test, for a program under test: its address and environment. `bridge` is in that world, too."""
    from bridge.testing import runs

    with runs.served(request.node, timbridge_process, request.config.getoption("--timbridge-token")) as server:
        yield server


@pytest.fixture
def bridge(request: pytest.FixtureRequest, timbridge_spoken: tuple[str | None, str | None]) -> Iterator[Client]:
    """A connection to a bridge with a world of its own; nothing is initialised."""
    from bridge.testing import runs

    option = request.config.getoption
    asked = runs.wishes(request.node) | {name: value for name, value in zip(runs.KIND, timbridge_spoken, strict=True) if value}
    if option("--timbridge-sanitize") and "timbridge_server" not in request.fixturenames and not option("--timbridge-address"):
        asked.setdefault("sanitize", True)
    server = request.getfixturevalue("timbridge_server") if "timbridge_server" in request.fixturenames else None
    if server is None and option("--timbridge-address"):
        server = request.getfixturevalue("timbridge_server")
    client = runs.open_client(asked, server)
    request.node.stash[CLIENT] = client
    counts = True
    if _is_scheduled(request.config):
        from bridge.testing import schedules

        schedules.begin(client, request.node)
        yield client
        schedules.note(client, request.node)
        counts = schedules.is_counted(request.node)
    else:
        yield client
    if counts:
        watched = option("--timbridge-sanitize") or asked.get("sanitize")
        _ledger(request.config).add(client, request.node.stash.get(PASSED, False), watched)
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

    value: str = runs.wishes(request.node).get(name, default)
    return value


def _ledger(config: pytest.Config) -> Ledger:
    """Return what is noted of this run, from its first use on."""
    ledger = config.stash.get(LEDGER, None)
    if ledger is None:
        from bridge.testing import runs

        ledger = config.stash[LEDGER] = runs.Ledger()
    return ledger


# --- other orders of what is heard


def _is_scheduled(config: pytest.Config) -> bool:
    return bool(config.getoption("--timbridge-schedules") or config.getoption("--timbridge-schedule"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that has a bridge under several schedules, or one, where that is asked for."""
    if not _is_scheduled(item.config) or "bridge" not in getattr(item, "fixturenames", ()):
        return None
    from bridge.testing import schedules

    return schedules.protocol(item, nextitem)


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
        for line in ledger.lines(assumptions=not config.getoption("--timbridge-no-assumptions")):
            terminalreporter.write_line(line)
