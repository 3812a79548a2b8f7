"""The maker of large worlds, and where what it makes is found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge import world_files
from bridge.emulator import Emulator
from tools import make_world

ROOT = Path(make_world.__file__).parent.parent


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose tool makes a small world named `large`, and the tool."""
    tool = tmp_path / "make_world.py"
    tool.write_text("def make():\n    return {'version': 1, 'users': ['ann']}\n", "utf-8")
    monkeypatch.setattr(world_files, "MAKERS", {"large": str(tool)})
    monkeypatch.setattr(world_files, "FOLDERS", (str(tmp_path / "worlds"), str(tmp_path / "none")))
    return tool


def made(checkout):
    """Return all files that were made, below the folder for them."""
    folder = checkout.parent / "worlds" / ".made"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_large_is_made_on_first_use(checkout):
    """Its name is known before; its file is there once somebody asks for the world, and is used again."""
    assert ["large"] == list(world_files.shipped())
    assert [] == made(checkout)
    assert ["ann"] == world_files.load_file("large").document["users"]
    (file,) = made(checkout)
    os.utime(file, (1, 1))
    assert ["ann"] == world_files.fixture("large")["users"]
    assert 1 == file.stat().st_mtime


def test_changed_tool_makes_it_anew(checkout):
    """What another version of the tool has made is neither read nor kept."""
    world_files.fixture("large")
    checkout.write_text(checkout.read_text("utf-8").replace("ann", "bob"), "utf-8")
    assert ["bob"] == world_files.fixture("large")["users"]
    assert 1 == len(made(checkout))


def test_builds_make_what_a_checkout_makes(tmp_path):
    """With nothing installed, as in a build, the tool makes the same bytes as on first use; none are committed."""
    file = tmp_path / "large.json"
    subprocess.run([sys.executable, "-I", "-S", make_world.__file__, str(file)], check=True, capture_output=True)
    document = world_files.fixture("large")
    assert json.loads(file.read_bytes()) == document
    assert Path(world_files.shipped()["large"]).read_bytes() == file.read_bytes()
    assert not (ROOT / "fixtures" / "worlds" / "large.json").exists()


def test_numbers_on_the_command_line(tmp_path):
    """Conversations and messages are as many as asked for, and the world loads."""
    file = tmp_path / "small.json"
    assert 0 == make_world.main(["--conversations", "60", "--per-conversation", "3", "--seed", "5", str(file)])
    emulator = Emulator()
    emulator.load(json.loads(file.read_text("utf-8")))
    written = emulator.export()
    assert (180, 60) == (len(written["messages"]), sum(row["user_id"] == "alice" for row in written["conversations"]))
