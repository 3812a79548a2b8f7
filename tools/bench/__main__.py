"""Run the benchmarks: `python -m tools.bench`, or `python tools/bench` anywhere."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench import doors, executing, growth, measuring, million, native, stdio, waiting, watched, worlds
from tools.bench.measuring import Effort, Row

PARTS: dict[str, Callable[[Effort], Iterator[Row]]] = {
    "start": stdio.start_rows,
    "round-trip": stdio.round_trip_rows,
    "pipelined": stdio.pipelined_rows,
    "doors": doors.door_rows,
    "exec": executing.rows,
    "native": native.native_rows,
    "pages": worlds.page_rows,
    "reset": worlds.reset_rows,
    "arguments": worlds.bind_rows,
    "memory": worlds.memory_rows,
    "growth": growth.rows,
    "watched": watched.rows,
}
AGAIN = 2
"""How often a part is measured anew while a row of it fails."""

ON_DEMAND: dict[str, Callable[[Effort], Iterator[Row]]] = {"million": million.rows, "waiting": waiting.rows}
"""What takes a minute or 2 GB, and is measured only when asked for: `--only waiting`."""


def machine(core: int | None) -> str:
    """Return a line about this machine."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        pass
    where = "not pinned to a core" if core is None else "pinned to one core"
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {where}"


def prepare() -> None:
    """Pack the schemas, as an installed bridge has them."""
    command = [sys.executable, str(measuring.ROOT / "tools" / "pack_schemas.py")]
    subprocess.run(command, check=True, stdout=sys.stderr, env=measuring.surroundings())


def shown(row: Row) -> str:
    """Return a row as a line of the table."""
    value = f"{row.value:.2f} {row.unit}"
    budget = "" if row.budget is None else f"<= {row.budget:g} {row.unit}"
    return f"{row.name:44} {value:>10}  {budget:>10}  {row.verdict:5} {row.detail}".rstrip()


def main() -> int:
    """Print the table. Returns 1 when a row is beyond one and a half times its budget."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Measure every budget against its peer.")
    parser.add_argument("--quick", action="store_true", help="Fewer rounds and smaller worlds: for CI.")
    parser.add_argument("--json", action="store_true", help="Print one JSON object per row.")
    parser.add_argument("--only", choices=sorted(PARTS | ON_DEMAND), action="append", help="Measure this part alone; may be repeated.")
    options = parser.parse_args()
    prepare()
    core = measuring.pin()
    if not options.json:
        print(machine(core), flush=True)
    effort = measuring.QUICK if options.quick else measuring.FULL
    failed = 0
    for name in options.only or PARTS:
        found = ON_DEMAND[name](effort) if name in ON_DEMAND else settled(PARTS[name], effort)
        for row in found:
            failed += row.verdict == "FAIL"
            print(json.dumps({**row._asdict(), "verdict": row.verdict}) if options.json else shown(row), flush=True)
    return int(failed > 0)


def settled(part: Callable[[Effort], Iterator[Row]], effort: Effort) -> list[Row]:
    """
    Return the rows of a part. One that fails is measured again, twice at most, and its last value stands.

    A busy moment of the machine passes; what has become slower stays slow.
    """
    rows = list(part(effort))
    for _ in range(AGAIN):
        if all(row.verdict != "FAIL" for row in rows):
            break
        new = {row.name: row for row in part(effort)}
        rows = [new[row.name] if row.verdict == "FAIL" else row for row in rows]
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
