"""The generator of what the Dart package knows of this project's data."""

import pytest

from bridge.conformance.redaction import KEPT
from bridge.world.kernel.switches import SWITCHES
from tests.support import dart
from tools import gen_dart


def test_every_switch_has_a_name():
    """The enum is Dart, with a value for each switch, documented."""
    text = gen_dart.switches()
    assert [] == dart.flaws(dart.parse_text(text))
    assert all(f"  {gen_dart.camel(name)}('{name}')" in text for name in SWITCHES)
    assert text.count("\n  ///") >= len(SWITCHES)
    assert max(map(len, text.splitlines())) <= gen_dart.WIDTH


@pytest.mark.parametrize(
    ("name", "camel"), [("friends_only", "friendsOnly"), ("translation", "translation"), ("revoke_window_s", "revokeWindowS")]
)
def test_names_are_as_dart_writes_them(name, camel):
    """Words run together, each with a capital but the first."""
    assert camel == gen_dart.camel(name)


def test_check_writes_nothing(tmp_path, monkeypatch, capsys):
    """`--check` fails on an outdated file and leaves it alone; without it the file is written, and then it passes."""
    monkeypatch.setattr(gen_dart, "LIB", tmp_path)
    assert 1 == gen_dart.main(["--check"])
    assert "switches.dart, written.dart" in capsys.readouterr().out
    assert [] == list(tmp_path.iterdir())
    assert 0 == gen_dart.main([])
    assert 0 == gen_dart.main(["--check"])


def test_tree_without_the_package_is_fine(tmp_path, monkeypatch):
    """There is nothing to keep up to date."""
    monkeypatch.setattr(gen_dart, "LIB", tmp_path / "nowhere")
    assert 0 == gen_dart.main(["--check"]) == gen_dart.main([])


def test_keys_of_people_and_of_machines():
    """Texts, names, reasons and files are hidden in a recording, secrets always; ids, kinds and places in a list are not."""
    whole = gen_dart.written()
    text, secrets = whole.split("secretEnds")
    written, files = text.split("fileKeys")
    assert all(f"'{key}'" in secrets for key in ("usersig", "token"))
    names = ("text", "texts", "reason", "groupname", "remark", "nickname", "data", "custominfo", "title")
    assert all(f"'{key}'" in written for key in names)
    assert all(f"'{key}'" in files for key in ("imagepath", "soundpath", "faceurl", "filename", "path"))
    ids = ("groupid", "useridlist", "msgid", "receiver", "sender", "grouptype", "nextcursor", "reactionid", "usersig")
    assert all(f"'{key}'" not in text for key in ids)
    assert [] == dart.flaws(dart.parse_text(whole))


def test_kept_keys_are_there():
    """What is named as nobody's writing is in the schemas, so that the list does not outlive them."""
    assert set() == KEPT - gen_dart.text_keys()
