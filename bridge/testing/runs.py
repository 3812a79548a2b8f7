"""What the pytest plugin does when a test uses it; not imported before."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bridge.catalogue import dialects
from bridge.errors import did_you_mean, nearest
from bridge.testing.client import Client
from bridge.testing.errors import RpcError
from bridge.testing.traces import report

if TYPE_CHECKING:
    from bridge.emulator import Template

KIND = ("dialect", "platform")
SETTINGS = (*KIND, "seed", "real_clock", "sanitize")
ENGINE = ("strict", "faithful")
POLICY = ("instances", "rate_limits", "strict_accounts", "usersig_key", "sdk_app_id")
OTHERS = ("world", "user", "other")
STATUSES = ("full", "partial", "shape")
MOST_NAMED = 8
PREFIX = "sanitizer "
"""How the journal's warnings of the sanitizer begin."""


class Served(NamedTuple):
    """
    A running server, and the world of a test on it.

    Attributes:
        address: `HOST:PORT`, in which WebSocket, lines and native libraries are at home.
        token: what connections have to present; None for nothing.
    """

    address: str
    world: str
    token: str | None

    @property
    def environment(self) -> dict[str, str]:
        """Return what tells a program where it is: variables for its environment, as `timbridge exec` sets them."""
        said = {"TIMBRIDGE_ADDRESS": self.address, "TIMBRIDGE_WORLD": self.world, "TIMBRIDGE_TOKEN": self.token}
        return {name: value for name, value in said.items() if value is not None}


@contextmanager
def served(node: pytest.Item, address: str, token: str | None) -> Iterator[Served]:
    """Make a world for a test on a server, and let it go when the test is over and nobody is in it any more."""
    world = f"{node.nodeid} {uuid.uuid4()}"
    with Client.connect(address, token=token) as holder:
        holder.request("bridge.world.use", {"world": world})
        holder.request("bridge.worlds.hold", {"holder": node.nodeid})
        holder.request("bridge.world.use", {"world": ""})
        yield Served(address.removeprefix("tcp://"), world, token)


def wishes(node: pytest.Item) -> dict[str, Any]:
    """
    Return what a test asks for by its `timbridge` markers, the nearest first.

    Raises: pytest.UsageError for a keyword that is none.
    """
    asked: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("timbridge"))):
        asked.update(marker.kwargs)
    known = (*SETTINGS, *ENGINE, *POLICY, *OTHERS)
    for stranger in sorted(set(asked) - set(known)):
        hint = did_you_mean(nearest(stranger, known), f"known are {', '.join(known)}")
        raise pytest.UsageError(f"timbridge marker: {stranger} is not known here{hint}")
    return asked


def spoken(node: Any, option: Callable[[str], Any]) -> list[tuple[str | None, str | None]]:
    """
    Return what a test is to speak, each once: (dialect, platform), None for what is usual.

    A marker goes before the command line's options; either may name several dialects, or `all`, each with its platform behind a slash.

    Raises: pytest.UsageError for one that there is not.
    """
    asked = wishes(node)
    named = asked.get("dialect") or option("--timbridge-dialect")
    platform = asked.get("platform") or option("--timbridge-platform")
    words = named.split(",") if isinstance(named, str) else list(named or [None])
    if words == ["all"]:
        words = list(dialects())
    return [_kind(word, platform) for word in words]


def _kind(word: str | None, platform: str | None) -> tuple[str | None, str | None]:
    dialect, _, own = (word or "").strip().partition("/")
    if dialect and dialect not in dialects():
        raise pytest.UsageError(f"there is no dialect {dialect!r}{did_you_mean(nearest(dialect, dialects()))}")
    return dialect or None, own or platform


def open_client(asked: Mapping[str, Any], server: Served | None) -> Client:
    """Connect a test: to a fresh world in this process, or to its own on a running server. Its trace begins empty."""
    if server is None:
        return _inside(asked)
    cannot = sorted(set(asked) & {*ENGINE, *POLICY, *SETTINGS} - {*KIND})
    if cannot:
        raise pytest.UsageError(f"timbridge marker: {', '.join(cannot)} cannot be had on a running server: say it to `timbridge serve`")
    client = Client.connect(server.address, token=server.token, world=server.world)
    try:
        kind = _some(asked, KIND)
        if kind:
            client.request("bridge.device.use", kind)
        if asked.get("world") is not None:
            client.request("bridge.world.load", {"world": _document(asked["world"])})
    except RpcError as error:
        client.close()
        raise pytest.UsageError(f"timbridge marker: {error.message}") from None
    return client


def _inside(asked: Mapping[str, Any]) -> Client:
    from bridge.emulator import Server, Settings
    from bridge.engine.engine import Options
    from bridge.world.kernel.world import Policy

    world = asked.get("world")
    settings = Settings(
        **_some(asked, SETTINGS),
        policy=Policy(**_some(asked, POLICY)),
        options=Options(**_some(asked, ENGINE)),
        world=_filled(world, asked.get("seed", 0)) if isinstance(world, str) else world,
    )
    return Client.inside(Server(settings))


def _filled(name: str, seed: int) -> Template:
    """Return a world file's world, from the last time where the file is still the same: many tests begin with one."""
    from bridge.emulator import Settings, Template, template
    from bridge.world_files import load_file

    file = load_file(name)
    key = (file.path, seed)
    known = _FILLED.get(key)
    if known is None or known[0] != file.text:
        made = template(Settings(seed=seed, world=file)).world
        assert isinstance(made, Template)
        known = _FILLED[key] = (file.text, made)
    return known[1]


_FILLED: dict[tuple[str, int], tuple[str, Template]] = {}
"""Worlds by their file and seed, with what stood in it."""


def _document(world: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a world holds at first, read here: a server reads no file for its clients."""
    from bridge.world_files import load_file

    return load_file(world).document if isinstance(world, str) else world


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
        self.misuse: Counter[str] = Counter()

    def add(self, client: Client, passed: bool, sanitized: bool | None = False) -> None:
        """Note what a test did, and where it was watched, what the sanitizer says of it."""
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
        if sanitized:
            self.misuse.update(misuse(client))
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
        self.misuse.update(values["misuse"])

    def values(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        called = {name: self.statuses[name] for name in self.calls if name in self.statuses}
        said = {"assumed": dict(self.assumed), "misuse": dict(self.misuse)}
        return {"tests": self.tests, "calls": dict(self.calls), "statuses": called, **said}

    def lines(self, assumptions: bool = True) -> list[str]:
        """Return the lines for the end of a run, with what is assumed or without; [] if no test used the bridge."""
        if not self.tests:
            return []
        count = len(self.calls)
        line = f"timbridge: {self.tests} test{_s(self.tests)} called {count} method{_s(count)}"
        by_status = {status: sorted(n for n in self.calls if self.statuses.get(n) == status) for status in STATUSES}
        parts = [f"{len(names)} {status}{_names(status, names)}" for status, names in by_status.items() if names]
        lines = [f"{line}: {', '.join(parts)}" if parts else line]
        if self.misuse:
            lines.append("  the service tolerates this, and apps regret it:")
            lines += [f"    {text} ({number} test{_s(number)})" for text, number in self.misuse.most_common()]
        if self.assumed and assumptions:
            lines.append("  passing tests rest on behaviour that is assumed, not documented:")
            ranked = sorted(self.assumed.items(), key=lambda item: (-item[1], item[0]))
            lines += [f"    {behaviour} ({number} test{_s(number)})" for behaviour, number in ranked[:MOST_NAMED]]
            if len(ranked) > MOST_NAMED:
                lines.append(f"    and {len(ranked) - MOST_NAMED} more")
        return lines


def misuse(client: Client) -> list[str]:
    """Return what the sanitizer has warned of in a test, each once; [] where it is off."""
    try:
        entries = client.journal.list(kind="warning")
    except (RpcError, ConnectionError):
        return []
    return sorted({entry["text"].removeprefix(PREFIX) for entry in entries if entry["text"].startswith(PREFIX)})


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
