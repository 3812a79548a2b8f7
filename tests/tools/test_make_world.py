"""The maker of large worlds."""

import json

from bridge.emulator import Emulator
from tools import make_world


def test_shipped_file_is_up_to_date(tmp_path):
    """`large` is what the tool makes, byte for byte."""
    assert 0 == make_world.main([str(tmp_path / "large.json")])
    assert make_world.TARGET.read_bytes() == (tmp_path / "large.json").read_bytes()


def test_numbers_on_the_command_line(tmp_path):
    """Conversations and messages are as many as asked for, and the world loads."""
    file = tmp_path / "small.json"
    assert 0 == make_world.main(["--conversations", "60", "--per-conversation", "3", "--seed", "5", str(file)])
    emulator = Emulator()
    emulator.load(json.loads(file.read_text("utf-8")))
    written = emulator.export()
    assert (180, 60) == (len(written["messages"]), sum(row["user_id"] == "alice" for row in written["conversations"]))
