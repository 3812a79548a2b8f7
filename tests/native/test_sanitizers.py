"""The C sources under the compiler's sanitizers, in a C program that plays Dart."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bridge.native import building
from tests.support import stand_in
from tests.transports.doors import listening

HOST = Path(__file__).with_name("host.c")
PLAIN = tuple(flag for flag in building.FLAGS if flag not in ("-shared", "-fvisibility=hidden"))
KINDS = {
    "plain": (),
    "address and undefined": ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    "thread": ("-g", "-fsanitize=thread"),
}


def compiled(flags: tuple[str, ...], sources: list[Path], out: Path) -> bool:
    """Compile a program. Returns whether that worked."""
    compiler = building.compilers()[0]
    words = [*compiler.words, *PLAIN, *flags, "-pthread", f"-I{building.SOURCES}", "-o", str(out), *map(str, sources)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode and sources[0] == HOST:
        pytest.fail(done.stderr)
    return done.returncode == 0


@pytest.fixture(params=KINDS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the host with the library in it; a compiler without a sanitizer's library cannot build its variant."""
    if not building.compilers():
        pytest.skip("neither cc nor ziglang is here")
    flags = KINDS[request.param]
    trial = tmp_path / "trial.c"
    trial.write_text("int main(void) { return 0; }\n")
    if not compiled(flags, [trial], tmp_path / "trial") or subprocess.run([tmp_path / "trial"], check=False).returncode:
        pytest.skip(f"the compiler here has no sanitizer: {request.param}")
    out = tmp_path / "host"
    compiled(flags, [HOST, *building.sources()], out)
    return out


def test_host_finds_no_fault(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads, freed texts, a second isolate, a second start, an end in the middle of posts: no misuse of memory, no race."""
    stand_in.install(monkeypatch)
    with listening() as address:
        environ = {**os.environ, "TIMBRIDGE_ADDRESS": address, "ASAN_OPTIONS": "detect_leaks=0", "TSAN_OPTIONS": "halt_on_error=1"}
        done = subprocess.run([program], env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert (7, "802\n") == (done.returncode, done.stdout), done.stderr[-3000:]
    assert "ThreadSanitizer" not in done.stderr


def test_files_find_no_fault(program: Path, tmp_path: Path) -> None:
    """Sends that get their ids at once and downloads that write files, from several threads: no misuse of memory, no race, every file."""
    with listening() as address:
        environ = {**os.environ, "TIMBRIDGE_ADDRESS": address, "ASAN_OPTIONS": "detect_leaks=0", "TSAN_OPTIONS": "halt_on_error=1"}
        done = subprocess.run([program, tmp_path / "files"], env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert (0, "200\n") == (done.returncode, done.stdout), done.stderr[-3000:]
    assert "ThreadSanitizer" not in done.stderr
    assert 200 == len([path for path in (tmp_path / "files").rglob("*") if path.is_file()])
