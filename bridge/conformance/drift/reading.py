"""
Read all that an installed plugin says.
"""

from __future__ import annotations

from collections.abc import Iterator

from bridge.conformance.drift import dart, ffi, java, swift
from bridge.conformance.drift.dart import Source
from bridge.conformance.drift.facts import Adapter, Call, Said
from bridge.conformance.drift.packages import Package
from bridge.conformance.drift.trees import literal, of_type, parse
from bridge.errors import BridgeError


def read(package: Package) -> Said:
    """
    Return what a plugin says.

    Raises:
        BridgeError: nothing in it calls a chat's native side.
    """
    sources = [Source(parse(path), name) for path, name in package.dart()]
    functions = ffi.functions(sources)
    calls: dict[str, list[Call]] = {}
    for call in dart.calls(sources):
        calls.setdefault(call.name, []).append(call)
    adapters = {one.platform: one for one in _adapters(package)}
    if not functions and not calls and not adapters:
        raise BridgeError("calls neither a channel nor a native library", file=str(package.folder))
    native = bool(functions)
    return Said(
        package.name,
        package.version,
        None if native else _channel(sources),
        {} if native else calls,
        dart.models(sources),
        {} if native else dart.events(sources),
        {} if native else adapters,
        functions,
        ffi.callbacks(sources) if native else {},
        ffi.keys(sources) if native else {},
        ffi.texts(sources) if native else frozenset(),
        list(_unread(package, sources, native, adapters)),
    )


def _channel(sources: list[Source]) -> str | None:
    """Return the name of the channel that Dart opens."""
    for source in sources:
        for one in of_type(source.root, "arguments"):
            if dart.callee(one) in ("MethodChannel",) and dart.given(one):
                name = literal(dart.only(dart.given(one)[0]))
                if name is not None:
                    return name
    return None


def _adapters(package: Package) -> Iterator[Adapter]:
    for part, suffix, read_adapter in (("android", ".java", java.adapter), ("ios", ".swift", swift.adapter)):
        found = read_adapter([Source(parse(path), name) for path, name in package.sources(part, suffix)])
        if found is not None:
            yield found


def _unread(package: Package, sources: list[Source], native: bool, adapters: dict[str, Adapter]) -> Iterator[str]:
    if package.needs_interface and package.interface is None:
        yield "its platform interface, which has the channel's calls and the models, is not beside it: name its folder with --interface"
    if not native:
        yield from (f"{where}: a call whose name is made at run time" for where in dart.unreadable(sources))
        yield from (f"no {platform} adapter was found" for platform in ("android", "ios") if platform not in adapters)
    for part, suffix in (("android", ".kt"), ("ios", ".m"), ("macos", ".swift"), ("windows", ".cpp")):
        count = 0 if native else sum(1 for _ in package.sources(part, suffix))
        if count:
            yield f"{part}: {count} files {suffix} are not read"
