"""
Are all generated files up to date? `python3 tools/check.py` runs every `tools/gen_*.py --check`; 1 if one says no.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def generators() -> list[Path]:
    """Return all generators, in the order of their names. Each takes `--check` and then writes nothing."""
    return sorted((ROOT / "tools").glob("gen_*.py"))


def main() -> int:
    """Run all checks, so that one run shows everything that is out of date."""
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    failed = []
    for generator in generators():
        command = [sys.executable, str(generator), "--check"]
        if subprocess.call(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}):
            failed.append(generator.name)
    print(f"generated files: {len(generators())} generators, {', '.join(failed) or 'all up to date'}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
