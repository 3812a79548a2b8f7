"""The generator of the exports: C and Python from one list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import gen_exports

PARAMETERS = [["const char*", "what"], ["bool", "loud"], ["void*", "user_data"]]
SAID = {
    "version": "1.2",
    "exports": [
        {"name": "DartTell", "returns": "void", "answer": "none", "parameters": [["void*", "user_data"]]},
        {"name": "DartAsk", "returns": "int", "answer": "post", "parameters": PARAMETERS},
        {"name": "DartCount", "returns": "uint64_t", "answer": "wait", "parameters": []},
        {"name": "DartName", "returns": "const char*", "answer": "wait", "parameters": [["uint32_t", "n"]], "lost": "none"},
        {"name": "DartMine", "returns": "int", "answer": "local", "parameters": []},
    ],
}


def test_functions_are_what_their_kind_asks() -> None:
    """Each kind of answer has its body; what is written by hand is left out."""
    text = gen_exports.c_text(SAID)
    assert "TB_EXPORT void DartTell(void *user_data) {\n    const tb_value values[] = {tb_text(user_data)};\n    tb_note(" in text
    assert "TB_EXPORT int DartAsk(const char *what, bool loud, void *user_data) {" in text
    assert "{tb_text(what), tb_bool(loud), tb_text(user_data)};\n    return tb_post(\"DartAsk\", values, 3);" in text
    assert 'TB_EXPORT uint64_t DartCount(void) {\n    return tb_wait_number("DartCount", NULL, 0);' in text
    assert 'return tb_wait_text(0, "none", "DartName", values, 1);' in text
    assert "DartMine" not in text


def test_table_is_valid_python() -> None:
    """The table has every export, those that are written by hand, too."""
    text = gen_exports.python_text(SAID)
    table = next(node.value for node in ast.parse(text).body if isinstance(node, ast.AnnAssign) and node.value)
    found = ast.literal_eval(table)
    assert ["DartTell", "DartAsk", "DartCount", "DartName", "DartMine"] == list(found)
    assert (("none", "void", ("user_data",)), ("wait", "uint64_t", ())) == (found["DartTell"], found["DartCount"])


def test_check_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` fails on an outdated file and leaves it alone; without it both are written, and then it passes."""
    monkeypatch.setattr(gen_exports, "ROOT", tmp_path)
    monkeypatch.setattr(gen_exports, "C_TARGET", tmp_path / "_exports.c")
    monkeypatch.setattr(gen_exports, "PYTHON_TARGET", tmp_path / "_exports.py")
    assert 1 == gen_exports.main(["--check"])
    assert "_exports.c is not up to date" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())
    assert 0 == gen_exports.main([])
    assert 0 == gen_exports.main(["--check"])
