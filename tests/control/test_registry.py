"""The control methods as a whole: their names, their parameters, the page about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.control import registry
from bridge.errors import ProtocolError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "control.md"
NAME = re.compile(r"(?:bridge|rpc)\.[a-z]+(?:\.[a-zA-Z]+)?")


def test_page_has_every_method() -> None:
    """And no method that there is not."""
    named = {name for text in re.findall(r"`[^`]+`", PAGE.read_text(encoding="utf-8")) for name in NAME.findall(text)}
    assert {registry.full_name(name) for name in registry.all_specs()} == named - set(registry.NOTIFICATIONS)


def test_page_has_every_parameter() -> None:
    """Of those methods whose parameters it lists."""
    specs = registry.all_specs()
    listed = re.findall(r"`(bridge\.[a-zA-Z.]+)` `\{([^`]*)\}`", PAGE.read_text(encoding="utf-8"))
    assert len(listed) > 20
    for name, params in listed:
        if name not in ("bridge.journal.expect", "bridge.service.officialAccountChanged"):
            words = [word.strip("? \\") for word in re.split(r"[,|]", params)]
            assert set(specs[name.removeprefix("bridge.")].params) == set(words), name


def test_methods_say_what_they_do() -> None:
    """In one sentence, and in a word or two for each parameter."""
    for name, spec in registry.all_specs().items():
        assert spec.summary.endswith(".") and "\n" not in spec.summary, name
        assert all(param.what for param in spec.params.values()), name
        assert callable(spec.function)


@pytest.mark.parametrize("name", ["bridge.clock.nowe", "bridge.clok.now", "bridge.", "bridge.now", "rpc.discovery"])
def test_unknown_names(name: str) -> None:
    """-32601 with the nearest names there are."""
    with pytest.raises(ProtocolError) as caught:
        registry.find(name)
    assert -32601 == caught.value.code
    assert all(known.startswith(("bridge.", "rpc.")) for known in caught.value.data["nearest"])


def test_dart_package_asks_for_what_there_is() -> None:
    """Every name that the Dart package knows is one of the server's."""
    source = ROOT / "tools" / "flutter" / "timbridge_test" / "lib" / "src" / "rpc.dart"
    named = set(re.findall(r"'(bridge\.[a-zA-Z.]+)'", source.read_text(encoding="utf-8")))
    assert len(named) > 20
    assert named <= {registry.full_name(name) for name in registry.all_specs()}
