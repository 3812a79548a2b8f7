"""What readers ask of any adapter, the native library's has, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.catalogue import load
from bridge.catalogue.native import NativeCatalogue
from bridge.dialects.channel import reading
from bridge.dialects.cjson.adapter import NativeAdapter
from bridge.dialects.cjson.arguments import Arguments
from bridge.world.kernel.clients import Client

FOLDER = Path(reading.__file__).parent


def asked() -> Iterator[str]:
    """Yield what the channel's readers ask of an adapter: they may read for the native library as well."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "adapter":
                yield node.attr


@pytest.mark.parametrize("name", sorted(set(asked())))
def test_readers_find_what_they_ask(name: str) -> None:
    """No call of a native app ends in an attribute that only the channel's adapters have."""
    catalogue = load("native-8.9")
    assert isinstance(catalogue, NativeCatalogue)
    assert hasattr(NativeAdapter("DartLogin", Client(), Arguments(catalogue)), name)
