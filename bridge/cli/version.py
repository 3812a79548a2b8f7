"""`timbridge version`: which one this is, and what it runs on."""

from __future__ import annotations

import platform
import sys
from typing import Any

from bridge import __version__
from bridge.cli.options import Verb

VERB = Verb("version", "Prints which timbridge this is, where it lies, and which Python runs it.")


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Print it."""
    from pathlib import Path

    where = Path(__file__).resolve().parent.parent
    print(f"timbridge {__version__}", where, sep="\n")
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()} ({sys.executable})")
    return 0
