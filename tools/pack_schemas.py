"""
Pack `schemas/` of this checkout into `bridge/catalogue/_packed/`, as a wheel has it: `python tools/pack_schemas.py
[--target DIR]`.

A checkout works without it. Packed entries of files that were edited since are not used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue.packing import pack  # noqa: E402


def main() -> None:
    """
    Pack, and say what came of it.
    """
    parser = argparse.ArgumentParser(description="Pack schemas/ as a wheel has it.")
    parser.add_argument("--target", type=Path, default=ROOT / "bridge" / "catalogue" / "_packed")
    options = parser.parse_args()
    pack(ROOT / "schemas", options.target)
    for path in sorted(options.target.glob("*.*")):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
