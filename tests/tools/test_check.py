"""Generated files are what their generators write."""

import subprocess
import sys

from tools import check


def test_generated_files_are_up_to_date():
    """Every generator's `--check` passes."""
    done = subprocess.run([sys.executable, check.__file__], capture_output=True, text=True)

    assert (0, "") == (done.returncode, done.stderr), done.stdout + done.stderr


def test_outdated_file_fails(tmp_path, monkeypatch, capfd):
    """One generator that says no is named, and makes the whole fail; the others are still run."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "gen_a.py").write_text("raise SystemExit(1)", "utf-8")
    (tmp_path / "tools" / "gen_b.py").write_text("print('b ran')", "utf-8")
    monkeypatch.setattr(check, "ROOT", tmp_path)

    assert 1 == check.main()
    out = capfd.readouterr().out
    assert "b ran" in out
    assert "gen_a.py" in out
