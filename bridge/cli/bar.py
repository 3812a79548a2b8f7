"""How far a long work is, on a terminal; elsewhere nothing is said."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

PARTS = 50
"""In how many steps a count without tqdm moves on."""


class Bar:
    """
    A progress bar on standard error; `tqdm`'s where that is installed. Inside it is what moves it on by so many, one unless said otherwise.

    Args:
        total: of how many; what is beyond does not count. `unit`: of what, in words. `after_s`: what takes no longer shows nothing.
    """

    def __init__(self, total: int, unit: str, after_s: float = 0.0) -> None:
        self._total, self._unit, self._done, self._shown = total, unit, 0, 0
        self._begins = monotonic() + after_s
        self._after_s = after_s
        self._bar: Any = None

    def __enter__(self) -> Callable[..., None]:
        if not sys.stderr.isatty():
            return lambda count=1: None
        try:
            from tqdm import tqdm
        except ImportError:
            return self._count
        self._bar = tqdm(total=self._total, unit=f" {self._unit}", file=sys.stderr, leave=False, delay=self._after_s)
        return self._count

    def _count(self, count: int = 1) -> None:
        count = min(count, self._total - self._done)
        self._done += count
        if self._bar is not None:
            self._bar.update(count)
            return
        part = self._done * PARTS // max(1, self._total)
        if part > self._shown and monotonic() >= self._begins:
            self._shown = part
            print(f"\r{self._done}/{self._total} {self._unit}", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        elif self._shown:
            print(file=sys.stderr)
