"""The README's table of dialects is that of the schemas."""

from __future__ import annotations

from pathlib import Path

from bridge.catalogue import Catalogue, dialects, load

README = Path(__file__).parents[1] / "README.md"


def _events(catalogue: Catalogue) -> int:
    specs = [catalogue.listener(kind) for kind in catalogue.listener_kinds]
    return sum(len(spec.events) for spec in specs if spec is not None)


def test_every_dialect_has_its_row() -> None:
    """A row tells a dialect's plugin versions, how many methods and events it has, and which are inferred."""
    rows = {line.split("`")[1]: line for line in README.read_text("utf-8").splitlines() if line.startswith("| `")}
    for name in dialects():
        catalogue = load(name)
        cells = [cell.strip() for cell in rows[name].strip("| ").split("|")]

        assert [str(len(catalogue.method_names)), str(_events(catalogue))] == cells[-2:], name
        for covered in catalogue.about["pluginVersions"]:
            first = covered["versions"].split(" ")[0].rstrip(",")
            assert covered["package"] in cells[1], name
            assert first in cells[1], name
            assert covered["sure"] != "inferred" or "inferred" in cells[1] + cells[2], name
