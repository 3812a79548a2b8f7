import runpy
import subprocess
import sys

from bridge.catalogue import native_dialects
from bridge.catalogue.packing import pack
from bridge.catalogue.sources import FolderSource, PackedSource, common_document, dialect_heads, open_source
from tests.catalogue.schema_files import DIALECTS, ROOT, SCHEMAS, read

KINDS = ("methods", "events", "maps", "models", "enums")


COMMON_NAMES = (
    *("dialects", "arguments", "clients", "control.schema", "errors", "meta", "misuse", "recording.schema"),
    *("rules", "volatile", "world.schema"),
)


def test_packed_and_folder_say_the_same(tmp_path):
    """The packed form holds every document of the folder, and nothing else."""
    pack(SCHEMAS, tmp_path)
    for dialect in DIALECTS:
        folder = FolderSource(str(SCHEMAS / dialect))
        packed = open_source(dialect, str(tmp_path), str(tmp_path / "nowhere"))

        assert isinstance(packed, PackedSource)
        assert folder.dialect == packed.dialect
        assert {fact: sorted(names) for fact, names in folder.facts().items()} == {
            fact: sorted(names) for fact, names in packed.facts().items()
        }
        for kind in KINDS:
            assert list(folder.names(kind)) == list(packed.names(kind))
            for name in folder.names(kind):
                assert folder.document(kind, name) == packed.document(kind, name)


def test_common_documents_are_packed(tmp_path):
    """The codes are there without a checkout."""
    pack(SCHEMAS, tmp_path)

    for name in COMMON_NAMES[1:]:
        assert common_document(name) == common_document(name, str(tmp_path), str(tmp_path / "nowhere"))
    assert read(SCHEMAS / "errors.json") == common_document("errors")


def test_packing_twice_gives_the_same_bytes(tmp_path):
    """The packed form depends on nothing but the schemas."""
    pack(SCHEMAS, tmp_path / "one")
    pack(SCHEMAS, tmp_path / "two")

    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_packing_stands_alone():
    """A build runs the file by its path, before bridge can be imported."""
    packing = runpy.run_path(str(ROOT / "bridge" / "catalogue" / "packing.py"))

    assert callable(packing["pack"])


def test_packing_tool_writes_where_it_is_told(tmp_path):
    """The tool packs into the folder given."""
    command = [sys.executable, str(ROOT / "tools" / "pack_schemas.py"), "--target", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)

    common = {f"common-{name}.json" for name in COMMON_NAMES}
    indexes = {f"{dialect}.json" for dialect in (*DIALECTS, *native_dialects())}
    assert {"documents.data"} | indexes | common == {path.name for path in tmp_path.iterdir()}
    heads = dialect_heads(str(tmp_path), str(tmp_path / "nowhere"))
    assert (*DIALECTS, *native_dialects()) == tuple(sorted(heads, key=lambda name: name in native_dialects()))
