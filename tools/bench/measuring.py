"""What the benchmarks share: rows, medians taken in turns, a core of their own, the surroundings of children."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PEER = Path(__file__).resolve().with_name("bare_loop.py")

TOLERANCE = 1.5
"""How far beyond its budget a row is that fails the run, unless it says otherwise: machines are noisy."""


class Row(NamedTuple):
    """
    One measurement.

    Attributes:
        name: what was measured.
        value: the median, or the ratio of two medians; less is better.
        unit: of the value: "x" for a ratio.
        budget: what the value may be; None where none is set.
        detail: the medians behind a ratio, in words.
        tolerance: how far beyond its budget a row must be to fail the run.
    """

    name: str
    value: float
    unit: str
    budget: float | None
    detail: str = ""
    tolerance: float = TOLERANCE

    @property
    def verdict(self) -> str:
        """Return "ok", "over" (within the tolerance), "FAIL", or "" without a budget."""
        if self.budget is None:
            return ""
        if self.value <= self.budget:
            return "ok"
        return "over" if self.value <= self.budget * self.tolerance else "FAIL"


class Effort(NamedTuple):
    """How much to do: `rounds` of each measurement, `scale` for the sizes within a round."""

    rounds: int
    scale: float

    def times(self, count: int) -> int:
        """Return how often to repeat what is repeated `count` times in a full run."""
        return max(1, int(count * self.scale))


FULL = Effort(15, 1.0)
QUICK = Effort(5, 0.2)


def pin() -> int | None:
    """Move this process and its future children to one core. Returns its number; None where the system cannot do that."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def spread() -> None:
    """Let this process and its future children have all cores again: where one must not wait for the other's turn."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def surroundings() -> dict[str, str]:
    """Return the environment for children: nothing that keeps Python from finding or keeping its bytecode."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED", "PYTHONOPTIMIZE", "PYTHONINSPECT")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def bridge_command(*arguments: str) -> list[str]:
    """Return the command line of `timbridge`: the script beside this Python, else the module."""
    script = shutil.which("timbridge", path=str(Path(sys.executable).parent))
    return [script, *arguments] if script else [sys.executable, "-m", "bridge", *arguments]


def peer_command() -> list[str]:
    """Return the command line of the bare loop."""
    return [sys.executable, str(PEER)]


class Taken(NamedTuple):
    """What something took: the seconds that it had a processor, and those that passed meanwhile."""

    processor_s: float
    passed_s: float


def in_turns(rounds: int, works: Mapping[str, Callable[[], float]], chosen: Callable[[list[float]], float] = median) -> dict[str, float]:
    """
    Return the median of what each work measured, or what else is `chosen` of it.

    The works take turns, so that a slow moment of the machine meets all alike.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    return {name: chosen(values) for name, values in taken.items()}


def taken_in_turns(rounds: int, works: Mapping[str, Callable[[], Taken]]) -> dict[str, list[Taken]]:
    """Return what each work took in each round, the works taking turns."""
    found: dict[str, list[Taken]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(work())
    return found


def says_processor_s() -> bool:
    """Return whether this system says how long any process has had a processor (Linux does)."""
    return os.path.exists("/proc/self/schedstat")


def processor_s(process: int | None = None) -> float:
    """
    Return how many seconds a process (by its number; else this one) has had a processor: not what the machine did for others meanwhile.

    Where the system does not say that of others (`says_processor_s`), the clock's: only differences are compared.
    """
    if process is None:
        return time.process_time()
    if not says_processor_s():
        return time.perf_counter()
    with open(f"/proc/{process}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0]) / 1e9


def seconds_each(work: Callable[[], object], times: int) -> Callable[[], float]:
    """Return a work for `in_turns` that runs `work` so often and measures the processor's seconds of one run."""

    def measured() -> float:
        start = processor_s()
        for _ in range(times):
            work()
        return (processor_s() - start) / times

    return measured


def ratio(name: str, ours: float, peer: float, budget: float | None, scale: float, unit: str, peer_name: str) -> Row:
    """Return the row of a ratio; `scale` and `unit` are for the medians in its detail."""
    detail = f"{ours * scale:.1f} {unit} against {peer * scale:.1f} {unit} {peer_name}"
    return Row(name, ours / peer, "x", budget, detail)


def taken_ratio(name: str, ours: list[Taken], peer: list[Taken], budget: float, scale: float, unit: str, peer_name: str) -> Row:
    """
    Return the row of a ratio of the processor's time; how long it took on the clock is told beside.

    It is the median of the rounds' ratios: both halves of a round meet the same machine, which is slower for seconds when others are busy.
    """
    processor = median(one.processor_s / other.processor_s for one, other in zip(ours, peer, strict=True))
    clock = median(one.passed_s / other.passed_s for one, other in zip(ours, peer, strict=True))
    taken, of_peer = (median(one.processor_s for one in all_taken) * scale for all_taken in (ours, peer))
    passed = median(one.passed_s for one in ours) * scale
    detail = f"{taken:.1f} {unit} against {of_peer:.1f} {unit} {peer_name}; on the clock {clock:.2f} x, {passed:.1f} {unit}"
    return Row(name, processor, "x", budget, detail)
