"""`timbridge conform`: what it plays, what it tells, how it ends; and a port in another language with its mistakes."""

from __future__ import annotations

import json
import shutil
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import bar, conform, main, setup
from bridge.cli.conform_wires import RemoteWire, address_of, is_command, link_to
from bridge.cli.options import parse
from bridge.conformance.suite import cases as suite
from bridge.conformance.suite.actors import Stage
from bridge.conformance.suite.cases import Case
from bridge.conformance.suite.running import DIFFERS, NOT_ANSWERED, SAME, Verdict, run
from bridge.world.kernel.world import World

ROOT = Path(__file__).parents[2]
PORT = ROOT / "fixtures" / "conformance" / "port"
WORLD = ("chat-8.2", "android")
CASES = [case for case in suite.load() if case.is_on(WORLD)]
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Said:
    """Return a function that runs the verb and gives (status, stdout, stderr)."""

    def run_it(*words: str) -> tuple[int, str, str]:
        status = main(["conform", *words])
        return status, *capfd.readouterr()

    return run_it


# --- the bridge itself


def test_bridge_conforms(said: Said) -> None:
    """Without a target the bridge is held against the cases: the status is 0, the last line has the counts."""
    status, out, _ = said("--only", "session", "--dialect", "im-5.0", "--platform", "ios")
    assert 0 == status
    counts = out.splitlines()[-1]
    assert counts.endswith(" same, 0 differs, 0 not answered, 0 not tried") and not counts.startswith("0 ")


def test_all_rows_on_demand(said: Said) -> None:
    """Methods in which all is the same have a row on demand alone."""
    words = ("--only", "login_registers", "--dialect", "chat-8.2", "--platform", "android")
    assert "getUsersInfo" not in said(*words)[1]
    assert "getUsersInfo" in said(*words, "--all")[1]


def test_reports_are_written(said: Said, tmp_path: Path) -> None:
    """JUnit's XML and the page are written to files, an object per case and one with all counts printed."""
    junit, page = tmp_path / "j.xml", tmp_path / "p.html"
    words = ("--only", "login_registers", "--dialect", "chat-8.2", "--junit", str(junit), "--html", str(page), "--json")
    status, out, _ = said(*words)
    assert 0 == status
    *rows, counts = map(json.loads, out.splitlines())
    assert [f"chat-8.2-{platform}" for platform in ("android", "ios", "macos", "windows")] == [row["world"] for row in rows]
    assert {"case": "login_registers", "outcome": "same"}.items() <= rows[0].items()
    assert {"same": 4, "differs": 0, "not answered": 0, "not tried": 0} == counts["cases"]
    assert 4 == len(ET.parse(junit).findall("testsuite"))
    assert "<h1>Conformance</h1>" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--only", "sendMesage"], "no case is about 'sendMesage'; did you mean sendMessage?"),
        (["--dialect", "im-5.0", "--platform", "windows"], "im-5.0 has no platform windows"),
        (["--second", "x"], "say with --accounts who the two are"),
        (["--target", " "], "a target is a command or an address"),
        (["--target", "no-such-command-at-all", "--only", "group_ids"], "cannot be started"),
        (["--timeout", "0"], "must be at least 1"),
    ],
)
def test_wrong_call_is_told(said: Said, words: list[str], hint: str) -> None:
    """What cannot be played is told with what would be; the status is 2."""
    status, _, err = said(*words)
    assert (2, True) == (status, hint in err), err


def test_accounts_are_never_told(said: Said, tmp_path: Path) -> None:
    """A file of accounts that is not as it must be is refused without a word of what stands in it."""
    for text in ('{"alice": {"userID": "u", "userSig": "top-secret"', '{"alice": {"userID": "top-secret"}}', '["top-secret"]'):
        (tmp_path / "a.json").write_text(text)
        status, out, err = said("--accounts", str(tmp_path / "a.json"), "--target", "x")
        assert 2 == status
        assert "top-secret" not in out + err


def test_real_people_stand_for_those_of_the_cases(said: Said, tmp_path: Path) -> None:
    """Two targets are the devices of two real people; what needs more is not tried, and no signature is printed."""
    (tmp_path / "a.json").write_text(json.dumps({name: {"userID": f"real-{name}", "userSig": "top-secret"} for name in ("alice", "bob")}))
    serve = f"{sys.executable} -m bridge serve"
    only = "userid_33,switch_account,getLoginUser"
    words = ("--target", serve, "--second", serve, "--accounts", str(tmp_path / "a.json"), "--only", only, "--json")
    status, out, err = said(*words)
    counts = json.loads(out.splitlines()[-1])["cases"]
    assert (0, 0) == (counts["differs"], counts["not answered"]), out
    assert 0 == status and counts["same"]
    assert "top-secret" not in out + err


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("tcp://[::1]:80", ("::1", 80)),
        (":80", ("127.0.0.1", 80)),
        ("ws://127.0.0.1:80", None),
        ("node port.mjs", None),
        ("./port:1/x", None),
    ],
)
def test_address_or_command(target: str, found: tuple[str, int] | None) -> None:
    """A host and port is an address of lines, ws:// a WebSocket, all else a command."""
    assert found == address_of(target)
    assert is_command(target) is (found is None and not target.startswith("ws:"))


def test_progress_shows_on_terminals_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Where standard error is a terminal the cases are counted, by tqdm if it is there; elsewhere nothing is said."""
    with bar.Bar(20, "cases") as step:
        step()
    assert "" == capfd.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for module in ({"tqdm": None}, {}):
        with monkeypatch.context() as patch:
            for name, value in module.items():
                patch.setitem(sys.modules, name, value)
            with bar.Bar(20, "cases") as step:
                for _ in range(20):
                    step()
        assert "20" in capfd.readouterr().err


def test_long_reading_of_a_world_shows(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A world that takes a second to read shows how far it is, up to its end; one that takes less says nothing."""
    file = setup.load_world("team")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    file.fill(World())
    assert "" == capfd.readouterr().err
    monkeypatch.setattr(bar, "monotonic", iter(range(1000)).__next__)
    file.fill(World())
    said = capfd.readouterr().err.split("\r")
    assert len(said) > 2
    done, total = said[-1].split()[0].split("/")
    assert 0 < int(done) <= int(total)


# --- a port in another language


def node() -> str:
    """Return the command of Node."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no Node on this machine: the port is not tried")
    return found


def cases_of_the_port() -> list[Case]:
    """Return the cases that the port does as they say."""
    names = (PORT / "cases.txt").read_text("utf-8").splitlines()
    found = {f"{Path(case.file).stem}: {case.name}": case for case in CASES}
    return [found[name] for name in names]


def played(cases: list[Case], timeout_s: float = 10.0) -> Iterator[Verdict]:
    """Yield what comes of cases on the port."""
    wire = RemoteWire(link_to("port", [node(), str(PORT / "port.mjs")], timeout_s), WORLD, timeout_s, restarts=True)
    try:
        yield from run(cases, Stage(wire, WORLD))
    finally:
        wire.close()


def test_port_does_its_cases() -> None:
    """The port of ten methods does what the cases that are listed for it say."""
    found = list(played(cases_of_the_port()))
    assert len(found) > 50
    assert [] == [one.lines() for one in found if one.outcome != SAME]


FAULTS = {
    "longer ids": "8501",
    "ids of the service": "8501",
    "characters for bytes": "8504",
    "one prefix": "^@TGS#_",
    "owner is a member": "400",
    "missing groups are fine": "10010",
    "one member too many": "memberCount",
    "ids last for ever": "unanswered",
    "failures look sent": "data.status",
    "long texts pass": "8001",
    "short ids": "msgID",
    "everything counts": "unreadCount",
    "said twice": "onRecvNewMessage",
    "another code": "6017",
    "oldest first": "conversationID",
    "cursor is a number": "nextSeq",
}


@pytest.mark.parametrize(("fault", "told"), FAULTS.items())
def test_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch, fault: str, told: str) -> None:
    """Each mistake of the port is found, and told with what was expected, what came, the case and its evidence."""
    monkeypatch.setenv("PORT_FAULT", fault)
    extra = [case for case in CASES if case.name in ("over_12k_8001", "given_group_ids", "group_ids") and case.kind == "documented"]
    seen = []
    for found in played([*extra, *cases_of_the_port()]):
        if found.outcome == DIFFERS:
            seen.append("\n".join(found.lines()))
            assert all(word in seen[-1] for word in ("expected", "came", "fixtures/", "evidence"))
            if told in seen[-1]:
                return
    raise AssertionError(f"{fault} was not told by {told}: {seen}")


def test_every_fault_is_tried() -> None:
    """The faults of the port are those that are tried here, and those of its stream."""
    text = (PORT / "port.mjs").read_text("utf-8")
    assert {*FAULTS, *STREAMS} == {part.partition("'")[0] for part in text.split("fault === '")[1:]} | {
        part.partition("'")[0] for part in text.split("fault !== '")[1:]
    }


STREAMS = {
    "hangs": "getConversationList is not answered within 4 s (it had to be killed)",
    "dies": "the target has ended during getConversationList (exit status 3)",
    "garbage": "says during getConversationList what is no JSON-RPC message: b'Error: cannot read",
}


@pytest.mark.parametrize(("fault", "told"), STREAMS.items())
def test_target_that_breaks_down(monkeypatch: pytest.MonkeyPatch, said: Said, fault: str, told: str) -> None:
    """A target that hangs, dies or talks nonsense is told in one line, begun anew for the next case, and ends the run with 3."""
    monkeypatch.setenv("PORT_FAULT", fault)
    words = ("--target", f"{node()} {PORT / 'port.mjs'}", "--only", "empty_list_is_a_list,group_ids", "--timeout", "4000")
    status, out, _ = said(*words)
    assert 3 == status
    assert told in out, out
    assert "1 same, 0 differs, 1 not answered" in out


def test_target_that_never_recovers_is_given_up(monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    """After five breakdowns one after the other no further case is tried."""
    monkeypatch.setenv("PORT_FAULT", "dies")
    status, out, err = said("--target", f"{node()} {PORT / 'port.mjs'}", "--only", "pages_reach_the_end,empty_list")
    assert 3 == status
    assert "given up: the target has broken down 5 times" in err
    assert 5 == out.count(NOT_ANSWERED + ": ")


def test_missing_methods_are_not_answered(said: Said) -> None:
    """What a port has not is told as not answered, what its control plane has not as not tried; neither is a difference."""
    status, out, _ = said("--target", f"{node()} {PORT / 'port.mjs'}", "--only", "friends")
    assert 1 == status
    assert "the target has no addFriend" in out or "the target has no" in out
    assert " 0 differs" in out


def test_help_tells_the_exit_statuses() -> None:
    """The help names every exit status, and the options are read as they are shown."""
    assert all(f"{status} " in conform.VERB.what for status in (0, 1, 2, 3))
    options: dict[str, Any]
    options, _ = parse(conform.VERB, ["--only", "x"])
    assert (5000, 0, None) == (options["timeout"], options["settle"], options["target"])
