"""What the global callbacks say of facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.catalogue.native import CallbackSpec, NativeCatalogue, TellSpec
from bridge.dialects.cjson import news
from bridge.dialects.cjson.encoding import Encoders
from bridge.dialects.cjson.texts import within
from bridge.dialects.dialect import Frame
from bridge.dialects.view import View
from bridge.dialects.writing import Encoder
from bridge.world.kernel.devices import Device
from bridge.world.kernel.facts import Fact

Said = dict[str, Any]


class Callbacks:
    """The callbacks of a dialect, by the facts that they tell of."""

    def __init__(self, catalogue: NativeCatalogue, encoders: Encoders) -> None:
        self._catalogue = catalogue
        self._encoders = encoders
        self._rows: dict[str, tuple[_Row, ...]] = {}

    def tell(self, fact: Fact, device: Device, view: View) -> list[Frame]:
        """Return what a device hears of a fact, in the order of the callbacks' numbers."""
        rows = self._rows.get(fact.kind)
        if rows is None:
            found = self._catalogue.callbacks_for(fact.kind)
            made = (_Row(spec, tell, self._encoders, self._catalogue.heard_as(spec, tell)[0]) for spec, tell in found)
            rows = self._rows[fact.kind] = tuple(made)
        told: list[Frame] = []
        for row in rows:
            if row.spec.name not in device.listeners.get(row.spec.topic, ()):
                told.append(Frame(row.heard, {"callbackType": row.spec.number}, False, False))
                continue
            is_early = fact.before_reply
            told += [Frame(row.heard, said, is_early, True) for said in row.said(fact, view)]
        return told + news.beside(fact, view)


class _Row:
    """How one callback tells one fact, and by which name people know that."""

    __slots__ = ("spec", "heard", "_by", "_keys")

    def __init__(self, spec: CallbackSpec, tell: TellSpec, encoders: Encoders, heard: str) -> None:
        self.spec = spec
        self.heard = heard
        self._by: Callable[[Fact, View], list[Said]] | None = None if tell.by is None else getattr(news, tell.by)
        self._keys: tuple[tuple[str, str, Encoder | None], ...] = tuple(
            (key, field, None if expr is None else encoders.of(expr)) for key, field, expr in tell.keys
        )

    def said(self, fact: Fact, view: View) -> list[Said]:
        """Return the keys of each callback that the fact causes; [] where it causes none here."""
        found = [self._plain(fact, view)] if self._by is None else self._by(fact, view)
        texts = self.spec.texts
        return [
            {"callbackType": self.spec.number}
            | {key: within(value) if key in texts else value for key, value in said.items()}
            for said in found
        ]

    def _plain(self, fact: Fact, view: View) -> Said:
        payload = fact.payload
        said = {}
        for key, field, encode in self._keys:
            value = payload[field]
            value = list(value) if encode is None and isinstance(value, tuple) else value
            said[key] = value if encode is None else encode(value, view)
        return said
