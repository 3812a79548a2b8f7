"""
The sanitizer: what the service tolerates and apps regret, seen from the channel.

Theory of operation. It is a tap on an emulator and reads what the journal has got since it last looked: calls, replies, events, and events
that nobody heard. Of each device it remembers what its rules need. What a rule finds goes into the journal as a warning that begins with
`sanitizer NAME:` and names the call and the mend; each is said once per device, method and start of the app. Texts, limits and where
the rules come from are data (`schemas/misuse.json`).

An app of the native library is held to the same rules: what it calls and hears is looked at as a channel would have it (`as_on_a_channel`).
Who listens, and what it makes before it sends, is between Dart and the app there; of that only a callback that nobody has asked for shows.

Without it there is no tap, and nothing is done. The engine knows nothing of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bridge.catalogue import Catalogue, load
from bridge.catalogue.native import NativeCatalogue
from bridge.catalogue.sources import common_document
from bridge.engine.journal import Entry, Journal

if TYPE_CHECKING:
    from bridge.world.kernel.devices import Device

PREFIX = "sanitizer "
"""How the text of each of its warnings begins."""

LIFE = ("initSDK", "unInitSDK", "login", "logout")
UNASKED = ("getLoginStatus", "getServerTime", "getVersion")
"""Questions whose answers no event tells."""

START = (None, "", 0, "0")
"""Where the first page begins."""

COUNTED = ("user_data", "given_id")
"""Arguments of the library that are others in each call."""

Rule = Mapping[str, Any]
Found = Iterator[tuple[str, dict[str, Any]]]


class Seen:
    """
    What is remembered of one device: of its app since it has started.

    Attributes:
        native: the library's catalogue, of an app that has no channel; `catalogue` is then that of the dialect whose rules hold.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.native = catalogue if isinstance(catalogue, NativeCatalogue) else None
        self.catalogue = catalogue if self.native is None else load(self.native.behaves_as)
        self.listeners: dict[str, list[str]] = {}  # by the call that adds: what was added and not removed
        self.read: dict[str, str] = {}  # by kind of listener: the call that last showed what its events change
        self.finished: tuple[str, str] | None = None  # the call that would go on behind a last page, if it comes at once
        self.failed: tuple[str, str, Any, int] = ("", "", None, 0)  # method, arguments, code, how often running
        self.creation: tuple[str, Any] | None = None  # a creation that failed last, and its code
        self.asked: dict[str, tuple[str, str, int, int, int]] = {}  # by method: arguments, answer, when, how often, how long between
        self.synced = True
        self.said: set[tuple[str, str]] = set()

    def listens(self, kind: str) -> bool:
        """Return whether there is a listener of a kind."""
        spec = self.catalogue.listener(kind)
        return spec is not None and any(self.listeners.get(name) for name in spec.register)


class Sanitizer:
    """
    Watches one emulator.

    Args:
        journal: where it looks, and where its warnings go.
        device: returns an open device by its id.
    """

    def __init__(self, journal: Journal, device: Callable[[str], Device]) -> None:
        self._journal = journal
        self._device = device
        self._rules: Mapping[str, Rule] = common_document("misuse")["rules"]
        self._seen: dict[str, Seen] = {}
        self._calls: dict[int, Entry] = {}
        self._last = journal.last

    def look(self, *_: Any) -> None:
        """Take in what the journal has got since, and warn. The handler of every tap."""
        found = []
        for entry in self._journal.newest(self._last):
            found += [(entry, *one) for one in self._entry(entry)]
        for entry, name, words in found:
            self._warn(entry, name, words)
        self._last = self._journal.last

    def _warn(self, entry: Entry, name: str, words: dict[str, Any]) -> None:
        rule, seen = self._rules[name], self._seen[entry.device]
        method = words.get("method", entry.method)
        if (name, method) in seen.said:
            return
        seen.said.add((name, method))
        filled = {"method": method, **words}
        text = f"{PREFIX}{name}: {rule['warns'].format(**filled)}; {rule['mend'].format(**filled)} ({rule['kind']}: {rule['source']})"
        self._journal.add(entry.ms, entry.device, "warning", method, "text", text, entry.cause or entry.seq)

    def _entry(self, entry: Entry) -> Found:
        if not entry.device or entry.kind not in ("call", "reply", "event", "dropped"):
            return
        seen = self._seen.get(entry.device)
        if seen is None or (entry.kind == "call" and entry.method == "initSDK"):
            device = self._device(entry.device)
            if device.hidden:
                return
            seen = self._seen[entry.device] = Seen(load(device.dialect))
        if seen.native is not None:
            entry = as_on_a_channel(entry, seen.native, seen.catalogue)
        if entry.kind == "call":
            self._calls = {entry.seq: entry}
            yield from self._call(entry, seen)
        elif entry.kind == "reply" and entry.cause in self._calls:
            yield from self._reply(self._calls.pop(entry.cause), entry, seen)
        elif entry.kind in ("event", "dropped"):
            yield from self._told(entry, seen)

    def _listens(self, device_id: str, seen: Seen, kind: str) -> bool:
        """Return whether there is a listener of a kind, or with the library a callback that tells one of its events."""
        if seen.native is None:
            return seen.listens(kind)
        asked = (seen.native.callback(name) for names in self._device(device_id).listeners.values() for name in names)
        return any(seen.catalogue.event(kind, event) is not None for callback in asked for event in callback.heard_by)

    # --- rules

    def _call(self, call: Entry, seen: Seen) -> Found:
        method, said = call.method, call.value if isinstance(call.value, Mapping) else {}
        use = self._rules["deprecated"]["uses"].get(method)
        if use is not None and all(seen.catalogue.method(name) is not None for name in re.findall(r"\b[a-z]+[A-Z]\w+", use)):
            yield "deprecated", {"use": use}
        yield from self._listener(method, said, seen)
        if seen.finished == (method, _text(said)):
            yield "pastTheEnd", {}
        seen.finished = None
        early = self._rules["beforeSync"]["methods"]
        if method in early and not seen.synced and not self._listens(call.device, seen, "conversationListener"):
            yield "beforeSync", {}
        if method in self._rules["failedCreation"]["methods"] and not said.get("id") and seen.creation is not None:
            yield "failedCreation", {"create": seen.creation[0], "code": seen.creation[1]}

    def _listener(self, method: str, said: Mapping[str, Any], seen: Seen) -> Found:
        for kind in seen.catalogue.listener_kinds:
            spec = seen.catalogue.listener(kind)
            if spec is None or kind == "initSDKListener":
                continue
            uuid = said.get("listenerUuid") or ""
            if method in spec.register and method.startswith("add"):
                there = seen.listeners.setdefault(method, [])
                if uuid and uuid in there:
                    yield "twiceListener", {"uuid": uuid}
                there.append(uuid)
                if len(there) >= self._rules["leakedListener"]["times"]:
                    yield "leakedListener", {"count": len(there), "remove": spec.unregister[0]}
            elif method in spec.register:
                seen.listeners[method] = [uuid]
            elif method in spec.unregister:
                for name in spec.register:
                    seen.listeners[name] = [one for one in seen.listeners.get(name, ()) if uuid and one != uuid]

    def _reply(self, call: Entry, reply: Entry, seen: Seen) -> Found:
        answer = reply.value if isinstance(reply.value, Mapping) else {}
        method, code = call.method, answer.get("code", 0)
        arguments = _text(call.value)
        for name in ("early", "loggedOut"):
            if code in self._rules[name]["codes"] and method not in LIFE:
                yield name, {"method": method}
        again = seen.failed[:3] == (method, arguments, code)
        seen.failed = (method, arguments, code, seen.failed[3] + 1 if again else 1) if code else ("", "", None, 0)
        if seen.failed[3] >= self._rules["ignoredCode"]["times"]:
            yield "ignoredCode", {"method": method, "code": code, "count": seen.failed[3]}
        if method.startswith("create") and method.endswith("Message"):
            seen.creation = (method, code) if code else None
        if method == "login" and not code:
            seen.synced = False
        self._page(call, answer, seen)
        if method.startswith("get") and method not in UNASKED and not code:
            yield from self._asked(call, arguments, _text(answer), seen)
        elif not method.startswith(("get", "add", "check")):
            seen.asked.clear()

    def _page(self, call: Entry, answer: Mapping[str, Any], seen: Seen) -> None:
        """Note a page: the last one of several, and that the app now shows what events would change."""
        data, said = answer.get("data"), call.value if isinstance(call.value, Mapping) else {}
        began = said.get("nextSeq")
        if isinstance(data, Mapping) and data.get("isFinished") is True and began not in START:
            following = data.get("nextSeq")
            if isinstance(following, (int, str)):
                seen.finished = call.method, _text({**said, "nextSeq": int(following) if isinstance(began, int) else str(following)})
        for kind, methods in self._rules["unheard"]["reads"].items():
            if call.method in methods and not answer.get("code", 0):
                seen.read[kind] = call.method

    def _asked(self, call: Entry, arguments: str, answer: str, seen: Seen) -> Found:
        rule = self._rules["polling"]
        before = seen.asked.get(call.method)
        count, between = 1, 0
        if before is not None and before[:2] == (arguments, answer):
            between = call.ms - before[2]
            count = before[3] + 1 if rule["least"] <= between <= rule["most"] else 1
        seen.asked[call.method] = (arguments, answer, call.ms, count, between)
        if count >= rule["times"]:
            yield "polling", {"method": call.method, "count": count, "ms": between}

    def _told(self, entry: Entry, seen: Seen) -> Found:
        kind = entry.value.get("type") if isinstance(entry.value, Mapping) else None
        if kind == "onSyncServerFinish":
            seen.synced = True
        listener = seen.catalogue.listener(entry.method)
        shown = entry.method in seen.read and kind in self._rules["unheard"]["events"]
        is_unheard = seen.native is not None or not seen.listens(entry.method)
        if entry.kind == "dropped" and listener is not None and shown and is_unheard:
            yield "unheard", {"event": kind, "method": seen.read[entry.method], "add": listener.register[0]}


def as_on_a_channel(entry: Entry, native: NativeCatalogue, catalogue: Catalogue) -> Entry:
    """Return an entry about an app of the library as it would be on a channel; the journal has its public name already."""
    value = entry.value if isinstance(entry.value, Mapping) else {}
    if entry.kind == "call":
        names = {"next_seq": "nextSeq"}
        return entry._replace(value={names.get(key, key): one for key, one in value.items() if key not in COUNTED})
    if entry.kind == "reply":
        returned = value.get("return")
        is_code = "code" not in value and isinstance(returned, int) and not entry.method.startswith("get")
        code = returned if is_code else value.get("code", 0)
        return entry._replace(value={"code": code, "data": _page_of(value.get("json_param"), native), "told": value.get("json_param")})
    kind = next((one for one in catalogue.listener_kinds if catalogue.event(one, entry.method) is not None), entry.method)
    return entry._replace(method=kind, value={"type": entry.method})


def _page_of(text: Any, native: NativeCatalogue) -> dict[str, Any]:
    """Return how a page of the library says that it is the last, and where the next begins, under the channel's names."""
    if not isinstance(text, str) or "inished" not in text:
        return {}
    said = json.loads(text)
    keys = (key for name in native.object_names for key in native.object(name).keys if key.of in ("isFinished", "nextSeq"))
    return {str(key.of): said[key.key] for key in keys if key.key in said} if isinstance(said, dict) else {}


def _text(value: Any) -> str:
    """Return a text by which two values can be compared; ids that a call is given by its door stand in none."""
    return json.dumps(value, sort_keys=True, default=repr)
