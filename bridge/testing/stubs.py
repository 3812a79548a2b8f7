"""
A dialect as typed Python: a class with a method per channel call, and a dict type per map and model.

    bridge_calls.py, written by `timbridge stubs`:   Calls(device).createConversationGroup(groupName="work", conversationIDList=[…])
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from bridge.catalogue import MapSpec, MethodSpec, ModelSpec, Param, load
from bridge.catalogue.types import TypeExpr

PLAIN = {
    "any": "Any",
    "null": "None",
    "string": "str",
    "int": "int",
    "double": "float",
    "bool": "bool",
    "bytes": "bytes",
}

HEAD = '''"""The channel calls of {dialect} on {platform}, with types. Written by `timbridge stubs`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, NotRequired, TypedDict

from {module} import {device}, {user}


class _LeftOut:
    """What stands in the place of an argument that is not sent."""


LEFT_OUT: Any = _LeftOut()
'''

CLASS = '''

class Calls:
    """
    The channel calls of a device or of another user, by keyword: as its `call`, they answer the data of a success.

    All raise Refused if the service refuses, RpcError for a call that no correct plugin makes, and Unanswered.
    """

    def __init__(self, of: {device} | {user}) -> None:
        self._of = of

    {async_}def _call(self, method: str, **arguments: Any) -> Any:
        sent = {{key: value for key, value in arguments.items() if value is not LEFT_OUT}}
        return {await_}self._of.call(method, **sent)
'''

NEEDS = {
    "nothing": "any time",
    "init": "after initSDK",
    "login": "after a login",
    "cache": "after a login that ran or failed",
}


def module(dialect: str, platform: str, is_async: bool = False) -> str:
    """
    Return the source of a Python module with the typed calls of a dialect on a platform.

    Args:
        is_async: of the asyncio client, to be awaited.

    Raises: BridgeError for an unknown dialect.
    """
    return _Writer(dialect, platform, is_async).written()


class _Writer:
    """Writes a module; remembers which maps and models its methods speak of."""

    def __init__(self, dialect: str, platform: str, is_async: bool) -> None:
        self._catalogue = load(dialect)
        self._platform = platform
        self._words = {
            "dialect": dialect,
            "platform": platform,
            "module": "bridge.testing.aio" if is_async else "bridge.testing",
            "device": "AsyncDevice" if is_async else "Device",
            "user": "AsyncUser" if is_async else "User",
            "async_": "async " if is_async else "",
            "await_": "await " if is_async else "",
        }
        self._asked: list[tuple[str, str]] = []

    def written(self) -> str:
        """Return the module: its head, its types, its calls."""
        specs = [spec for name in self._catalogue.method_names if (spec := self._catalogue.method(name)) is not None]
        calls = [self._method(spec) for spec in sorted(specs, key=lambda spec: spec.name) if self._platform in spec.platforms]
        types: dict[str, str] = {}
        for kind, name in self._asked:  # grows while it is read
            if _identifier(name) not in types:
                found = self._map(self._catalogue.map(name)) if kind == "map" else self._model(self._catalogue.model(name))
                types[_identifier(name)] = found
        parts = (HEAD.format(**self._words), *(text for _, text in sorted(types.items())), CLASS.format(**self._words), *calls)
        return "".join(parts)

    # --- calls

    def _method(self, spec: MethodSpec) -> str:
        reply = spec.reply(self._platform)
        answers = "None"
        if reply.unanswered or reply.form in ("none", "notImplemented"):
            answers = "NoReturn"
        elif reply.form != "void" and reply.type is not None:
            answers = self._type(reply.type)
        params = sorted(spec.params, key=lambda param: not param.required)
        signature = ", ".join(("self", *(("*",) if params else ()), *map(self._param, params)))
        sent = "".join(f", {param.key}={param.key}" for param in params)
        call = f'{self._words["await_"]}self._call("{spec.name}"{sent})'
        lines = [
            "",
            f"    {self._words['async_']}def {spec.name}({signature}) -> {answers}:",
            f'        """{spec.manager}, {NEEDS[spec.needs]}. See `timbridge explain {spec.name}`."""',
        ]
        if answers == "None":
            lines.append(f"        {call}")
        elif answers == "NoReturn":
            lines += [f"        {call}", '        raise AssertionError("the platform never answers this")']
        else:
            lines += [f"        answer: {answers} = {call}", "        return answer"]
        return "\n".join(lines) + "\n"

    def _param(self, param: Param) -> str:
        assert param.key.isidentifier() and not keyword.iskeyword(param.key), param.key
        written = self._type(param.type, taken=True)
        if not param.required and not param.type.nullable:
            written += " | None"
        return f"{param.key}: {written}" if param.required else f"{param.key}: {written} = LEFT_OUT"

    # --- types

    def _type(self, expr: TypeExpr, taken: bool = False) -> str:
        """Return how a type is written; one of an argument takes any sequence and mapping."""
        written = self._plain(expr, taken)
        return f"{written} | None" if expr.nullable and written not in ("Any", "None") else written

    def _plain(self, expr: TypeExpr, taken: bool) -> str:
        if expr.kind in PLAIN:
            return PLAIN[expr.kind]
        if expr.kind in ("map", "model"):
            self._asked.append((expr.kind, expr.item))
            return _identifier(expr.item)
        if expr.kind == "union":
            return " | ".join(dict.fromkeys(self._type(part, taken) for part in expr.item))
        if expr.kind == "list":
            return f"{'Sequence' if taken else 'list'}[{self._type(expr.item, taken)}]"
        held = "Any" if expr.kind == "record" else self._type(expr.item, taken)
        return f"{'Mapping' if taken else 'dict'}[str, {held}]"

    def _map(self, spec: MapSpec) -> str:
        rows = ((key.key, self._type(key.type), key.conditional is not None or key.on_request) for key in spec.keys(self._platform))
        more = " It holds keys of its element's map as well." if spec.open else ""
        return _typed_dict(spec.name, f"The map {spec.name} as the platform gives it.{more}", rows)

    def _model(self, spec: ModelSpec) -> str:
        rows = ((one.sent, self._type(one.type, taken=True), True) for one in spec.fields if one.sent is not None)
        return _typed_dict(spec.name, f"The Dart class {spec.name} as its toJson writes it.", rows)


def _typed_dict(name: str, says: str, rows: Iterator[tuple[str, str, bool]]) -> str:
    fields = list(rows)
    if any(not key.isidentifier() or keyword.iskeyword(key) for key, _, _ in fields):
        inner = "".join(f"\n        {key!r}: {_field(written, optional)!r}," for key, written, optional in fields)
        return f'\n\n{_identifier(name)} = TypedDict(\n    "{_identifier(name)}",\n    {{{inner}\n    }},\n)\n"""{says}"""\n'
    lines = "".join(f"    {key}: {_field(written, optional)}\n" for key, written, optional in fields)
    return f'\n\nclass {_identifier(name)}(TypedDict):\n    """{says}"""\n\n{lines}'


def _field(written: str, optional: bool) -> str:
    return f"NotRequired[{written}]" if optional else written


def _identifier(name: str) -> str:
    """Return the name of a map or model as a Python class has it: `V2TIMUserInfo_sender` of V2TIMUserInfo(sender)."""
    return re.sub(r"\W+", "_", name).strip("_")
