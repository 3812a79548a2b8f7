"""Which function answers which method."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bridge.catalogue import MethodSpec
from bridge.catalogue.names import snake_case
from bridge.errors import UNANSWERED, ChatError, ProtocolError
from bridge.world import devices
from bridge.world.devices import Device
from bridge.world.world import World

Handler = Callable[..., Any]

_HANDLERS: dict[str, Handler] = {}


class Refusal:
    """A refusal that keeps what the call did: its code and text, and the data that go with it."""

    __slots__ = ("code", "desc", "data")

    def __init__(self, code: int, desc: str | None = None, data: Any = None) -> None:
        self.code = code
        self.desc = desc
        self.data = data


class Verbatim:
    """Data that goes into the reply as they are, past the type of the schema."""

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data


class Caller:
    """
    The device that calls.

    Attributes:
        world: what it calls.
        device_id: which device.
        user: whose data the call works on; "" if the method needs no login and there is none.
        spec: the method.
    """

    __slots__ = ("world", "device_id", "user", "spec")

    def __init__(self, world: World, device_id: str, user: str, spec: MethodSpec) -> None:
        self.world = world
        self.device_id = device_id
        self.user = user
        self.spec = spec

    @property
    def device(self) -> Device:
        """Return the device as it is now."""
        return devices.get(self.world, self.device_id)

    def refuse(self, name: str) -> None:
        """
        Refuse where the platform's adapter itself refuses or never answers; go on where it does not.

        The method's schema has it under `quirks.refusals`, by name and platform: a code and text, or why there is no answer.

        Raises: ChatError or ProtocolError -32001, unless the platform has no such refusal.
        """
        entry = self.spec.quirks.get("refusals", {}).get(name, {}).get(self.device.platform)
        if entry is None:
            return
        if "code" in entry:
            raise ChatError(entry["code"], entry["desc"])
        raise unanswered(self.spec.name, entry["reason"], entry["note"])

    def answer(self, name: str) -> Verbatim | None:
        """Return the text that the adapter answers, with code 0, where others refuse (`quirks.answers`), or None."""
        text = self.spec.quirks.get("answers", {}).get(name, {}).get(self.device.platform)
        return None if text is None else Verbatim(text)

    def read(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        """Return of a map argument what the platform's adapter reads (the schema's `quirks.androidNestedReads`); `key` is the wire key."""
        read = self.spec.quirks.get(f"{self.device.platform}NestedReads", {}).get(key)
        if read is None:
            return value
        names = {snake_case(name) for name in read}
        return {name: item for name, item in value.items() if name in names}

    def filled(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments with what the platform's adapter makes of null (the schema's `quirks.fills`)."""
        fills = self.spec.quirks.get("fills", {}).get(self.device.platform, {})
        filled = {name: value for key, value in fills.items() if given.get(name := snake_case(key), 0) is None}
        return {**given, **filled}

    @property
    def does_nothing(self) -> bool:
        """Return whether the platform's adapter answers success and passes nothing on (the schema's `quirks.doesNothing`)."""
        return self.device.platform in self.spec.quirks.get("doesNothing", ())

    def uses(self, key: str) -> bool:
        """Return whether the platform's adapter makes anything of an argument (the schema's `quirks.unusedBy`)."""
        return key not in self.spec.quirks.get("unusedBy", {}).get(self.device.platform, ())

    @property
    def reply_text(self) -> str | None:
        """Return the constant text that the platform answers with, or None."""
        return self.spec.reply(self.device.platform).text


def unanswered(name: str, reason: str, note: str, evidence: str = "adapter source") -> ProtocolError:
    """Return the error for a call that the real adapter never answers ("unanswered") or dies of ("crash")."""
    data = {"reason": reason, "note": note, "evidence": evidence}
    return ProtocolError(UNANSWERED, f"{name}: the real plugin gives no answer to this call", data)


def method(name: str, *more: str) -> Callable[[Handler], Handler]:
    """Let a function answer the method of that name (and others that do the very same)."""

    def register(function: Handler) -> Handler:
        for one in (name, *more):
            if one in _HANDLERS:
                raise ValueError(f"two functions answer {one}")
            _HANDLERS[one] = function
        return function

    return register


def find(spec: MethodSpec) -> Handler | None:
    """Return the handler of a method, or None. The modules of its manager are imported on the way."""
    function = _HANDLERS.get(spec.name)
    if function is None:
        for module in _modules(spec.manager.removesuffix("Manager")):
            import_module(module)
            function = _HANDLERS.get(spec.name)
            if function is not None:
                break
    return function


def all_names() -> dict[str, Handler]:
    """Return every handler by method name, sorted."""
    for module in _modules(""):
        import_module(module)
    return dict(sorted(_HANDLERS.items()))


def _modules(prefix: str) -> list[str]:
    """Return the modules of this room whose name begins with `prefix`, the manager's own first."""
    from bridge import handlers

    stem = "".join(f"_{c.lower()}" if c.isupper() else c for c in prefix)
    names = sorted(info.name for info in pkgutil.iter_modules(handlers.__path__) if info.name != "registry")
    return [f"bridge.handlers.{n}" for n in names if n == stem or n.startswith(f"{stem}_") or n == "listeners" or not stem]
