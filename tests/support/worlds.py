"""Which dialects and platforms there are, for tests that run on all of them, or on those that have something."""

from __future__ import annotations

from pathlib import Path

from bridge.catalogue import dialects, load

RECORDINGS = Path(__file__).parents[2] / "fixtures" / "recordings"

WORLDS = tuple((dialect, platform) for dialect in dialects() for platform in load(dialect).platforms)
"""Every dialect on each of its platforms, the default one first."""

RECORDED = tuple(name for name in dialects() if (RECORDINGS / f"{name}.calls.jsonl").is_file())
"""The dialects whose real client's calls were written down."""

TRACED = tuple((dialect, platform) for dialect in RECORDED for platform in load(dialect).platforms[:2])
"""Those that have a snapshot of their own: of the recorded dialects the two platforms that are like no other."""


def with_method(name: str) -> list[tuple[str, str]]:
    """Return the dialects and platforms that have a method."""
    return [(d, p) for d, p in WORLDS if (spec := load(d).method(name)) is not None and p in spec.platforms]


def with_event(listener: str, kind: str) -> list[tuple[str, str]]:
    """Return the dialects and platforms that send an event."""
    return [(d, p) for d, p in WORLDS if (spec := load(d).event(listener, kind)) is not None and p in spec.platforms]
