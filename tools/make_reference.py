"""
Make the reference: `python3 tools/up.py reference [--out DIR] [--dialect NAME …]`.

A folder of pages for people, without a build step for them: open `index.html`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue import dialects, native_dialects  # noqa: E402
from tools.reference import site  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Write the site, and say where it is."""
    known = [*dialects(), *native_dialects()]
    parser = argparse.ArgumentParser(description="Make the reference, a folder of pages.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "reference", help="the folder (dist/reference)")
    parser.add_argument("--dialect", action="append", choices=known, help="only this one; may be said again")
    options = parser.parse_args(arguments)
    count = site.write(options.out, options.dialect or known)
    print(f"{count} pages: {options.out / 'index.html'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
