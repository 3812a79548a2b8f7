"""`timbridge exec`: what a run of a hundred tests pays for its backend, from the start of the server to its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tools.bench import bind
from tools.bench.measuring import Effort, Row, bridge_command, surroundings

CHILD = Path(__file__).resolve().with_name("exec_child.py")
BUDGET_S = 0.8


class Run(NamedTuple):
    """What one run took: seconds of all its processes, and the clock's parts; `calling` and `connecting` are those of all tests."""

    processor_s: float
    starting_s: float
    connecting_s: float
    calling_s: float
    ending_s: float


def run(command: list[str]) -> Run:
    """Run a command that runs the tests."""
    before, begun = os.times(), time.time()
    done = subprocess.run(command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    ended, after = time.time(), os.times()
    said = json.loads(done.stdout.splitlines()[-1])
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(busy, said["begun"] - begun, said["connecting"], said["calling"], ended - said["ended"])


def rows(effort: Effort) -> Iterator[Row]:
    """Measure the whole added time, on an empty world and on one that is filled; in seconds of the machine that the budget was set on."""
    child = [sys.executable, str(CHILD)]
    works = {
        "tests alone": child,
        "an empty world": bridge_command("exec", "--", *child),
        "--world team": bridge_command("exec", "--world", "team", "--", *child),
    }
    for command in works.values():
        run(command)
    taken: dict[str, list[Run]] = {name: [] for name in works}
    for _ in range(max(3, effort.rounds // 3)):
        for name, command in works.items():
            taken[name].append(run(command))
    alone = median(one.processor_s for one in taken.pop("tests alone"))
    speed = bind.slowness(effort.rounds)
    for name, runs in taken.items():
        added = median(one.processor_s for one in runs) - alone
        start, connecting, calling, end = (median(part) for part in list(zip(*runs, strict=True))[1:])
        detail = f"{added:.2f} s here, where the yardstick takes {speed:.2f} times as long; on the clock {start:.2f} s until the tests"
        detail += f" begin, {connecting:.2f} s for 100 worlds, {calling:.2f} s for 2,000 calls, {end:.2f} s behind the tests"
        yield Row(f"exec, 100 tests of 20 calls, {name}", added / speed, "s", BUDGET_S, detail)
