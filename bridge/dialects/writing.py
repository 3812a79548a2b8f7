"""Functions that write maps: where they are found by name, and how what they write is kept."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Generic, TypeVar

from bridge.dialects.memo import Lasting
from bridge.dialects.view import View
from bridge.kept import KeptMap

Encoder = Callable[[Any, View], Any]
Function = TypeVar("Function", bound=Encoder)


class Functions(Generic[Function]):
    """
    The functions of the modules of a package, by what they write. The modules are imported when somebody looks.

    Args:
        package: its dotted name.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._found: dict[str, Function] = {}
        self._is_whole = False

    def add(self, name: str, function: Function) -> None:
        """Let a function write what goes by a name. Raises: ValueError if another one does."""
        if name in self._found:
            raise ValueError(f"two functions write {name}")
        self._found[name] = function

    def find(self, name: str) -> Function | None:
        """Return the function that writes what goes by a name, or None. Modules are imported until it turns up."""
        function = self._found.get(name)
        if function is None and not self._is_whole:
            for module in self._modules():
                import_module(module)
                function = self._found.get(name)
                if function is not None:
                    return function
            self._is_whole = True
        return function

    def names(self) -> list[str]:
        """Return all names, sorted."""
        for module in self._modules():
            import_module(module)
        return sorted(self._found)

    def _modules(self) -> list[str]:
        import pkgutil

        path = import_module(self._package).__path__
        return sorted(f"{self._package}.{info.name}" for info in pkgutil.iter_modules(path))


def kept(name: str, function: Encoder, finish: Callable[[Any], Any], owner: int) -> Encoder:
    """
    Return what writes a map by a function and finishes it, and keeps it where it lasts.

    Args:
        owner: an id of whoever finishes it so: two of them never share what was kept.
    """

    def encode(value: Any, view: View) -> Any:
        if value is None:
            return None
        wire = function(value, view)
        if wire.__class__ is not Lasting:
            return None if wire is None else finish(wire)
        place = (name, wire.key, None if wire.is_anybodys else view.user_id, owner)
        known = view.memo.recall(place, wire.made_of)
        if known is not None:
            return known
        found = KeptMap(finish(wire.write()))
        view.memo.keep(place, wire.made_of, found)
        return found

    return encode
