"""Starting a method: stubs that are valid, beside their nearest sibling, and never twice."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.catalogue import load
from tools import scaffold

ROOT = Path(scaffold.__file__).parent.parent
SCHEMA = "schemas/chat-8.2/methods/conversationManager"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with the real dialects and no handlers yet."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    monkeypatch.setattr(scaffold, "ROOT", tmp_path)
    return tmp_path


def test_stubs_of_handler_and_test(checkout):
    """Both stubs are valid Python in the files of the sibling; all places are named."""
    lines = scaffold.scaffold("renameConversationGroup")

    assert [
        f"schema: {SCHEMA}/renameConversationGroup.json, handler conversation_groups.rename_conversation_group",
        "stub written: bridge/handlers/conversation_groups.py",
        "stub written: tests/handlers/test_conversation_groups.py",
        "to write: the rule of the world, as in bridge/world/",
        "to write: the rule's evidence and test in schemas/rules/conversationManager.json, then tools/gen_ledger.py",
    ] == [line for line in lines if "/im-" not in line]
    handler = ast.parse((checkout / "bridge/handlers/conversation_groups.py").read_text("utf-8")).body[-1]
    assert isinstance(handler, ast.FunctionDef)
    assert "rename_conversation_group" == handler.name
    assert ["caller: Caller", "old_name: str", "new_name: str"] == [ast.unparse(a) for a in handler.args.args]
    assert isinstance(handler.returns, ast.Constant) and handler.returns.value is None


def test_second_run_writes_nothing(checkout):
    """What is there is left alone, and another method is added below it."""
    file = checkout / "bridge/handlers/conversation.py"
    scaffold.scaffold("pinConversation")
    before = file.read_text("utf-8")

    assert "is there already: bridge/handlers/conversation.py" in scaffold.scaffold("pinConversation")
    assert before == file.read_text("utf-8")
    scaffold.scaffold("getConversation")
    assert "def pin_conversation(" in file.read_text("utf-8")
    assert "def get_conversation(" in file.read_text("utf-8")


def test_argument_of_one_dialect_has_a_default(checkout):
    """The function serves all dialects, so what one of them does not send may be left out."""
    scaffold.scaffold("initSDK")
    handler = ast.parse((checkout / "bridge/handlers/tim.py").read_text("utf-8")).body[-1]

    assert isinstance(handler, ast.FunctionDef)
    assert len(handler.args.args) > len(handler.args.defaults)
    assert all(ast.unparse(default) == "None" for default in handler.args.defaults)


def test_every_method_can_be_started(checkout):
    """Whatever its types, a method's stubs are valid Python."""
    names = sorted({name for dialect in scaffold.dialects() for name in load(dialect).method_names})
    for name in names:
        scaffold.scaffold(name)

    for file in [*checkout.glob("bridge/handlers/*.py"), *checkout.glob("tests/handlers/*.py")]:
        tree = ast.parse(file.read_text("utf-8"))
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        assert names
        assert len(names) == len(set(names)), file.name


def test_most_methods_find_their_own_file():
    """Of the known methods, four of five and more would be put where they are."""
    catalogue = load("chat-8.2")
    specs = [spec for spec in map(catalogue.method, catalogue.method_names) if spec.handler and not spec.constants]
    files = [(spec.handler, scaffold.sibling_of(spec.name, "chat-8.2").handler) for spec in specs]
    found = sum(one.partition(".")[0] == other.partition(".")[0] for one, other in files)
    assert found > 0.8 * len(files)


@pytest.mark.parametrize(
    ("name", "sibling"),
    [
        ("renameConversationGroup", "conversation_groups"),
        ("getConversationGroupList", "conversation_groups"),
        ("deleteConversation", "conversation"),
    ],
)
def test_sibling_is_of_the_same_kind(name, sibling):
    """The nearest method by its words is one of the same file."""
    assert sibling == scaffold.sibling_of(name, "chat-8.2").handler.partition(".")[0]


def test_missing_import_is_added():
    """A stub's names are imported, once, where such imports stand."""
    text = '"""M."""\n\nfrom __future__ import annotations\n\nfrom bridge.handlers import Caller\n'
    added = scaffold._importing(text, "typing", "Any")
    assert 'annotations\n\nfrom typing import Any\n\nfrom bridge.handlers import Caller\n' in added
    assert added == scaffold._importing(added, "typing", "Any")


def test_unknown_method(checkout, capsys):
    """A name that no dialect has writes nothing and says which is near and how one starts."""
    assert 1 == scaffold.main(["pinConversatoin"])
    said = capsys.readouterr().err
    assert "Did you mean pinConversation" in said
    assert "schemas/DIALECT/methods/MANAGER/pinConversatoin.json" in said
    assert not (checkout / "tests").exists()


# --- a method that is made up, in a checkout of its own

NAME = "copyConversationGroup"
RULE = {
    "rule": "A copy has the conversations of its original.",
    "kind": "inferred",
    "source": "made up",
    "test": "tests/handlers/test_conversation_groups.py::test_copy_conversation_group_does_what_it_says",
}
BODY = "    rules.copy(caller.world, caller.user, old_name, new_name)"
OF_THE_WORLD = '''

def copy(world: World, user_id: str, old: str, new: str) -> None:
    """Make a group of the conversations of another. States also what `create` does. Raises ChatError 51009 (no such group)."""
    _require(world, user_id, old)
    create(world, user_id, new, [row.conversation_id for row in members(world, user_id, old)])
    world.state("conversation_group_copied", facts.user(user_id), old_name=old, new_name=new)
'''
FACT = '    "conversation_group_copied": Kind(CONVERSATIONS, ("old_name", "new_name")),\n'
EVENT = "onConversationGroupCopied"
CHECKS = (
    "tests/catalogue/test_rules.py",
    "tests/catalogue/test_recordings.py",
    "tests/test_rooms.py",
    "tests/world/test_fact_kinds.py",
)
FACTS = "bridge/world/kernel/fact_kinds.py"
EVENTS = "schemas/chat-8.2/events/conversationListener"
TESTED = """    alice.call("createConversationGroup", groupName="x", conversationIDList=["c2c_bob"])
    alice.heard()
    alice.call("copyConversationGroup", oldName="x", newName="y")
    assert {"oldName": "x", "newName": "y"} == alice.heard_one("onConversationGroupCopied")
    assert ["x", "y"] == alice.call("getConversationGroupList")
    assert 51009 == alice.refused("copyConversationGroup", oldName="z", newName="a")"""


def run(checkout, *arguments):
    """Run Python in a checkout; returns what it said."""
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run([sys.executable, *arguments], cwd=checkout, env=environ, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def replaced(file, old, new):
    """Replace what stands in a file exactly once."""
    text = file.read_text("utf-8")
    assert 1 == text.count(old), old
    file.write_text(text.replace(old, new), "utf-8")


def test_three_files_make_a_method(tmp_path):
    """A made-up method touches its schemas, its handler, its rule of the world and its test; ledger and list have a line on it."""
    for part in ("bridge", "schemas", "tools", "tests", "fixtures", "docs"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "_packed", "flutter", ".made"))
    for name in ("pyproject.toml", "COVERAGE.md", "DECISIONS.md"):
        shutil.copy(ROOT / name, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    schema = tmp_path / SCHEMA / f"{NAME}.json"
    document = json.loads((tmp_path / SCHEMA / "renameConversationGroup.json").read_text("utf-8"))
    document |= {"method": NAME, "dartMethods": [NAME]}
    del document["handler"]
    schema.write_text(json.dumps(document, indent=2), "utf-8")

    said = run(tmp_path, "tools/scaffold.py", NAME)
    assert f"{SCHEMA}/{NAME}.json, handler conversation_groups.copy_conversation_group" in said
    handler = tmp_path / "bridge/handlers/conversation_groups.py"
    test = tmp_path / "tests/handlers/test_conversation_groups.py"
    assert all(f"stub written: {file.relative_to(tmp_path).as_posix()}" in said for file in (handler, test))
    place = next(line for line in said.splitlines() if "rule of the world" in line).rpartition(" ")[2]
    assert "conversation_groups.py" == (tmp_path / place).name
    replaced(handler, f'    raise AssertionError("{NAME} is not built yet")', BODY)
    stub = f'    assert "what it answers" == alice.call("{NAME}", oldName="x", newName="x")'
    replaced(test, stub, TESTED)
    with (tmp_path / place).open("a", encoding="utf-8") as file:
        file.write(OF_THE_WORLD)
    event = json.loads((tmp_path / EVENTS / "onConversationGroupNameChanged.json").read_text("utf-8"))
    event |= {"type": EVENT, "fact": "conversation_group_copied"}
    event["dart"]["callback"] = EVENT
    (tmp_path / EVENTS / f"{EVENT}.json").write_text(json.dumps(event, indent=2), "utf-8")
    before_this = '    "conversation_group_created":'
    replaced(tmp_path / FACTS, before_this, FACT + before_this)
    rules = tmp_path / "schemas/rules/conversationManager.json"
    listed = json.loads(rules.read_text("utf-8"))
    listed["methods"][NAME] = [RULE]
    rules.write_text(json.dumps(listed, indent=2), "utf-8")
    run(tmp_path, "tools/gen_ledger.py")

    run(tmp_path, "tools/check.py")
    run(tmp_path, "-m", "pytest", "-n0", str(test), "-k", "copy_conversation_group and chat")
    run(tmp_path, "-m", "pytest", "-n0", *CHECKS)
    known = json.loads(run(tmp_path, "-m", "bridge", "explain", "--json", NAME))
    assert ("full", [RULE]) == (known["status"], known["rules"])
    made = ("__pycache__", ".hypothesis", ".pytest_cache", ".events-seen")
    after = {path for path in tmp_path.rglob("*") if path.is_file() and not any(part in made for part in path.parts)}
    changed = {path.relative_to(tmp_path).as_posix() for path in after if before.get(path) != path.read_bytes()}
    assert {
        f"{SCHEMA}/{NAME}.json",
        "bridge/handlers/conversation_groups.py",
        place,
        "tests/handlers/test_conversation_groups.py",
        f"{EVENTS}/{EVENT}.json",
        FACTS,
        "schemas/rules/conversationManager.json",
        "COVERAGE.md",
    } == changed
