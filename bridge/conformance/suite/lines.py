"""Lines of `fixtures/adapters`: what an adapter does by itself, made into cases like all others."""

from __future__ import annotations

from typing import Any

ME = "alice"
EXPECTED = {"reply": "reply", "is": "is", "not": "not", "keys": "keys", "lacks": "without", "fails": "fails", "silence": "silence"}
EXPECTED |= {"events": "events", "hears": "tells", "leaves": "leaves"}


def of_adapter(said: dict[str, Any], file: str) -> dict[str, Any]:
    """Return the case of a line; `tests/support/cases.py` says what stands in one."""
    begin = said.get("begin", "login")
    script: list[Any] = [_start(begin)]
    script += [_step(step, judged=False) for step in said.get("given", ())]
    script += [_step(step, judged=True) for step in said["calls"]]
    given: dict[str, Any] = {}
    if said.get("switches"):
        given["policy"] = {"switches": said["switches"]}
    if said.get("faithful"):
        given["options"] = {"faithful": True}
    worlds = [f"{dialect}-{platform}" for dialect in said.get("dialects", ["chat-8.2"]) for platform in said["platforms"]]
    return {
        "name": said["case"],
        "says": said["case"],
        "source": f"adapter source: {said['where']}",
        "sure": {"certain": "clear"}.get(said["sure"], said["sure"]),
        "rules": said.get("rules", ()),
        "on": worlds,
        "given": given,
        "script": script,
    }


def _start(begin: str) -> list[Any]:
    return [ME, "enter"] if begin == "login" else [ME, "start", {"init": begin == "init"}]


def _step(step: dict[str, Any], judged: bool) -> list[Any]:
    expected = {EXPECTED[key]: value for key, value in step.items() if key in EXPECTED} if judged else {}
    if not judged:
        expected["leaves"] = True
    if "as" in step:
        expected["keeps"] = step["as"]
    method, params = step["method"], step.get("params", {})
    if method == "bridge.service.connectionLost":
        return [ME, "cut", {}]
    if method == "bridge.clock.advance":
        return ["", "advance", params["ms"]]
    if method.startswith("bridge."):
        return ["", method, params, expected]
    if not {"reply", "is", "not", "keys", "without", "fails", "silence"} & expected.keys():
        expected["reply"] = {"in": [{}, {"!": {}}]}  # given: only that it is carried out
    return [f"~{step['user']}" if "user" in step else ME, method, params, expected]
