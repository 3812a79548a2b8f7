"""The command in one file: what starts it, what it leaves out, the stand-in for what was compiled. The trial itself is a part of CI."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import rpds

from tools import make_pyz
from tools.pyz import rpds as ours

MODULE = "import os, sys\nprint(os.path.dirname(os.path.dirname(__file__)), *sys.argv[1:])\n"


@pytest.fixture
def single(tmp_path: Path) -> Path:
    """A file whose command says where it runs."""
    site = tmp_path / "site"
    for name, text in (("bridge/__init__.py", ""), ("bridge/__main__.py", MODULE), ("websockets/speedups.so", ""), ("rpds/rpds.so", "")):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    make_pyz.make_portable(site)
    make_pyz.write(site, tmp_path / "out" / "timbridge.pyz")
    return tmp_path / "out" / "timbridge.pyz"


def started(file: Path, cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in one file with a Python that has no packages."""
    command = [sys.executable, "-I", "-S", str(file), *words]
    return subprocess.run(command, env={"TIMBRIDGE_CACHE": str(cache)}, capture_output=True, text=True, check=False)


def test_single_file_is_laid_out_once(single: Path, tmp_path: Path) -> None:
    """The first start lays it out under the hash of what is in it, the second runs there, and nothing else is left in the cache."""
    said = started(single, tmp_path / "cache", "call", "x").stdout
    folder, *words = said.split()
    assert ["call", "x"] == words
    assert [Path(folder)] == list((tmp_path / "cache" / "timbridge").iterdir())
    (Path(folder) / "mark").touch()
    assert said == started(single, tmp_path / "cache", "call", "x").stdout
    assert (Path(folder) / "mark").exists()
    again = subprocess.run([sys.executable, "-I", "-S", folder, "call", "x"], capture_output=True, text=True, check=True)
    assert said == again.stdout


def test_other_contents_are_laid_out_apart(single: Path, tmp_path: Path) -> None:
    """Another version never runs what an older one has laid out."""
    first = started(single, tmp_path / "cache").stdout
    (tmp_path / "site" / "bridge" / "__init__.py").write_text("new = True\n")
    make_pyz.write(tmp_path / "site", single)
    assert first != started(single, tmp_path / "cache").stdout
    assert 2 == len(list((tmp_path / "cache" / "timbridge").iterdir()))


def test_cache_that_cannot_be_is_told(single: Path, tmp_path: Path) -> None:
    """Where nothing can be laid out, one sentence says so, and what to do."""
    (tmp_path / "cache").write_text("a file\n")
    done = started(single, tmp_path / "cache")
    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("timbridge: cannot lay itself out in ") and "TIMBRIDGE_CACHE" in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_nothing_compiled_is_in_the_file(single: Path, tmp_path: Path) -> None:
    """What was compiled for one machine is left behind; a package that cannot do without is refused."""
    names = zipfile.ZipFile(single).namelist()
    assert {"__main__.py", "DIGEST", "rpds.py", "bridge/__main__.py"} <= set(names)
    assert not [name for name in names if name.endswith(".so")]
    (tmp_path / "site" / "bridge" / "fast.so").touch()
    with pytest.raises(SystemExit, match=r"bridge.fast\.so was compiled"):
        make_pyz.make_portable(tmp_path / "site")


MAPS = [
    lambda kit: sorted(kit.HashTrieMap({"a": 1}).insert("b", 2).items()),
    lambda kit: sorted(kit.HashTrieMap(a=1).update({"b": 2}, c=3).items()),
    lambda kit: sorted(kit.HashTrieMap({"a": 1, "b": 2}).remove("a").items()),
    lambda kit: sorted(kit.HashTrieMap({"a": 1}).discard("z").items()),
    lambda kit: kit.HashTrieMap([("a", 1)]) == kit.HashTrieMap({"a": 1}),
    lambda kit: kit.HashTrieMap.convert({"a": 1})["a"],
    lambda kit: kit.HashTrieMap({}).get("a", 5),
    lambda kit: kit.HashTrieMap({"a": 1}).remove("z"),
    lambda kit: sorted(kit.HashTrieSet(["a"]).insert("b").update(["c"], ["d"])),
    lambda kit: sorted(kit.HashTrieSet(["a", "b"]).remove("a").discard("z")),
    lambda kit: kit.HashTrieSet().remove("z"),
    lambda kit: list(kit.List(["a", "b"]).push_front("c")),
    lambda kit: (kit.List("a", "b").first, list(kit.List(["a", "b"]).rest), len(kit.List())),
    lambda kit: list(kit.List(["a", "b"]).drop_first()),
]


@pytest.mark.parametrize("use", MAPS)
def test_stand_in_does_the_same(use: Any) -> None:
    """What validators use of the compiled maps gives the same from those in Python, refusals too."""

    def outcome(kit: Any) -> Any:
        try:
            return use(kit)
        except (KeyError, IndexError) as error:
            return type(error)

    assert outcome(rpds) == outcome(ours)
