"""`bridge.journal.write`: what is chosen of a journal as a recording, a test or a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge import __version__
from bridge.conformance import retelling
from bridge.conformance.recordings import Writer
from bridge.conformance.redaction import clean
from bridge.conformance.retelling import Scene
from bridge.conformance.selections import SAY, Actor, Noted, Step, steps
from bridge.control.journal import Names
from bridge.control.messages import RpcClient
from bridge.control.registry import P, control
from bridge.control.session import Session
from bridge.emulator import Server
from bridge.engine.journal import Entry
from bridge.errors import INVALID_PARAMS, NOT_THERE, ProtocolError
from bridge.world.documents import persistence
from bridge.world.kernel import devices
from bridge.world.kernel.world import World

FORMS = {"recording": "story.jsonl", "pytest": "test_as_it_was.py", "dart": "as_it_was_test.dart", "report": "report.md"}
"""How what is written is called, by its form."""

HEAD = ("version", "exact", "seed", "now_ms", "counters")
"""What the document of a world in which nothing is has, too."""

TOLD = "Entries {first} to {last} of a journal of timbridge {version}, as they were called and answered."


@control(
    "journal.write",
    "{name, text}: of a file",
    entries=P("array", "numbers of entries; of replies and events it is the call behind them that is taken again"),
    to=P("integer", "instead of `entries`: all up to this number"),
    since=P("integer", "instead of `entries`: only those with a greater number"),
    texts=P("boolean", "a report may show what people have written; it tells how long that is otherwise"),
    **{"as": P("string", f"what is written: {', '.join(FORMS)}", True)},
)
def journal_write(
    session: Session, entries: list[Any] | None, to: int | None, since: int | None, texts: bool | None, **form_of: str
) -> dict[str, Any]:
    """
    Write entries of the journal down: to be verified or tested again, or as a report without secrets.

    A recording or a test begins in the world as it was before the first call, where that is still kept (bridge.travel.list), and
    those are logged in who were; else in an empty one. What no call has caused, such as a network that was cut, is not in it.
    """
    form = form_of["as"]
    if form not in FORMS:
        message = f"is none of {', '.join(FORMS)}"
        raise ProtocolError(INVALID_PARAMS, f"bridge.journal.write: as {message}", [{"path": "as", "message": message}])
    engine = session.emulator.engine
    there = list(engine.journal.entries())
    chosen = _chosen(there, entries, to, since)
    if form == "report":
        text = _report(session, [entry for entry in there if entry.seq in chosen], bool(texts))
    else:
        text = _TEXTS[form](session, _scene(session, there, chosen))
    return {"name": FORMS[form], "text": text}


def _chosen(there: list[Entry], entries: list[Any] | None, to: int | None, since: int | None) -> set[int]:
    """Return the numbers of what is meant. Raises ProtocolError for none."""
    known = {entry.seq for entry in there}
    if entries is None:
        found = {seq for seq in known if seq > (since or 0) and (to is None or seq <= to)}
    else:
        found = {seq for seq in entries if isinstance(seq, int) and seq in known}
    if not found:
        raise ProtocolError(NOT_THERE, "bridge.journal.write: none of these entries is in the journal any more")
    return found


# --- where it begins


def _scene(session: Session, there: list[Entry], chosen: set[int]) -> Scene:
    """Return where the steps of what was chosen begin, and the steps. Raises ProtocolError where there is not one call."""
    behind = {entry.cause or entry.seq for entry in there if entry.seq in chosen}
    calls = [entry for entry in there if entry.kind == "call" and entry.seq in behind]
    if not calls:
        raise ProtocolError(NOT_THERE, "bridge.journal.write: no call is among these entries, nor behind them in the journal")
    emulator = session.emulator
    mark = None if emulator.past is None else emulator.past.before(calls[0].seq)
    then: World | None = None if emulator.past is None or mark is None else emulator.past.world(mark)
    actors = _actors(session, calls)
    main = next((one for one in actors.values() if not one.user and not one.device), Actor("", "", *session.spoken()))
    rows = {} if then is None else then[devices.DEVICES].rows
    logged_in = {actors[key].device: row.user_id for key, row in rows.items() if key in actors and not row.hidden and row.user_id}
    world = None if then is None else persistence.document(then)
    if world is not None and not set(world) - set(HEAD) and not logged_in:
        world = None
    told = TOLD.format(first=calls[0].seq, last=calls[-1].seq, version=__version__)
    if then is None:
        told += "\n\nHow the world was before them is not known: it begins empty."
    noted = [Noted(*entry) for entry in there]
    others = tuple(one for one in actors.values() if one.device)
    return Scene(main, others, logged_in, world, told, steps(noted, chosen, actors))


def _actors(session: Session, calls: list[Entry]) -> dict[str, Actor]:
    """Return who acts, by the ids of devices: the first one that is seen is the main one."""
    emulator, names = session.emulator, Names(session)
    hidden = {device_id: name for name, device_id in emulator.hidden.items()}
    found: dict[str, Actor] = {}
    taken: set[str] = set()
    for device_id in dict.fromkeys(entry.device for entry in calls):
        if device_id in hidden:
            found[device_id] = Actor("", hidden[device_id].rpartition("~")[0].removeprefix("~"))
            continue
        name = names.of(device_id) if "" in taken else ""
        taken.add(name)
        found[device_id] = Actor(name, "", *(names.kind(device_id) or session.spoken()))
    return found


# --- recordings


def _recording(session: Session, scene: Scene) -> str:
    """Return a recording: what leads to the beginning as it is answered now, then the steps as they were answered."""
    lines: list[str] = []
    writer = Writer(lines.append, scene.main.dialect, scene.main.platform, held=True)
    for method, params, came in _beginning(session, scene):
        _write(writer, method, params, came)
    for step in scene.steps:
        method, params = _asked(step)
        number = writer.call(method, clean(params))
        if step.outcome:
            writer.reply(number, method, **_answered(step))
        for name, listener, arguments in step.events:
            if name:
                writer.event("bridge.device.event", {"device": name, "method": listener, "arguments": clean(arguments)})
            else:
                writer.event(listener, clean(arguments))
    return "".join(lines)


def _asked(step: Step) -> tuple[str, dict[str, Any]]:
    actor = step.actor
    if step.method == SAY:
        return SAY, {"user": actor.user, **step.arguments}
    if actor.user:
        return "bridge.user.call", {"user": actor.user, "method": step.method, "arguments": step.arguments}
    if actor.device:
        return "bridge.device.call", {"device": actor.device, "method": step.method, "arguments": step.arguments}
    return step.method, step.arguments


def _answered(step: Step) -> dict[str, Any]:
    cleaned: dict[str, Any] = clean(step.outcome)
    return cleaned


def _beginning(session: Session, scene: Scene) -> list[tuple[str, dict[str, Any], list[Any]]]:
    """Return the calls that lead to where the steps begin, each with what comes of it: made on a server of their own."""
    asked: list[tuple[str, dict[str, Any]]] = [] if scene.world is None else [("bridge.world.load", {"world": scene.world})]
    asked += [("bridge.device.open", {"device": one.device, "dialect": one.dialect, "platform": one.platform}) for one in scene.others]
    for name, user in scene.logged_in.items():
        device = next(one for one in (scene.main, *scene.others) if one.device == name)
        for method, arguments in retelling.login(device, user):
            call = {"device": name, "method": method, "arguments": arguments}
            asked.append(("bridge.device.call", call) if name else (method, arguments))
    said: list[Any] = []
    client = RpcClient(Server(session.server.settings), said.append)
    client.session.choose(scene.main.dialect, scene.main.platform)
    found = []
    for method, params in asked:
        client.receive({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        found.append((method, params, said.copy()))
        said.clear()
    client.close()
    return found


def _write(writer: Writer, method: str, params: dict[str, Any], came: list[Any]) -> None:
    number = writer.call(method, clean(params))
    for message in came:
        if "id" in message:
            writer.reply(number, method, **{key: clean(message[key]) for key in ("result", "error") if key in message})
        else:
            writer.event(message["method"], clean(message["params"]))


# --- reports


def _report(session: Session, entries: list[Entry], texts: bool) -> str:
    names = Names(session)
    dialect, platform = next((kind for entry in entries if (kind := names.kind(entry.device))), session.spoken())
    head = {"timbridge": __version__, "dialect": dialect, "platform": platform, "entries": str(len(entries))}
    noted = [Noted(*entry) for entry in entries]
    return retelling.report(noted, {entry.seq: names.of(entry.device) for entry in entries}, head, texts)


_TEXTS: dict[str, Callable[[Session, Scene], str]] = {
    "recording": _recording,
    "pytest": lambda session, scene: retelling.pytest_test(scene),
    "dart": lambda session, scene: retelling.dart_test(scene),
}
