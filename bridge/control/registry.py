"""Which function carries out which control method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from bridge.errors import INVALID_PARAMS, MOST_GUESSES, ProtocolError, UnknownMethod, did_you_mean, nearest

CONTROL = ("bridge.", "rpc.discover")
"""How the names of control methods begin; all others are channel methods."""

NOTIFICATIONS = ("bridge.device.event", "bridge.inspector.changed", "bridge.journal.entries")
"""What clients are told unasked, in the control plane's words."""

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "any": (object,),
}

Function = Callable[..., Any]


class P(NamedTuple):
    """
    A parameter of a control method.

    `type` is a JSON type, "any", or several with "|"; `required` means it must be there and not null; `what` says what it is.
    """

    type: str
    what: str
    required: bool = False


class ControlSpec(NamedTuple):
    """A control method: its name after `bridge.`, parameters, a sentence about it and one about its result."""

    name: str
    function: Function
    params: dict[str, P]
    summary: str
    result: str


_METHODS: dict[str, ControlSpec] = {}


def control(name: str, result: str = "object", /, **params: P) -> Callable[[Function], Function]:
    """
    Let a function carry out `bridge.<name>`.

    It gets the Session and the parameters by name (None when left out), and returns a JSON value, or a `Turn` where
    events or errors of a channel call go with it. It raises ProtocolError for what was asked wrongly.
    """

    def register(function: Function) -> Function:
        summary = (function.__doc__ or "").strip().split("\n")[0]
        _METHODS[name] = ControlSpec(name, function, params, summary, result)
        return function

    return register


def find(name: str) -> ControlSpec:
    """Return the control method of a full name (`bridge.…`). Raises ProtocolError -32601 with the nearest names."""
    short = name.removeprefix("bridge.")
    spec = _METHODS.get(short)
    if spec is None:
        for module in _modules_for(short):
            import_module(module)
            spec = _METHODS.get(short)
            if spec is not None:
                return spec
        near = [f"bridge.{n}" for n in nearest(short, all_specs())]
        raise UnknownMethod(f"there is no method {name!r}{did_you_mean(near)}", {"nearest": near})
    return spec


def full_name(name: str) -> str:
    """Return how clients call the control method of a short name."""
    return name if name.startswith("rpc.") else f"bridge.{name}"


def all_specs() -> dict[str, ControlSpec]:
    """Return every control method by its short name, sorted."""
    for module in _modules():
        import_module(module)
    return dict(sorted(_METHODS.items()))


def check(spec: ControlSpec, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments for a control method's function. Raises ProtocolError -32602 with every violation."""
    violations = []
    for at, key in enumerate([key for key in params if key not in spec.params]):
        hint = did_you_mean(nearest(key, spec.params)) if at < MOST_GUESSES else ""
        violations.append({"path": key, "message": f"is no parameter of bridge.{spec.name}{hint}"})
    args: dict[str, Any] = {}
    for key, wanted in spec.params.items():
        value = params.get(key)
        args[key] = value
        if value is None:
            if wanted.required:
                violations.append({"path": key, "message": "is missing"})
        elif not _fits(value, wanted.type):
            violations.append({"path": key, "message": f"must be {wanted.type.replace('|', ' or ')}"})
    if violations:
        first = violations[0]
        message = f"bridge.{spec.name}: {first['path']} {first['message']}"
        raise ProtocolError(INVALID_PARAMS, message, violations)
    return args


def _fits(value: Any, wanted: str) -> bool:
    for word in wanted.split("|"):
        if word == "any" or (isinstance(value, _TYPES[word]) and (word == "boolean" or not isinstance(value, bool))):
            return True
    return False


def _modules() -> list[str]:
    import pkgutil

    from bridge import control as room

    names = sorted(info.name for info in pkgutil.iter_modules(room.__path__) if info.name not in ("registry", "session", "messages"))
    return [f"bridge.control.{name}" for name in names]


def _modules_for(short: str) -> list[str]:
    """Return all modules, the likeliest first: `clock.now` stands in `clock.py`."""
    stem = short.partition(".")[0]
    return sorted(_modules(), key=lambda name: not name.endswith(f".{stem}"))
