"""
Is everything as a release wants it? What the workflow asks before it publishes; ask it before you tag.

    python3 tools/release.py v0.2.0

1 with a line on everything that is not as the tag says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PLACES = {
    "bridge/__init__.py": r'^__version__ = "(.*)"$',
    "tools/flutter/timbridge_test/pubspec.yaml": r"^version: (.*)$",
    "tools/flutter/timbridge_test/CHANGELOG.md": r"^## (\d\S*)",
    "CHANGELOG.md": r"^## \[?(\d[^\s\]]*)",
}
"""Where the version stands, and where: the first match counts."""


def problems(tag: str, root: Path = ROOT) -> Iterator[str]:
    """Yield what is not as a tag says, a line each."""
    found = re.fullmatch(r"v(\d+\.\d+\.\d+)", tag)
    if found is None:
        yield f"{tag} is no tag of a release: v1.2.3"
        return
    for place, pattern in PLACES.items():
        said = re.search(pattern, (root / place).read_text(encoding="utf-8"), re.MULTILINE)
        if said is None or said[1] != found[1]:
            yield f"{place} says {said[1] if said else 'no version'}, the tag {found[1]}"


def main(arguments: list[str]) -> int:
    """Look, and say what is wrong."""
    if len(arguments) != 1:
        print("usage: python3 tools/release.py v1.2.3", file=sys.stderr)
        return 2
    wrong = list(problems(arguments[0]))
    print("\n".join(wrong) or f"{arguments[0]}: all places say so")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
