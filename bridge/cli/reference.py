"""`timbridge reference`: all that is known, as a folder of pages."""

from __future__ import annotations

from typing import Any

from bridge.catalogue import dialects, native_dialects
from bridge.cli.options import Option, Verb

VERB = Verb(
    "reference",
    "Writes a folder of pages for people: of each dialect all methods, events, maps, classes, enumerations, functions and\n"
    "callbacks, what differs by platform, codes, switches and the control plane, each with evidence and an example. Nothing has to\n"
    "be built or served: open its index.html.",
    (
        Option("--out", "The folder to write into; made if need be.", "DIR", "timbridge-reference"),
        Option("--dialect", "Only this generation of the plugin.", "NAME", None, (*dialects(), *native_dialects())),
    ),
    examples=("timbridge reference --dialect chat-8.2 --out build/reference",),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Write all pages, and say where they begin."""
    from pathlib import Path

    from bridge.cli.site import pages

    folder = Path(options["out"])
    count = pages.write(folder, [options["dialect"]] if options["dialect"] else [*dialects(), *native_dialects()])
    print(f"{count} pages, which begin at {folder / 'index.html'}")
    return 0
