"""Starting a method: stubs that are valid, in the right files, and never twice."""

import ast

import pytest

from bridge.catalogue import load
from tools import scaffold


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with the real dialects and no handlers yet."""
    (tmp_path / "bridge" / "handlers").mkdir(parents=True)
    for dialect in scaffold.dialects():
        (tmp_path / "schemas" / dialect).mkdir(parents=True)
        (tmp_path / "schemas" / dialect / "dialect.json").touch()
    monkeypatch.setattr(scaffold, "ROOT", tmp_path)
    return tmp_path


def test_stubs_of_handler_and_test(checkout):
    """Both stubs are valid Python; all places are named."""
    lines = scaffold.scaffold("pinConversation")

    assert [
        "schema: schemas/chat-8.2/methods/conversationManager/pinConversation.json",
        "stub written: bridge/handlers/conversation.py",
        "stub written: tests/handlers/test_conversation.py",
    ] == lines
    handler = ast.parse((checkout / "bridge/handlers/conversation.py").read_text("utf-8")).body[-1]
    assert isinstance(handler, ast.FunctionDef)
    assert ("pin_conversation", "@method('pinConversation')") == (
        handler.name,
        f"@{ast.unparse(handler.decorator_list[0])}",
    )
    assert ["caller: Caller", "conversation_id: str", "is_pinned: bool"] == [ast.unparse(a) for a in handler.args.args]


def test_second_run_writes_nothing(checkout):
    """What is there is left alone, and another method is added below it."""
    scaffold.scaffold("pinConversation")
    before = (checkout / "bridge/handlers/conversation.py").read_text("utf-8")

    assert "is there already: bridge/handlers/conversation.py" == scaffold.scaffold("pinConversation")[-2]
    assert before == (checkout / "bridge/handlers/conversation.py").read_text("utf-8")
    scaffold.scaffold("getConversation")
    assert (checkout / "bridge/handlers/conversation.py").read_text("utf-8").startswith(before)


def test_argument_of_one_dialect_has_a_default(checkout):
    """The function serves all dialects, so what one of them does not send may be left out."""
    scaffold.scaffold("initSDK")
    handler = ast.parse((checkout / "bridge/handlers/tim.py").read_text("utf-8")).body[-1]

    assert isinstance(handler, ast.FunctionDef)
    assert len(handler.args.args) > len(handler.args.defaults)
    assert all(ast.unparse(default) == "None" for default in handler.args.defaults)


def test_every_method_can_be_started(checkout):
    """Whatever its types, a method's stub is valid Python."""
    names = sorted({name for dialect in scaffold.dialects() for name in load(dialect).method_names})
    for name in names:
        scaffold.scaffold(name)

    for file in (checkout / "bridge" / "handlers").glob("*.py"):
        ast.parse(file.read_text("utf-8"))
    assert len(names) == sum(
        file.read_text("utf-8").count("\n@method(") for file in (checkout / "bridge" / "handlers").glob("*.py")
    )


def test_unknown_method(checkout, capsys):
    """A name that no dialect has writes nothing and says which is near and how one starts."""
    assert 1 == scaffold.main(["pinConversatoin"])
    said = capsys.readouterr().err
    assert "Did you mean pinConversation" in said
    assert "schemas/DIALECT/methods/MANAGER/pinConversatoin.json" in said
    assert not (checkout / "tests").exists()
