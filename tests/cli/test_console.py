"""Consoles as people have them: other encodings, closed streams, full disks, readers that are gone; never a traceback."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).parent.parent.parent
PING = b'{"jsonrpc":"2.0","id":1,"method":"bridge.ping"}\n'
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")

VERBS = {
    "nothing": "",
    "help": "--help",
    "help of a verb": "serve --help",
    "version": "--version",
    "serve": "serve",
    "call": "call getVersion",
    "refused call": "call createConversationGroup groupName=\u00e9\u20ac\U0001f600 'conversationIDList=[]'",
    "wrong call": "call createConversationGroup groupNam=\u00e9\u20ac\U0001f600",
    "events": "call createConversationGroup groupName=\u20ac\U0001f600 'conversationIDList=[\"c2c_\u00e9\"]' --events",
    "explain": "explain createConversationGroup",
    "demo": "demo",
    "json demo": "demo --json",
    "completion": "completion bash",
    "no verb": "\u20ac\U0001f600",
    "no world": "serve --world \u20ac\U0001f600.json",
    "usersig": "usersig alice --sdkappid 14 --key secret",
    "replay": "replay fixtures/recordings/chat-8.2.calls.jsonl",
    "no recording": "replay \u20ac.jsonl",
    "record": "record --out /dev/null -- cat",
    "record nowhere": "record --out /nowhere/\u20ac -- cat",
}


def shell(words: str, redirection: str = "", **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a shell, with its streams redirected."""
    command = f"{sys.executable} -m bridge {words} {redirection}"
    return subprocess.run(
        ["sh", "-c", command], input=PING, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, timeout=60, check=False
    )


def is_calm(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Return whether nobody was shown where in our code something went wrong."""
    return not any(word in done.stderr for word in (b"Traceback", b"Exception ignored", b"Error:"))


ODD = [("ascii", verb) for verb in VERBS] + [("cp1252", verb) for verb in ("refused call", "events", "no verb")]


@unix_only
@pytest.mark.parametrize(("encoding", "verb"), ODD)
def test_encodings(encoding: str, verb: str) -> None:
    """What the console lacks is written as JSON escapes it."""
    done = shell(VERBS[verb], PYTHONIOENCODING=encoding)
    assert is_calm(done), done.stderr


@unix_only
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_json_stays_json(encoding: str) -> None:
    """What is printed for programs can be read by them, whatever the console's encoding lacks."""
    words = "call createTextMessage 'text=caf\u00e9 \u20ac \U0001f600 \u4f60'"
    done = shell(words, PYTHONIOENCODING=encoding)
    told = json.loads(done.stdout.decode(encoding))
    assert "caf\u00e9 \u20ac \U0001f600 \u4f60" == told["data"]["messageInfo"]["textElem"]["text"]


STREAMS = ["| true", ">/dev/full", ">&-", "2>&-", "<&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full", "<."]
WRITERS = ["help", "serve", "wrong call", "explain", "demo", "replay", "record"]


@unix_only
@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("verb", WRITERS)
def test_streams(verb: str, streams: str) -> None:
    """Closed, full, gone, a folder: a line at most, and an end."""
    done = shell(VERBS[verb], streams)
    assert is_calm(done), done.stderr


@unix_only
def test_statuses_of_streams() -> None:
    """A reader that has seen enough is no failure of ours to tell; a full disk is, with status 1."""
    done = shell("demo", ">/dev/full")
    assert (1, b"timbridge: cannot write: No space left on device\n") == (done.returncode, done.stderr)
    assert b"" == shell("--help", "| head -n 1").stderr
    assert 0 == shell("--version", "<&-").returncode


@unix_only
@pytest.mark.parametrize("words", ["demo --full", "call bridge.journal.list", "serve", "explain sendMessage"])
def test_streams_that_do_not_block(words: str) -> None:
    """A pipe that does not block, as other programs leave theirs, gets all that one that blocks gets."""
    ours, theirs = os.pipe()
    source, sink = os.pipe()
    os.set_blocking(theirs, False)
    os.set_blocking(source, False)
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", *words.split()], cwd=ROOT, stdin=source, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    os.close(source)
    if words == "serve":
        time.sleep(0.3)
        os.write(sink, b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}\n' * 2)
    os.close(sink)
    time.sleep(0.5)
    with os.fdopen(ours, "rb") as file:
        said = file.read()
    assert process.stderr is not None
    assert b"" == process.stderr.read()
    process.stderr.close()
    assert 0 == process.wait(20)
    if words == "serve":
        assert 2 == len(said.splitlines())
    else:
        assert said == shell(words).stdout


def test_kinds_of_nothing() -> None:
    """Missing, null and an empty list are no parameters; anything else in a list is refused."""
    lines = [b'{"jsonrpc":"2.0","id":1,"method":"bridge.clock.now"%s}' % params for params in (b"", b',"params":null', b',"params":[]')]
    command = [sys.executable, "-m", "bridge", "serve"]
    done = subprocess.run(command, input=b"\n".join(lines), cwd=ROOT, capture_output=True, timeout=30, check=False)
    assert 3 == sum("ms" in json.loads(line)["result"] for line in done.stdout.splitlines())


@unix_only
def test_terminal_is_told_what_to_type() -> None:
    """Somebody who starts the server by hand is told how to speak to it; what comes is the protocol alone."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", "serve"], cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    os.close(theirs)
    os.write(ours, b'{"jsonrpc":"2.0","id":1,"method":"getVersion"}\n\x04')
    out, err = process.communicate(timeout=60)
    os.close(ours)
    assert err.startswith(b"timbridge: a call per line, such as ")
    assert 1 == json.loads(out)["id"]
    assert b"" == shell("serve").stderr


COMPLETED = {
    "call createConversationGroup grou": "call createConversationGroup groupName=~",
    "call bridge.clock.adv": "call bridge.clock.advance ~",
    "explain onConversationGroupCr": "explain onConversationGroupCreated ~",
    "list swi": "list switches ~",
    "serve --export-on-exit README.": "serve --export-on-exit README.md ~",
}
"""What stands there after a tab and a tilde."""

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(timbridge completion bash)"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u -D; source <(timbridge completion zsh)"),
    "fish": (["fish", "--no-config", "-i"], "timbridge completion fish | source"),
}
"""How each shell is started without anybody's settings, and how it is taught to complete."""


def shown(said: bytes) -> str:
    """Return what stands on a terminal that was told this, roughly: a character that is stepped back over is gone."""
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x07", "", said.decode(errors="replace"))
    while "\b" in text.lstrip("\b"):
        text = re.sub(r"[^\b]\x08", "", text.lstrip("\b"), count=1)
    return text


@unix_only
@pytest.mark.parametrize("shell", [name for name in SHELLS if which(name)])
def test_shells_complete(shell: str) -> None:
    """Real shells at a terminal, those that are there: calls, arguments without a blank behind them, events, else files."""
    import fcntl
    import pty
    import termios

    def own_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    ours, theirs = pty.openpty()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PS1": "ready> ", "TERM": "dumb", "COLUMNS": "200"}
    words, learn = SHELLS[shell]
    process = subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=own_terminal
    )
    os.close(theirs)
    said = b""

    def until_shown(text: str) -> None:
        nonlocal said
        while text not in shown(said):
            assert select.select([ours], [], [], 30)[0], said
            said += os.read(ours, 4096)

    try:
        os.write(ours, f"{learn}; echo lo''aded\n".encode())
        until_shown("loaded")
        for typed, completed in COMPLETED.items():
            said = b""
            os.write(ours, f"timbridge {typed}\t".encode())
            until_shown(completed.removesuffix("~"))
            os.write(ours, b"~")
            until_shown(completed)
            os.write(ours, b"\x15")  # Ctrl-U: an empty line again
    finally:
        process.kill()
        process.wait()
        os.close(ours)
