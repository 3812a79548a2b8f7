"""
In a checkout an edited schema wins over its packed copy.
"""

import json
import os
import shutil

import pytest

from bridge.catalogue.load import Catalogue
from bridge.catalogue.packing import COMMON_NAMES, pack
from bridge.catalogue.sources import FolderSource, PackedSource, dialect_heads, dialect_names, open_source
from tests.catalogue.schema_files import SCHEMAS, read, source


@pytest.fixture
def checkout(tmp_path):
    """A checkout's schemas (5.0 and what it stands on) and their packed form."""
    for folder in source("im-5.0").folders:
        shutil.copytree(folder, tmp_path / "schemas" / os.path.basename(folder))
    for name in COMMON_NAMES:
        shutil.copy(SCHEMAS / f"{name}.json", tmp_path / "schemas")
    pack(tmp_path / "schemas", tmp_path / "packed")
    return tmp_path


def opened(checkout):
    """Open what is there."""
    return open_source("im-5.0", str(checkout / "packed"), str(checkout / "schemas"))


def edit(path, **changes):
    """Change a schema file, as an editor does that keeps the file."""
    document = {**read(path), **changes}
    path.write_text(json.dumps(document), encoding="utf-8")
    os.utime(path, ns=(1, 1))


def test_packed_form_serves_while_it_is_true(checkout):
    """Untouched schemas are read from the packed form."""
    assert isinstance(opened(checkout), PackedSource)


def test_edited_file_wins(checkout):
    """An edited method is read from its file, by the dialects over it as well."""
    edit(checkout / "schemas/chat-8.2/methods/timManager/getVersion.json", needs="login")

    assert "login" == opened(checkout).document("methods", "getVersion")["needs"]
    assert "nothing" == opened(checkout).document("methods", "getServerTime")["needs"]


def test_edited_fact_wins(checkout):
    """An event that was given another fact is found by it."""
    edit(checkout / "schemas/chat-8.2/events/initSDKListener/onConnecting.json", fact="connection_begun")
    catalogue = Catalogue(opened(checkout))

    assert ["onConnecting"] == [event.type for event in catalogue.events_for("connection_begun")]
    assert () == catalogue.events_for("connection_started")


def test_new_file_wins(checkout):
    """A new method is there at once: the packed form is set aside."""
    folder = checkout / "schemas/chat-8.2/methods/timManager"
    document = {**read(folder / "getVersion.json"), "method": "getNothing"}
    (folder / "getNothing.json").write_text(json.dumps(document), encoding="utf-8")
    os.utime(folder, ns=(1, 1))

    assert isinstance(opened(checkout), FolderSource)
    assert "getNothing" in Catalogue(opened(checkout)).method_names


def test_removed_file_is_gone(checkout):
    """A removed event is no longer told."""
    folder = checkout / "schemas/chat-8.2/events/initSDKListener"
    (folder / "onLog.json").unlink()
    os.utime(folder, ns=(1, 1))

    assert Catalogue(opened(checkout)).event("initSDKListener", "onLog") is None


def test_installation_needs_no_schemas(checkout):
    """Without a checkout the packed form is all there is."""
    source = open_source("im-5.0", str(checkout / "packed"), str(checkout / "nowhere"))

    assert "nothing" == source.document("methods", "getVersion")["needs"]
    assert "im-5.0" in dialect_names(str(checkout / "packed"), str(checkout / "nowhere"))


def test_unknown_names_are_key_errors(checkout):
    """Both sources agree on what they do not have."""
    for there in (opened(checkout), FolderSource(str(checkout / "schemas/im-5.0"))):
        assert not there.has("methods", "nothing")
        with pytest.raises(KeyError):
            there.document("methods", "nothing")


def test_edited_dialect_wins(checkout):
    """What tells dialects apart is read anew once a dialect.json has changed."""
    places = str(checkout / "packed"), str(checkout / "schemas")
    assert "tencent_im_sdk_plugin" == dialect_heads(*places)["im-5.0"]["channel"]
    edit(checkout / "schemas/im-5.0/dialect.json", channel="another")

    assert "another" == dialect_heads(*places)["im-5.0"]["channel"]
    assert "another" == opened(checkout).dialect["channel"]
