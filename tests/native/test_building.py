"""Building the library: which compiler, where it is kept, what is said when it cannot be."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from bridge.errors import BridgeError
from bridge.native import building
from bridge.native.targets import TARGETS, here

LINUX = TARGETS["linux-x86_64"]
MAC = TARGETS["macos-aarch64"]

# A compiler that writes what it was called with to the file after -o.
FAKE = """\
#!{python}
import sys, time
words = sys.argv[1:]
open(words[words.index("-o") + 1], "w").write("\\n".join(words))
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in which builds are kept, on a machine that is a Linux of ours."""
    monkeypatch.setenv(building.CACHE, str(tmp_path / "kept"))
    monkeypatch.setattr(building, "here", lambda: LINUX.name)
    return tmp_path / "kept"


def compiler(folder: Path, text: str = FAKE, is_zig: bool = False) -> building.Compiler:
    """Return a compiler that is a script."""
    script = folder / "fake-cc"
    script.write_text(text.format(python=sys.executable))
    script.chmod(0o755)
    return building.Compiler((sys.executable, str(script)), is_zig)


def test_library_is_built_once(cache: Path, tmp_path: Path) -> None:
    """What was built is kept by its content, and found again without a compiler."""
    folder = building.build(LINUX, compiler(tmp_path))
    words = (folder / LINUX.file).read_text().split("\n")
    assert {str(path) for path in building.sources()} <= set(words)
    assert {"-Wall", "-Wextra", "-Werror", "-std=c11", "-fvisibility=hidden"} <= set(words)
    assert folder == building.build(LINUX, compiler(tmp_path, "raise SystemExit(1)"))
    assert [folder] == list(cache.iterdir())


def test_new_sources_are_another_build(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of a source, a header or a flag gives another name."""
    cc = compiler(tmp_path)
    names = {building.digest(LINUX, cc), building.digest(MAC, cc), building.digest(LINUX, cc._replace(is_zig=True))}
    copies = tmp_path / "sources"
    copies.mkdir()
    for path in (*building.sources(), *building.SOURCES.glob("*.h")):
        (copies / path.name).write_bytes(path.read_bytes())
    before = building.digest(LINUX, cc)
    monkeypatch.setattr(building, "SOURCES", copies)
    assert before == building.digest(LINUX, cc)
    (copies / "system.h").write_text("/* another */\n")
    assert 4 == len({*names, building.digest(LINUX, cc)})


def test_framework_has_its_parts(cache: Path, tmp_path: Path) -> None:
    """For macOS the library is a framework whose names lead to it."""
    folder = building.build(MAC, compiler(tmp_path, is_zig=True))
    framework = folder / "dart_native_imsdk.framework"
    assert "-target\naarch64-macos" in (framework / "dart_native_imsdk").read_text()
    assert "dart_native_imsdk" in (framework / "Versions" / "Current" / "Resources" / "Info.plist").read_text()


def test_compiler_that_fails_is_quoted(cache: Path, tmp_path: Path) -> None:
    """What a compiler says is passed on; nothing is kept."""
    broken = compiler(tmp_path, "import sys; sys.exit('library.h: no good')")
    with pytest.raises(BridgeError, match=r"cannot build the native library for linux-x86_64:\nlibrary.h: no good"):
        building.build(LINUX, broken)
    assert [] == list(cache.iterdir())


def test_no_compiler_names_what_helps(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any compiler, or without one for another system, the one command that helps is named."""
    monkeypatch.setattr(building, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(BridgeError, match=r"there is no C compiler .*pip install 'timbridge\[native\]'"):
        building.build(LINUX)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    with pytest.raises(BridgeError, match=r"macos-aarch64 is another system than this one; pip install 'timbridge\[native\]'"):
        building.build(MAC)


def test_chosen_compiler_comes_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CC names the compiler, with its options; zig builds for other systems."""
    monkeypatch.setattr(building, "find_spec", lambda name: object())
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in ("cc", "mine") else None)
    monkeypatch.setenv("CC", "mine -m64")
    assert (("/bin/mine", "-m64"), True) == (building.compiler_for(LINUX).words, building.compiler_for(MAC).is_zig)
    monkeypatch.setenv("CC", "gone")
    assert ("/bin/cc",) == building.compiler_for(LINUX).words


def test_unknown_target_has_a_near_one() -> None:
    """A target that is none is refused, with the nearest."""
    with pytest.raises(BridgeError, match="did you mean linux-x86_64"):
        building.target("linux-x86-64")


def test_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, the variable that helps is named."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(building.CACHE, str(tmp_path / "file" / "below"))
    with pytest.raises(BridgeError, match=f"set {building.CACHE} to a folder of yours"):
        building.build(LINUX, compiler(tmp_path))
    with pytest.raises(BridgeError, match="cannot write to"):
        building.place(tmp_path, tmp_path / "file" / "below")


def test_cache_goes_by_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Builds are kept where a system keeps such things."""
    monkeypatch.delenv(building.CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    found = {}
    for system in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        found[system] = building.cache()
    assert tmp_path / "timbridge" / "native" == found["linux"]
    assert "Caches" in found["darwin"].parts
    assert tmp_path / "local" / "timbridge" / "native" == found["win32"]


def test_targets_are_told_apart() -> None:
    """Each target has a name of its own, a file under its loader's name, and flags that tell nothing twice."""
    assert {name: target.name for name, target in TARGETS.items()} == {name: name for name in TARGETS}
    files = {target.file for target in TARGETS.values()}
    assert {"libdart_native_imsdk.so", "dart_native_imsdk.dll", "dart_native_imsdk.framework/Versions/A/dart_native_imsdk"} == files
    assert all(target.path for target in TARGETS.values())


@pytest.mark.skipif(not building.compilers(), reason="neither cc nor ziglang is here")
@pytest.mark.parametrize("cc", building.compilers(), ids=lambda cc: "zig" if cc.is_zig else "cc")
def test_every_compiler_here_builds_it(cc: building.Compiler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each compiler of this machine builds the library for it without a warning, and it can be loaded."""
    import ctypes

    monkeypatch.setenv(building.CACHE, str(tmp_path))
    wanted = building.target(here())
    loaded = ctypes.CDLL(os.fspath(building.build(wanted, cc) / wanted.file))
    assert hasattr(loaded, "DartGetLoginStatus")
