"""
The catalogue: what the schemas say, as frozen specs.

Theory of operation. `schemas/` is the single source of the protocol: a JSON file per method, event, map and model of
each dialect. `load(name)` opens a dialect by its names alone; a file is read, and compiled into a spec, when it
is first asked for (`load.py`, `compiling.py`). The documents come from the packed files of an installation or from
the folder of a checkout (`sources.py`, `packing.py`); a dialect with a base has files only for what differs
(`overlays.py`), and all others here see it whole. Nothing here checks a schema against its meta-schema: tests and
tools do, once.

* `Catalogue.method(name).bind(params)` checks a call's arguments and names them for Python (`bind.py`). What the plugin
  would not send costs more (`careful.py`), a refusal most, for then `explain.py` asks jsonschema for all that is wrong.
* `TypeExpr` (`types.py`) says what a reply, an event or a key of a map looks like; dialects encode by it,
  `examples.py` makes the emptiest value of it. Tests compare finished values with it, and with what the client's Dart
  classes digest (`tests/support/checks.py`).

Rules of the room: it imports nothing of the project but `errors`; specs are frozen and safe to share; wire names are
data here, never code. Attrs classes cost start-up time, so small rows are named tuples.
"""

from bridge.catalogue.load import (
    Catalogue,
    default_dialect,
    dialects,
    dialects_with,
    error_codes,
    heads,
    load,
    native_dialects,
    platforms,
)
from bridge.catalogue.specs import (
    EventKey,
    EventSpec,
    InvalidArguments,
    ListenerSpec,
    MapKey,
    MapSpec,
    MethodSpec,
    ModelSpec,
    Param,
    ReplySpec,
)
from bridge.catalogue.types import TypeExpr

__all__ = [
    "Catalogue",
    "EventKey",
    "EventSpec",
    "InvalidArguments",
    "ListenerSpec",
    "MapKey",
    "MapSpec",
    "MethodSpec",
    "ModelSpec",
    "Param",
    "ReplySpec",
    "TypeExpr",
    "default_dialect",
    "dialects",
    "dialects_with",
    "error_codes",
    "heads",
    "load",
    "native_dialects",
    "platforms",
]
