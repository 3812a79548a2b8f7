"""Files: names without folders, a private place, and nothing read but what lies below the named folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.emulator import Settings
from bridge.errors import BridgeError
from bridge.transports.files import Files, safe_name
from tests.transports.doors import DOORS, listening, peer_at


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


def test_folder_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses, the text says what it said, and which folder is meant."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "chmod", refused)
    with pytest.raises(BridgeError) as caught:
        Files().store("a", b"x")
    (folder,) = tmp_path.iterdir()
    assert ("cannot be used: Operation not permitted", str(folder)) == (caught.value.message, caught.value.file)
    monkeypatch.setattr(os, "makedirs", refused)
    with pytest.raises(BridgeError) as caught:
        Files(str(tmp_path)).store("a", b"x")
    assert ("cannot be made: Operation not permitted", str(tmp_path / "downloads")) == (caught.value.message, caught.value.file)


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


def in_the_way(folder: Path) -> None:
    (folder / "downloads").write_bytes(b"")


def a_folder_in_the_way(folder: Path) -> None:
    (folder / "downloads" / "a").mkdir(parents=True)


def a_link_to_elsewhere(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "downloads").symlink_to(elsewhere)


@pytest.mark.parametrize("spoil", [in_the_way, a_folder_in_the_way, a_link_to_elsewhere])
def test_no_place_is_said(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    """What is in the way is named; nothing is left beside it, and nothing is written elsewhere."""
    media = tmp_path / "media"
    media.mkdir()
    spoil(media)
    with pytest.raises(BridgeError, match=r"downloads.*cannot"):
        Files(str(media)).store("a", b"x")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "downloads"]


def test_folder_that_goes_away(tmp_path: Path) -> None:
    """A folder that somebody removes under a running server is a place that is not there, and one again when it is back."""
    files = Files(str(tmp_path))
    path = Path(files.store("a", b"x"))
    path.unlink()
    path.parent.rmdir()
    with pytest.raises(BridgeError, match="cannot be written: No such file"):
        files.store("a", b"x")
    path.parent.mkdir()
    assert str(path) == files.store("a", b"x")


@pytest.mark.skipif(os.name != "posix", reason="only there users have numbers")
@pytest.mark.parametrize("error", [KeyError("getpwuid(): uid not found: 1234"), OSError("No username set in the environment")])
def test_user_without_a_name(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has only a number, as in a container, has a private folder, too."""

    def nameless() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert f"timbridge-{os.getuid()}" == Path(Files().store("a", b"x")).parents[1].name


def test_no_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without any is one to name a folder on."""

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    with pytest.raises(BridgeError, match="--media"):
        Files().store("a", b"x")


@pytest.mark.skipif(os.name != "posix", reason="rights are others elsewhere")
def test_private_folder_is_made_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that others can write to is closed to them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = Path(Files().store("a", b"x")).parents[1]
    folder.chmod(0o777)
    Files().store("a", b"x")
    assert 0o700 == folder.stat().st_mode & 0o777


@pytest.mark.parametrize("path", ["\ud83d", "a\0b", "x" * 5000, "a/" * 3000, "~", ".", "", "in.png/x"])
def test_odd_paths_have_no_size(path: str, tmp_path: Path) -> None:
    """Whatever a client calls a file, the answer is a size."""
    (tmp_path / "in.png").write_bytes(b"12345")
    assert 0 == Files(str(tmp_path)).size(path)


@pytest.mark.parametrize("door", DOORS)
def test_download_without_a_place(door: str, tmp_path: Path) -> None:
    """At every door: the call is answered, the event says what is in the way, and the server has met no bug."""
    in_the_way(tmp_path)
    settings = Settings(files=Files(str(tmp_path)))
    with listening(settings) as address:
        peer = peer_at(door, settings, address)
        for method, params in (
            ("initSDK", {"sdkAppID": 1, "logLevel": 6, "uiPlatform": 0, "listenerUuid": ""}),
            ("addAdvancedMsgListener", {"listenerUuid": ""}),
            ("login", {"userID": "alice", "userSig": "x"}),
        ):
            peer.ask(method, params)
        created = peer.ask("bridge.user.call", {"user": "bob", "method": "createSoundMessage", "arguments": SOUND})[-1]["result"]
        sent = {"id": created["data"]["id"], "receiver": "alice", "groupID": ""}
        message = peer.ask("bridge.user.call", {"user": "bob", "method": "sendMessage", "arguments": sent})
        msg_id = next(one["result"]["data"]["msgID"] for one in message if "result" in one)
        fetch = {"msgID": msg_id, "messageType": 4, "imageType": 0, "isSnapshot": False}
        came = peer.ask("downloadMessage", fetch)
        peer.close()
    assert [0] == [one["result"]["code"] for one in came if "result" in one]
    (told,) = [one["params"]["data"] for one in came if "params" in one]
    assert 6022 == told["errorCode"]


SOUND = {"soundPath": "/a/s.m4a", "duration": 7}
