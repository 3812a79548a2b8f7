"""`timbridge schemas`: files for other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import main
from bridge.conformance import whole
from tests.catalogue.schema_files import METAS


def written(folder: Path) -> dict[str, Any]:
    """Return all files below a folder by their paths, as JSON values."""
    return {path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8")) for path in folder.rglob("*.json")}


def test_a_dialect_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For each platform three documents, the dialect's own files, and what they keep to, where they look for it."""
    assert 0 == main(["schemas", "--dialect", "im-5.0", "--out", str(tmp_path / "new")])
    found = written(tmp_path / "new")
    assert f"{len(found)} files in {tmp_path / 'new'}\n" == capsys.readouterr().out
    assert {"android", "ios"} == {path.split("/")[1].partition(".")[0] for path in found if ".openrpc." in path}
    assert whole.schema("im-5.0", "ios") == found["im-5.0/ios.schema.json"]
    assert "3.0.0" == found["im-5.0/android.asyncapi.json"]["asyncapi"]
    assert "bridge.turn" in {method["name"] for method in found["im-5.0/ios.openrpc.json"]["methods"]}
    assert METAS == {path.rpartition("/")[2]: document for path, document in found.items() if path.startswith("meta/")}
    assert {"world.schema.json", "recording.schema.json", "control.schema.json"} <= set(found)
    for path, document in found.items():
        if path.startswith("im-5.0/") and document.get("$schema", "").startswith("../"):
            assert (tmp_path / "new" / path).parent.joinpath(document["$schema"]).is_file(), path


def test_one_platform_is_written(tmp_path: Path) -> None:
    """With `--platform` only that; a dialect that has not got it keeps its files."""
    assert 0 == main(["schemas", "--dialect", "chat-8.2", "--platform", "windows", "--out", str(tmp_path)])
    assert {"windows.schema.json", "windows.openrpc.json", "windows.asyncapi.json"} == {
        path.name for path in (tmp_path / "chat-8.2").iterdir() if len(path.suffixes) > 1
    }


def test_native_dialect_has_no_channel_to_describe(tmp_path: Path) -> None:
    """Its functions, callbacks and objects are there, and the control plane."""
    assert 0 == main(["schemas", "--dialect", "native-8.9", "--out", str(tmp_path)])
    found = written(tmp_path)
    assert "native-8.9/native.openrpc.json" in found
    assert "native-8.9/native.schema.json" not in found
    assert "native-8.9/functions/messageManager/DartSendMessage.json" in found


def test_unknown_platform_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are; nothing is written."""
    assert 2 == main(["schemas", "--dialect", "im-5.0", "--platform", "macos", "--out", str(tmp_path / "none")])
    assert "there are android, ios" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
