"""The generator of the code table."""

import ast

import pytest

from tools import gen_codes


def test_rows_are_sorted_and_complete():
    """The table is valid Python in ascending order, with a row per code."""
    text = gen_codes.render(
        [
            {"code": 7, "name": "ERR_B", "desc": "it's", "meaning": 'a "b"'},
            {"code": -3, "name": "(adapter)", "meaning": "m"},
        ]
    )

    table = next(node.value for node in ast.parse(text).body if isinstance(node, ast.AnnAssign) and node.value)
    assert {-3: ("", None, "m"), 7: ("ERR_B", "it's", 'a "b"')} == ast.literal_eval(table)
    assert text.index("-3:") < text.index("7:")


def test_range_of_codes():
    """A span of codes goes into the ranges."""
    assert '(100, 200, "own")' in gen_codes.render([{"code": "100-200", "name": "", "meaning": "own"}])


def test_code_listed_twice():
    """A doubled code is refused."""
    with pytest.raises(ValueError, match="code 7 is listed twice"):
        gen_codes.render([{"code": 7, "name": "", "meaning": "a"}, {"code": 7, "name": "", "meaning": "b"}])


def test_check_writes_nothing(tmp_path, monkeypatch, capsys):
    """`--check` fails on an outdated file and leaves it alone; without it the file is written, and then it passes."""
    source, target = tmp_path / "errors.json", tmp_path / "_codes.py"
    source.write_text('{"errors": [{"code": 7, "name": "", "meaning": "a"}]}', "utf-8")
    monkeypatch.setattr(gen_codes, "TARGET", target)

    assert 1 == gen_codes.main(["--check", "--source", str(source)])
    assert "out of date" in capsys.readouterr().err
    assert not target.exists()
    assert 0 == gen_codes.main(["--source", str(source)])
    assert 0 == gen_codes.main(["--check", "--source", str(source)])
