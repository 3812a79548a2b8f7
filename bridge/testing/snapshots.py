"""
Snapshots of traces with syrupy: canonical JSON, a file per case, an entry per line.

    def test_greeting(device, other_user, trace_snapshot):
        other_user.say("hi", to="alice")
        device.events()
        assert trace_snapshot == device.trace
"""

from __future__ import annotations

from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from bridge.testing.traces import VOLATILE, canonical


class TraceExtension(SingleFileSnapshotExtension):
    """Writes traces as canonical JSON with volatile values masked: ids and times of another seed or server compare equal."""

    _write_mode = WriteMode.TEXT
    file_extension = "trace.json"
    volatile = VOLATILE

    def serialize(self, data: Any, **kwargs: Any) -> str:
        """Return the text of a trace."""
        return canonical(data, self.volatile)


class ExactTraceExtension(TraceExtension):
    """Writes traces with their ids and times as they are: on the virtual clock, the same calls give the same bytes."""

    file_extension = "json"
    volatile = frozenset()
