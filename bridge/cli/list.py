"""`timbridge list`: the names of what there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.catalogue.load import error_codes
from bridge.catalogue.native import NativeCatalogue
from bridge.cli.options import Option, UsageError, Verb
from bridge.errors import did_you_mean, nearest

Row = tuple[str, str]


def _methods(dialect: str) -> Iterator[Row]:
    catalogue = load(dialect)
    for name in sorted(catalogue.method_names):
        spec = catalogue.method(name)
        assert spec is not None
        only = "" if set(spec.platforms) == set(catalogue.platforms) else f"; {' and '.join(spec.platforms)} alone"
        yield name, f"{spec.manager}{only}"


def _events(dialect: str) -> Iterator[Row]:
    catalogue = load(dialect)
    heard: dict[str, list[str]] = {}
    for kind in catalogue.listener_kinds:
        listener = catalogue.listener(kind)
        for name in () if listener is None else listener.events:
            heard.setdefault(name, []).append(kind)
    for name, kinds in sorted(heard.items()):
        yield name, ", ".join(kinds)


def _models(dialect: str) -> Iterator[Row]:
    for name in sorted(load(dialect).model_names):
        yield name, ", ".join(field.key for field in load(dialect).model(name).fields)


def _maps(dialect: str) -> Iterator[Row]:
    catalogue = load(dialect)
    for name in sorted(catalogue.map_names):
        yield name, ", ".join(dict.fromkeys(key.key for platform in catalogue.platforms for key in catalogue.map(name).keys(platform)))


def _enums(dialect: str) -> Iterator[Row]:
    for name, said in sorted(load(dialect).enums().items()):
        yield name, ", ".join(f"{key} {value}" for key, value in said["values"].items())


def _functions(dialect: str) -> Iterator[Row]:
    catalogue = _native(dialect)
    for name in catalogue.function_names:
        spec = catalogue.function(name)
        assert spec is not None
        yield name, f"{spec.manager}; {', '.join(spec.dart_methods) or 'no Dart code'}"


def _callbacks(dialect: str) -> Iterator[Row]:
    catalogue = _native(dialect)
    for name in catalogue.callback_names:
        spec = catalogue.callback(name)
        yield name, ", ".join(spec.heard_by) or f"callbackType {spec.number}"


def _native(dialect: str) -> NativeCatalogue:
    catalogue = load(dialect)
    assert isinstance(catalogue, NativeCatalogue)
    return catalogue


def _codes(dialect: str) -> Iterator[Row]:
    for row in sorted(error_codes(), key=lambda row: (isinstance(row["code"], str), row["code"])):
        yield str(row["code"]), f"{row['name']}: {row['meaning']}" if row.get("name") else str(row["meaning"])


def _switches(dialect: str) -> Iterator[Row]:
    from bridge.world.kernel.switches import SWITCHES

    for name, switch in sorted(SWITCHES.items()):
        yield name, f"{switch.type}, {json.dumps(switch.default)}: {switch.what}"


def _worlds(dialect: str) -> Iterator[Row]:
    from bridge.world_files import fixture, shipped

    for name in shipped():
        document = fixture(name)
        yield name, ", ".join(f"{len(document.get(part, ()))} {part}" for part in ("users", "groups", "messages"))


def _dialects(dialect: str) -> Iterator[Row]:
    for name in (*dialects(), *native_dialects()):
        catalogue = load(name)
        yield name, f"plugin {catalogue.plugin_version}, native {catalogue.native_version}, {' '.join(catalogue.platforms)}"


def _control(dialect: str) -> Iterator[Row]:
    from bridge.control import registry

    for name, spec in registry.all_specs().items():
        yield registry.full_name(name), spec.summary


KINDS: dict[str, Callable[[str], Iterator[Row]]] = {
    "methods": _methods,
    "events": _events,
    "models": _models,
    "maps": _maps,
    "enums": _enums,
    "codes": _codes,
    "switches": _switches,
    "worlds": _worlds,
    "dialects": _dialects,
    "control": _control,
    "functions": _functions,
    "callbacks": _callbacks,
}

OF_NATIVE = ("functions", "callbacks")
"""What dialects without a channel have in place of methods, events, models, maps and enumerations."""

OF_CHANNEL = ("methods", "events", "models", "maps", "enums")

VERB = Verb(
    "list",
    "Prints the names of what there is, one a line, with a word on each: channel methods, events, Dart models, maps of the adapters,\n"
    "enumerations, error codes, switches of the console, shipped worlds, dialects, the calls of the control plane, or functions and\n"
    "callbacks of the native library. `timbridge explain NAME` tells more about each but worlds and dialects.",
    (
        Option(
            "--dialect",
            "Which generation of the plugin; the default one if not given.",
            "NAME",
            None,
            (*dialects(), *native_dialects()),
        ),
        Option("--names", "Print the names alone."),
        Option("--json", "Print one JSON object, names and words, for machines."),
    ),
    "|".join(KINDS),
    1,
    1,
    examples=("timbridge list events --dialect im-6.1", "timbridge list codes | grep -i group"),
)


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Print the names."""
    from bridge.catalogue import default_dialect

    kind = KINDS.get(arguments[0])
    if kind is None:
        raise UsageError(f"list knows no {arguments[0]!r}{did_you_mean(nearest(arguments[0], KINDS), f'it has {chr(44).join(KINDS)}')}")
    native = arguments[0] in OF_NATIVE
    asked = options["dialect"] or (native_dialects()[0] if native else default_dialect())
    if (native and asked in dialects()) or (arguments[0] in OF_CHANNEL and asked in native_dialects()):
        raise UsageError(f"{asked} has no {arguments[0]}: it has {', '.join(OF_CHANNEL if native else OF_NATIVE)}")
    rows = list(kind(asked))
    if options["json"]:
        print(json.dumps(dict(rows), ensure_ascii=False))
        return 0
    width = max(len(name) for name, _ in rows)
    for name, what in rows:
        print(name if options["names"] else f"{name.ljust(width)}  {what}".rstrip())
    return 0
