"""The native library: calls from C to the server and back, beside a library that only echoes, and beside the TCP door."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bridge.catalogue import default_dialect
from bridge.emulator import native_dialect
from bridge.native import building
from bridge.testing.wires import ServerProcess
from tools.bench.doors import peers, trips
from tools.bench.measuring import Effort, Row, bridge_command, in_turns

HERE = Path(__file__).parent
TIMES, SENDS, STARTS = 500, 10_000, 5

WAIT_BUDGET = 4.0
"""100 us where a round trip of the TCP door takes 25 us."""

TRIP_BUDGET = 1.5


def native_rows(effort: Effort) -> Iterator[Row]:
    """Measure the library for this machine on a server of its own; nothing where no dialect understands it, or no compiler is here."""
    if native_dialect(default_dialect()) is None or not building.compilers() or sys.platform == "win32":
        print("the native library is not measured: it needs a compiler and a dialect", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        host = _compile("native_host.c", Path(folder) / "host", "-ldl")
        echo = _compile("native_echo.c", Path(folder) / "echo.so", "-shared", "-fPIC")
        wanted = building.target(None)
        ours = building.build(wanted) / wanted.file
        server = ServerProcess(command=bridge_command())
        try:
            yield from _rows(host, echo, ours, server.address, effort)
        finally:
            server.stop()


def _compile(source: str, out: Path, *flags: str) -> Path:
    words = [*building.compilers()[0].words, "-std=c11", "-O2", "-pthread", f"-I{building.SOURCES}", "-o", str(out)]
    words += [str(HERE / source), *flags]
    subprocess.run(words, check=True)
    return out


def _rows(host: Path, echo: Path, ours: Path, address: str, effort: Effort) -> Iterator[Row]:
    times, sends = effort.times(TIMES), effort.times(SENDS)
    starts = [_measure(host, ours, address, 0, 1, 0)["start"] for _ in range(STARTS)]
    found = _measure(host, ours, address, effort.rounds, times, sends)
    least = _measure(host, echo, address, effort.rounds, times, sends)
    peer = peers(address)["TCP"]
    kinds = ("wait", "trip")
    both = in_turns(
        effort.rounds,
        {
            **{kind: lambda kind=kind: _measure(host, ours, address, 1, times, 0)[kind] for kind in kinds},  # type: ignore[misc]
            "TCP": lambda: trips(peer, effort),
        },
    )
    tcp = both["TCP"]
    peer.socket.close()

    def beside(name: str) -> str:
        return f"an echo library: {least[name] * 1e6:.2f} us"

    yield Row("native: library start to initSDK answered", median(starts) * 1e3, "ms", None)
    yield Row("native: who is logged in", found["local"] * 1e6, "us", None, beside("local"))
    for kind, name, budget in (("wait", "a waiting call", WAIT_BUDGET), ("trip", "round trip", TRIP_BUDGET)):
        detail = f"{both[kind] * 1e6:.1f} us against {tcp * 1e6:.1f} us; {beside(kind)}"
        yield Row(f"native: {name} / a TCP round trip", both[kind] / tcp, "x", budget, detail)
    yield Row("native: a call to its event at the port", found["event"] * 1e6, "us", None, beside("event"))
    yield Row("native: a send, its id returned", found["sent"] * 1e6, "us", None, beside("sent"))
    yield Row("native: a send among 10,000, answered", found["sends"] * 1e6, "us", None, beside("sends"))


def _measure(host: Path, library: Path, address: str, rounds: int, times: int, sends: int) -> dict[str, float]:
    """Return the median of each of the host's lines."""
    environ = {**os.environ, "TIMBRIDGE_ADDRESS": address, "TIMBRIDGE_WORLD": library.name}
    words = [str(host), str(library), str(rounds), str(times), str(sends)]
    done = subprocess.run(words, env=environ, check=True, capture_output=True, text=True)
    values: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        name, seconds = line.split()
        values.setdefault(name, []).append(float(seconds))
    return {name: median(many) for name, many in values.items()}
