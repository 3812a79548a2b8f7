"""`timbridge stubs`: a dialect's calls as typed Python."""

from __future__ import annotations

import sys
from typing import Any

from bridge.catalogue import dialects, load
from bridge.cli.options import Option, UsageError, Verb

VERB = Verb(
    "stubs",
    "Prints a Python module with the channel calls of a dialect as typed methods, for editors and type checkers:\n"
    "`Calls(device).createConversationGroup(groupName=…)` does what `device.call(\"createConversationGroup\", …)` does.",
    (
        Option("--dialect", "Which generation of the plugin.", "NAME", None, dialects()),
        Option("--platform", "As which platform answers; the dialect's usual one if not given.", "NAME"),
        Option("--asyncio", "For the asyncio client: the methods are awaited."),
    ),
    "",
    0,
    0,
    examples=("timbridge stubs --dialect chat-8.2 > tests/bridge_calls.py",),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Print the module."""
    from bridge.catalogue import default_dialect
    from bridge.testing.stubs import module

    dialect = options["dialect"] or default_dialect()
    known = load(dialect).platforms
    platform = options["platform"] or known[0]
    if platform not in known:
        raise UsageError(f"{dialect} has no platform {platform!r}; it has {', '.join(known)}")
    sys.stdout.write(module(dialect, platform, options["asyncio"]))
    return 0
