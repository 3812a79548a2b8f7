"""Rows of tables never change, although nothing but the type checker keeps them from it."""

from __future__ import annotations

import ast
from pathlib import Path

import attrs
import pytest

from bridge.world.kernel import store
from tests.world.test_tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
NOT_ROWS = {"self", "world", "live", "past.log"}
"""What code of the world sets attributes of."""


@pytest.mark.parametrize("spec", [one[0] for one in TABLES], ids=lambda spec: spec.name)
def test_rows_are_plain_and_small(spec: store.TableSpec[object]) -> None:
    """A row is an attrs class with slots alone that compares by its values."""
    row_type = spec.row_type
    assert attrs.has(row_type)
    assert "__setattr__" not in vars(row_type)
    assert "__eq__" in vars(row_type)
    assert (0, 0) == (row_type.__dictoffset__, row_type.__weakrefoffset__)


def test_no_code_changes_a_row() -> None:
    """In the world and in handlers, attributes are set of nothing that could be a row."""
    set_of: set[str] = set()
    for folder in ("world", "handlers"):
        for path in (ROOT / "bridge" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
                    set_of.add(ast.unparse(node.value))
    assert NOT_ROWS == set_of
