"""What the pytest plugin does when a test uses it; not imported before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bridge.testing.client import Client
from bridge.testing.errors import RpcError
from bridge.testing.traces import report

if TYPE_CHECKING:
    import pytest

SETTINGS = ("dialect", "platform", "seed", "real_clock")
ENGINE = ("strict", "faithful")
POLICY = ("instances", "rate_limits", "strict_accounts", "usersig_key", "sdk_app_id")
OTHERS = ("world", "user", "other")
STATUSES = ("full", "partial", "shape")
MOST_NAMED = 8


def wishes(node: pytest.Item, options: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what a test asks for: its `timbridge` markers, the nearest first, upon the command line's options.

    Raises: pytest.UsageError for a keyword that is none.
    """
    asked = {key: value for key, value in options.items() if value is not None}
    for marker in reversed(list(node.iter_markers("timbridge"))):
        asked.update(marker.kwargs)
    known = (*SETTINGS, *ENGINE, *POLICY, *OTHERS)
    strangers = sorted(set(asked) - set(known))
    if strangers:
        import pytest

        raise pytest.UsageError(f"timbridge marker: {', '.join(strangers)} is none of {', '.join(known)}")
    return asked


def open_client(node: pytest.Item, asked: Mapping[str, Any], address: str | None) -> Client:
    """Connect a test: to a fresh world in this process, or to one of its own on a running server."""
    if address:
        client = Client.connect(address, world=node.nodeid)
        _agree(client, asked)
        if asked.get("world") is not None:
            client.world.load(asked["world"])
        return client
    from bridge.emulator import Server, Settings
    from bridge.engine.engine import Options
    from bridge.world.kernel.world import Policy
    from bridge.world_files import load_file

    world = asked.get("world")
    settings = Settings(
        **_some(asked, SETTINGS),
        policy=Policy(**_some(asked, POLICY)),
        options=Options(**_some(asked, ENGINE)),
        world=load_file(world) if isinstance(world, str) else world,
    )
    return Client.inside(Server(settings))


def _agree(client: Client, asked: Mapping[str, Any]) -> None:
    """Raise pytest.UsageError unless the server speaks what a test asks for."""
    speaks = client.request("bridge.ping")
    for name in ("dialect", "platform"):
        if asked.get(name) not in (None, speaks[name]):
            client.close()
            import pytest

            raise pytest.UsageError(f"the test wants the {name} {asked[name]}, the server's clients have {speaks[name]}")


def _some(asked: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: asked[name] for name in names if name in asked}


def failure(client: Client) -> tuple[str, str]:
    """Return the section of a failed test's report: its head and its text."""
    return "timbridge: the last calls and events", report(client.trace) or "none"


class Ledger:
    """What the tests of a run called, and what those that passed rest on. Turns into JSON values and back."""

    def __init__(self) -> None:
        self.tests = 0
        self.calls: Counter[str] = Counter()
        self.statuses: dict[str, str] = {}
        self.assumed: Counter[str] = Counter()

    def add(self, client: Client, passed: bool) -> None:
        """Note what a test did."""
        self.tests += 1
        called = {entry["call"] for entry in client.trace if "call" in entry and not entry["call"].startswith("bridge.")}
        called |= {
            entry["arguments"]["method"]
            for entry in client.trace
            if entry.get("call") == "bridge.user.call" and "method" in entry["arguments"]
        }
        self.calls.update(called)
        if called - set(self.statuses):
            self._learn(client)
        if passed:
            for behaviour in assumptions(client):
                self.assumed[behaviour] += 1

    def _learn(self, client: Client) -> None:
        try:
            methods = client.coverage()["methods"]
        except (RpcError, ConnectionError):
            return
        self.statuses.update({name: row["status"] for name, row in methods.items()})

    def merge(self, values: Mapping[str, Any]) -> None:
        """Add what another process noted."""
        self.tests += values["tests"]
        self.calls.update(values["calls"])
        self.statuses.update(values["statuses"])
        self.assumed.update(values["assumed"])

    def values(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        called = {name: self.statuses[name] for name in self.calls if name in self.statuses}
        return {"tests": self.tests, "calls": dict(self.calls), "statuses": called, "assumed": dict(self.assumed)}

    def lines(self) -> list[str]:
        """Return the lines for the end of a run; [] if no test used the bridge."""
        if not self.tests:
            return []
        count = len(self.calls)
        line = f"timbridge: {self.tests} test{_s(self.tests)} called {count} method{_s(count)}"
        by_status = {status: sorted(n for n in self.calls if self.statuses.get(n) == status) for status in STATUSES}
        parts = [f"{len(names)} {status}{_names(status, names)}" for status, names in by_status.items() if names]
        lines = [f"{line}: {', '.join(parts)}" if parts else line]
        if self.assumed:
            lines.append("  passing tests rest on behaviour that is assumed, not documented:")
            ranked = sorted(self.assumed.items(), key=lambda item: (-item[1], item[0]))
            lines += [f"    {behaviour} ({number} test{_s(number)})" for behaviour, number in ranked[:MOST_NAMED]]
            if len(ranked) > MOST_NAMED:
                lines.append(f"    and {len(ranked) - MOST_NAMED} more")
        return lines


def assumptions(client: Client) -> list[str]:
    """Return the headings of the decisions that the replies of a test rest on, sorted."""
    try:
        entries = client.journal.list()
    except (RpcError, ConnectionError):
        return []
    found: set[str] = set()
    for entry in entries:
        assumed = entry.get("assumed")
        found.update([assumed] if isinstance(assumed, str) else assumed if isinstance(assumed, list) else ())
    return sorted(found)


def _names(status: str, names: list[str]) -> str:
    if status == "full":
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" ({', '.join(names[:MOST_NAMED])}{more})"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
