"""
Build the native library with every compiler that is here and, where zig is, for every other system; try the ones for this machine.

    python3 tools/up.py native [here|TARGET…]

1 if a build fails, if a library shows other symbols than its exports, or if one for this machine does not answer as it must without a
server. The first build for a system takes zig up to a minute, Windows several.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

from bridge.errors import BridgeError
from bridge.native import building
from bridge.native.targets import TARGETS, Target, here

ALONE = """
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.DartGetLoginUserID.restype = ctypes.c_char_p
print(library.DartGetLoginUserID(), library.DartGetLoginStatus(), library.DartInitSDK(ctypes.c_uint64(1), b"{}"))
"""
WITHOUT_A_SERVER = "b'' 3 9508\n"


def flaws(wanted: Target, compiler: building.Compiler) -> list[str]:
    """Build for a target. Returns what is wrong, in words."""
    try:
        file = building.build(wanted, compiler) / wanted.file
    except BridgeError as error:
        return [str(error)]
    names = {row["name"] for row in json.loads((building.SOURCES / "exports.json").read_text("utf-8"))["exports"]}
    data = file.read_bytes()
    missing = sorted(name for name in names if name.encode() not in data)
    found = [f"not in it: {', '.join(missing)}"] if missing else []
    if wanted.name == here():
        environ = {"PATH": "", "SYSTEMROOT": ""}
        done = subprocess.run([sys.executable, "-c", ALONE, str(file)], env=environ, capture_output=True, text=True, check=False)
        if (done.returncode, done.stdout) != (0, WITHOUT_A_SERVER) or done.stderr.count("timbridge:") != 1:
            found.append(f"alone it answers {done.stdout!r}, says {done.stderr!r}, status {done.returncode}")
    return found


def main(names: list[str]) -> int:
    """Try all, or the targets of those names. Returns 1 if something is wrong."""
    wrong = 0
    for name in [here() if name == "here" else name for name in names] or [here(), *(name for name in TARGETS if name != here())]:
        wanted = building.target(name)
        for compiler in building.compilers():
            if not compiler.is_zig and name != here():
                continue
            with tempfile.TemporaryDirectory() as folder:
                os.environ[building.CACHE] = folder
                problems = flaws(wanted, compiler)
            wrong += bool(problems)
            print(f"{wanted.name}, {compiler.name}: {'; '.join(problems) or 'built'}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
