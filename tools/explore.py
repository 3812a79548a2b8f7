"""
Walk at random through what people do, and check after each step what must hold.

    python -m tools.explore --steps 200000            # the seed is printed; --seed S walks the same way again

Each town lives for some hundred steps, then a fresh one is built. A step that breaks something is printed with all steps before it, to be
put into a test.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.town import LAST_DEVICE, MOST, Step, Town

LIFE = 250
PEOPLE_EVERY = 20


def walk(count: int, chance: random.Random, counts: dict[str, int]) -> None:
    """Take so many steps in one fresh town. Raises AssertionError, with the steps as a note."""
    town = Town()
    taken: list[Step] = []
    try:
        for number in range(count):
            step = (chance.randint(0, LAST_DEVICE), chance.randint(0, MOST))
            taken.append(step)
            phone = town.step(step)
            town.check([phone, town.phones[number % len(town.phones)]])
            if number % PEOPLE_EVERY == 0:
                town.check_people()
        town.check()
    except Exception as error:
        error.add_note(f"after {len(taken)} steps: {taken}")
        raise
    for name, times in town.counts.items():
        counts[name] = counts.get(name, 0) + times


def explore(steps: int, seed: int) -> dict[str, int]:
    """Walk so many steps. Returns how often each thing was done."""
    counts: dict[str, int] = {}
    for number in range(0, steps, LIFE):
        walk(min(LIFE, steps - number), random.Random(f"{seed}-{number}"), counts)
    return counts


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 if something broke."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--steps", type=int, default=20_000, help="how many steps to take in all")
    parser.add_argument("--seed", type=int, default=None, help="walk the way of this seed (default: a new one)")
    given = parser.parse_args(arguments)
    seed = random.randrange(1 << 32) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    began = time.perf_counter()
    counts = explore(given.steps, seed)
    print(f"{given.steps} steps in {time.perf_counter() - began:.1f} s, and all held: {dict(sorted(counts.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
