from __future__ import annotations
import importlib, inspect, os, pkgutil
from collections.abc import Iterator
from pathlib import Path
import pytest
from tests.support.native_phone import NativeScripts, overheard

@pytest.fixture
def stage() -> Iterator[NativeScripts]:
    with overheard():
        yield NativeScripts("chat-8.2", "android")

for folder in os.environ.get("N3", "stories").split(","):
    for path in sorted((Path(__file__).parents[2] / folder).glob("test_*.py")):
        module = importlib.import_module(f"tests.{folder}.{path.stem}")
        for name, function in vars(module).items():
            if name.startswith("test_") and inspect.isfunction(function) and function.__module__ == module.__name__ and "stage" in inspect.signature(function).parameters and not hasattr(module, "stage"):
                globals()[f"test_{path.stem[5:]}__{name[5:]}"] = function
