"""Files: names without folders, a private place, and nothing read but what lies below the named folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from bridge.errors import BridgeError
from bridge.transports.files import Files, safe_name


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "..", ".hidden", "a\0b", "x" * 500, "", "C:\\x"])
def test_names_have_no_folder(name: str) -> None:
    """Whatever is asked for, the name is that of a file."""
    safe = safe_name(name)
    assert safe and len(safe) <= 120
    assert not set(safe) & set("/\\:\0")
    assert not safe.startswith(".")


def test_downloads_go_below_the_folder(tmp_path: Path) -> None:
    """A file is written whole, below the folder, and again in its place."""
    files = Files(str(tmp_path))
    path = files.store("../a.png", b"one")
    assert Path(path).read_bytes() == b"one"
    assert tmp_path in Path(path).parents
    assert path == files.store("../a.png", b"two")
    assert Path(path).read_bytes() == b"two"
    assert 1 == len(list(Path(path).parent.iterdir()))


def test_private_folder_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a named folder a private one is made; a link that waits in its place is refused."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "one"))
    (tmp_path / "one").mkdir()
    path = Files().store("a", b"x")
    assert Path(path).is_file()
    if os.name == "posix":
        assert 0o700 == os.stat(Path(path).parents[1]).st_mode & 0o777
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "two"))
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / Path(path).parents[1].name).symlink_to(tmp_path / "one")
        with pytest.raises(BridgeError, match="somebody else"):
            Files().store("a", b"x")


def test_sizes_below_the_folder_alone(tmp_path: Path) -> None:
    """Sizes are read below the media folder; outside, over a link, and without a folder they are 0."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "in.png").write_bytes(b"12345")
    (tmp_path / "out.png").write_bytes(b"123")
    files = Files(str(media))
    assert [5, 5] == [files.size("in.png"), files.size(str(media / "in.png"))]
    assert [0, 0, 0] == [files.size(str(tmp_path / "out.png")), files.size("../out.png"), files.size("a\0b")]
    if os.name == "posix":
        (media / "link.png").symlink_to(tmp_path / "out.png")
        assert 0 == files.size("link.png")
    assert 0 == Files().size(str(media / "in.png"))
