"""What the schemas say of refusals, in every dialect and on every platform: the adapter's code and text, or why it never answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bridge.catalogue.names import snake_case
from bridge.conformance.suite.worlds import every_world
from bridge.dialects import get
from bridge.dialects.channel.adapter import ChannelAdapter
from bridge.dialects.channel.dialect import ChannelDialect
from bridge.dialects.channel.frames import AdapterRefusal, Envelopes
from bridge.errors import ProtocolError

WORLDS = sorted(every_world())


def adapters(name: str, platform: str) -> Iterator[tuple[Mapping[str, Any], ChannelAdapter, str]]:
    """Yield the quirks of every method of a dialect on a platform, the method's adapter there, and what the schemas were read from."""
    dialect = get(name, platform)
    assert isinstance(dialect, ChannelDialect)
    for method in dialect.catalogue.method_names:
        spec = dialect.catalogue.method(method)
        assert spec is not None
        if platform in spec.platforms and spec.reply(platform).form != "notImplemented":
            yield spec.quirks, dialect._plan(method).adapter, dialect.catalogue.about["castsRead"]


@pytest.mark.parametrize(("name", "platform"), WORLDS)
def test_refusals_are_the_schemas(name: str, platform: str) -> None:
    """A refusal has the code and text of the schema; where there is no answer, the reason, the note and the line that shows it."""
    counted = 0
    for quirks, adapter, source in adapters(name, platform):
        for key, said in quirks.get("refusals", {}).items():
            entry = said.get(platform)
            if entry is None:
                adapter.refuse(snake_case(key))
                continue
            counted += 1
            with pytest.raises((AdapterRefusal, ProtocolError)) as caught:
                adapter.refuse(snake_case(key))
            error: Any = caught.value
            if "code" in entry:
                assert (entry["code"], entry["desc"]) == (error.code, error.desc)
            else:
                where = f" ({entry['line']} of the {source})" if "line" in entry else ""
                data = {"reason": entry["reason"], "note": entry["note"] + where, "evidence": "adapter source"}
                message = f"{adapter.method}: the real plugin gives no answer to this call"
                assert (-32001, message, data) == (error.code, error.message, error.data)
    assert counted


@pytest.mark.parametrize(("name", "platform"), WORLDS)
def test_deaths_are_the_schemas(name: str, platform: str) -> None:
    """An adapter that dies of every call says of what, and where."""
    for quirks, adapter, source in adapters(name, platform):
        entry = quirks.get("dies", {}).get(platform)
        if entry is None:
            adapter.survive()
            continue
        with pytest.raises(ProtocolError) as caught:
            adapter.survive()
        data = {"reason": "crash", "note": f"{entry['note']} ({entry['line']} of the {source})", "evidence": "adapter source"}
        assert (-32001, data) == (caught.value.code, caught.value.data)


QUIRKS_OF_READING = ("unused", "fills", "finds_nothing", "mistaken", "as_absent")


@pytest.mark.parametrize("quirk", QUIRKS_OF_READING)
def test_any_quirk_of_reading_alters(quirk: str) -> None:
    """An adapter with one quirk of reading alters arguments, whichever it is; one without any does not."""
    found = [adapter for name, platform in WORLDS for _, adapter, _ in adapters(name, platform)]
    by_quirks = [([one for one in QUIRKS_OF_READING if getattr(adapter, one)], adapter) for adapter in found]
    alone = [adapter for quirks, adapter in by_quirks if quirks == [quirk]]
    assert alone and all(adapter.alters for adapter in alone)
    assert not any(adapter.alters for quirks, adapter in by_quirks if not quirks)


@pytest.mark.parametrize(("name", "platform"), WORLDS)
def test_envelopes_of_refusals(name: str, platform: str) -> None:
    """A refusal without a text has the platform's own for that; one of a method without data has code and text alone, as they are."""
    dialect = get(name, platform)
    assert isinstance(dialect, ChannelDialect)
    said = dialect.catalogue.trait(platform, "envelope") or {}
    envelopes = Envelopes(dialect.catalogue, platform)
    null = {"data": None} if said.get("refusalData") else {}
    assert {"code": 7, "desc": said.get("empty", ""), **null} == envelopes.refusal("envelope", 7, "")
    assert {"code": 7, "desc": "x", "data": 1} == envelopes.refusal("envelope", 7, "x", 1)
    assert {"code": 6014, "desc": "not logged in", **null} == envelopes.refusal("envelope", 6014, None)
    assert {"code": 7, "desc": ""} == envelopes.refusal("void", 7, "", 1)
