"""Typed calls: of every dialect and platform, read by a type checker, and made."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bridge.catalogue import dialects, load
from bridge.cli import main
from bridge.testing import Client, Refused, RpcError
from bridge.testing.aio import AsyncClient
from bridge.testing.stubs import module

ROOT = Path(__file__).parent.parent.parent
RIGHT = """
from bridge.testing import Client
from {name} import Calls

with Client.inside() as client:
    calls = Calls(client.login("alice"))
    print(calls.createConversationGroup(groupName="work", conversationIDList=["c2c_bob"])[0]["resultCode"] + 1)
    Calls(client.user("bob")).getConversationList(nextSeq="0", count=10)
"""
WRONG = (
    ('createConversationGroup(groupNam="work", conversationIDList=[])', "Unexpected keyword argument"),
    ('createConversationGroup(groupName=7, conversationIDList=[])', 'has incompatible type "int"; expected "str"'),
    ('createConversationGroup(groupName="work")', "Missing named argument"),
    ("createConversationGrup()", 'has no attribute "createConversationGrup"'),
    ("getVersion() + 1", "Unsupported operand types"),
)


def made(folder: Path, dialect: str, platform: str, is_async: bool = False) -> Path:
    """Write a module of typed calls."""
    name = f"{dialect}_{platform}".replace("-", "_").replace(".", "_") + ("_awaited" if is_async else "")
    path = folder / f"{name}.py"
    path.write_text(module(dialect, platform, is_async), "utf-8")
    return path


def imported(path: Path) -> ModuleType:
    """Import a module from where it lies."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def checked(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Have the type checker read files, as strictly as it can."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(folder / "cache"), *words]
    environment = {"MYPYPATH": f"{folder}:{ROOT}", "PATH": "", "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_type_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    """Right uses pass, and each wrong one is found."""
    made(tmp_path, "chat-8.2", "android")
    (tmp_path / "right.py").write_text(RIGHT.format(name="chat_8_2_android"), "utf-8")
    wrong = "from bridge.testing import Client\nfrom chat_8_2_android import Calls\n\ncalls = Calls(Client.inside())\n"
    (tmp_path / "wrong.py").write_text(wrong + "".join(f"calls.{text}\n" for text, _ in WRONG), "utf-8")
    result = checked(tmp_path, "chat_8_2_android.py", "right.py", "wrong.py")
    lines = [line for line in result.stdout.splitlines() if ": error: " in line]
    assert [f"wrong.py:{at}" for at in range(5, 5 + len(WRONG))] == [":".join(line.split(":")[:2]) for line in lines], result.stdout
    assert all(words in line for (_, words), line in zip(WRONG, lines, strict=True))


@pytest.mark.slow
def test_type_checker_reads_them(tmp_path: Path) -> None:
    """Of every dialect and platform, plain and awaited."""
    paths = [made(tmp_path, dialect, platform) for dialect in dialects() for platform in load(dialect).platforms]
    paths.append(made(tmp_path, "chat-8.2", "ios", is_async=True))
    result = checked(tmp_path, *(path.name for path in paths))
    assert 0 == result.returncode, result.stdout


@pytest.mark.parametrize("dialect", dialects())
def test_every_method_is_there(dialect: str, tmp_path: Path) -> None:
    """A method for each that the platform has, and no other."""
    catalogue = load(dialect)
    for platform in catalogue.platforms:
        calls = imported(made(tmp_path, dialect, platform)).Calls
        wanted = {name for name in catalogue.method_names if platform in (catalogue.method(name) or pytest.fail(name)).platforms}
        assert wanted == {name for name in vars(calls) if not name.startswith("_")}


def test_calls_are_made(tmp_path: Path) -> None:
    """They answer what `call` answers, leave out what was not given, and raise what `call` raises."""
    calls_of = imported(made(tmp_path, "chat-8.2", "android")).Calls
    with Client.inside() as client:
        calls = calls_of(client.login("alice"))
        (item,) = calls.createConversationGroup(groupName="work", conversationIDList=["c2c_bob"])
        assert ("c2c_bob", 0) == (item["conversationID"], item["resultCode"])
        created = calls.createTextMessage(text="hi")
        sent = calls.sendMessage(id=created["id"], receiver="bob", groupID="", isExcludedFromUnreadCount=False)
        assert "hi" == sent["textElem"]["text"]
        call = client.journal.list(method="sendMessage")[0]
        assert {"id", "receiver", "groupID", "isExcludedFromUnreadCount"} == set(call["arguments"])
        with pytest.raises(Refused, match="51009"):
            calls.deleteConversationGroup(groupName="nowhere")
        with pytest.raises(RpcError, match="groupName"):
            calls.deleteConversationGroup(groupName=7)


def test_calls_are_awaited(tmp_path: Path) -> None:
    """The asyncio client's are coroutines."""
    calls_of = imported(made(tmp_path, "im-5.0", "ios", is_async=True)).Calls

    async def story() -> None:
        async with await AsyncClient.inside(dialect="im-5.0", platform="ios") as client:
            await client.login("alice")
            assert "alice" == await calls_of(client).getLoginUser()

    asyncio.run(story())


def test_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a dialect and platform; what there is not is told with what there is."""
    assert 0 == main(["stubs", "--dialect", "im-5.0", "--platform", "ios"])
    assert module("im-5.0", "ios") == capsys.readouterr().out
    assert 2 == main(["stubs", "--dialect", "im-5.0", "--platform", "macos"])
    assert "im-5.0 has no platform 'macos'; it has android, ios" in capsys.readouterr().err
