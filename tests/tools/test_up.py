"""Setting a checkout up: what gets installed, where, and what is run then. Nothing is installed here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import up


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout, to which the tool's paths point."""
    monkeypatch.setattr(up, "ROOT", tmp_path)
    monkeypatch.setattr(up, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(up, "SITE", tmp_path / ".venv" / "site")
    monkeypatch.setattr(up, "NOTE", tmp_path / ".venv" / "timbridge.json")
    (tmp_path / "pyproject.toml").write_text("[project]\nname='x'\n", "utf-8")
    return tmp_path


@pytest.fixture
def machine(monkeypatch):
    """A machine that answers commands by the words in them, and a list of the commands it was given."""

    class Machine(list):
        venv = ensurepip = pip = True
        complaint = ""

        def succeeds(self, command):
            self.append(command)
            if "venv" in command:
                if self.venv:
                    python = up.venv_python(Path(command[-1]))
                    python.parent.mkdir(parents=True)
                    python.touch()
                return self.venv
            return self.pip if command[0] == sys.executable else self.ensurepip

        def run(self, command, **_):
            self.append(command)
            return subprocess.CompletedProcess(command, 1 if self.complaint else 0, "", self.complaint)

        @property
        def installs(self):
            return [command for command in self if "install" in command]

    made = Machine()
    monkeypatch.setattr(up, "_succeeds", made.succeeds)
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


def test_first_run_installs_into_venv(checkout, machine):
    """A fresh checkout gets a virtual environment with the project, editable, and the extras asked for."""
    assert "venv" == up.set_up(("test",))
    assert [str(up.venv_python(checkout / ".venv"))] == machine.installs[0][:1]
    assert ["--editable", f"{checkout}[test]"] == machine.installs[0][-2:]


def test_second_run_starts_at_once(checkout, machine):
    """With everything in place no command is run."""
    up.set_up(("test",))
    machine.clear()

    assert "venv" == up.set_up(("test",))
    assert "venv" == up.set_up(())
    assert [] == machine


def test_further_extras_are_added(checkout, machine):
    """Another command's extras join those that are there, in the same environment."""
    up.set_up(("test",))
    up.set_up(("dev",))

    assert f"{checkout}[dev,test]" == machine.installs[-1][-1]
    assert 1 == sum("venv" in command for command in machine)


def test_changed_requirements_are_installed(checkout, machine):
    """A change of pyproject.toml installs again, without making the environment anew."""
    up.set_up(("test",))
    (checkout / "pyproject.toml").write_text("[project]\nname='y'\n", "utf-8")
    up.set_up(())

    assert 2 == len(machine.installs)
    assert f"{checkout}[test]" == machine.installs[-1][-1]
    assert 1 == sum("venv" in command for command in machine)


def test_other_interpreter_starts_anew(checkout, machine, monkeypatch):
    """Another Python, or a checkout that was moved, makes the environment anew."""
    up.set_up(("test",))
    monkeypatch.setattr(up, "home_key", lambda: "elsewhere")
    up.set_up(())

    assert str(checkout) == machine.installs[-1][-1]
    assert 2 == sum("venv" in command for command in machine)


def test_removed_interpreter_is_repaired(checkout, machine):
    """An environment whose interpreter has gone is made anew, whatever the note says."""
    up.set_up(("test",))
    up.venv_python(checkout / ".venv").unlink()
    up.set_up(("test",))

    assert 2 == len(machine.installs)


@pytest.mark.parametrize("lacks", ["venv", "ensurepip"])
def test_no_venv_falls_back_to_folder(checkout, machine, lacks):
    """Where no environment with pip can be made, this Python's pip fills a folder."""
    setattr(machine, lacks, False)

    assert "folder" == up.set_up(("test",))
    assert sys.executable == machine.installs[0][0]
    assert ["--target", str(checkout / ".venv" / "site")] == machine.installs[0][-4:-2]
    machine.clear()
    assert "folder" == up.set_up(("test",))
    assert [] == machine


def test_neither_venv_nor_pip(checkout, machine):
    """Where nothing can install, the message names the package to install."""
    machine.venv = machine.pip = False

    with pytest.raises(up.SetupError, match="apt install python3-venv"):
        up.set_up(())
    assert not (checkout / ".venv").exists()


def test_failed_install_is_tried_again(checkout, machine):
    """A failure leaves no note, so the next run tries again; pip's own words are shown."""
    machine.complaint = "ERROR: No matching distribution found for attrs"

    with pytest.raises(up.SetupError, match="No matching distribution"):
        up.set_up(())
    machine.complaint = ""
    assert "venv" == up.set_up(())


def test_no_network_is_explained():
    """Without a network the message says so, and how to go on; other complaints are left as they are."""
    offline = "WARNING: Retrying after NewConnectionError('Failed to establish a new connection')\nERROR: No matching"

    assert "first run needs the network" in up.explain(offline)
    assert "ERROR: No matching" in up.explain(offline)
    assert "network" not in up.explain("ERROR: Invalid requirement")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"home": 1}'])
def test_broken_note_is_no_note(checkout, machine, content):
    """A note that cannot be read counts as none."""
    (checkout / ".venv").mkdir()
    up.NOTE.write_text(content, "utf-8")

    assert "venv" == up.set_up(())
    assert up.home_key() == json.loads(up.NOTE.read_text("utf-8"))["home"]


def test_interpreter_of_each_system():
    """Windows keeps it in Scripts, the others in bin."""
    assert Path("e/Scripts/python.exe") == up.venv_python(Path("e"), windows=True)
    assert Path("e/bin/python") == up.venv_python(Path("e"), windows=False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-n", "2", "--dist", "worksteal"]),
        (["tests/x.py", "-k", "y"], ["-n", "2", "--dist", "worksteal", "tests/x.py", "-k", "y"]),
        (["-n0"], ["-n0"]),
        (["-n", "8"], ["-n", "8"]),
        (["-p", "no:xdist"], ["-p", "no:xdist"]),
        (["--pdb"], ["--pdb"]),
    ],
)
def test_two_processes_unless_told_otherwise(given, expected):
    """Tests run on two processes; whoever chooses, or debugs, gets what was asked for."""
    assert expected == up.pytest_arguments(given)


@pytest.mark.parametrize("command", up.EXTRAS)
def test_every_command_can_be_run(command):
    """Every command of the help has something to run, but for the one that only installs."""
    assert (command == "setup") == (up.commands(command, []) == [])


def test_folder_is_found_by_python():
    """A folder is no environment: the variables lead Python and the shell to it. An environment needs none."""
    settings = up.surroundings("folder", {"PYTHONPATH": "mine", "PATH": "bin", "PYTHONHOME": "h"})

    assert [str(up.ROOT), str(up.SITE), "mine"] == settings["PYTHONPATH"].split(os.pathsep)
    assert str(up.SITE / "bin") == settings["PATH"].split(os.pathsep)[0]
    assert {"PATH": "bin"} == up.surroundings("venv", {"PATH": "bin", "PYTHONHOME": "h"})


def test_exit_code_is_passed_on(monkeypatch):
    """All parts are run and the first failure is the exit code."""
    codes = {"ruff": 3, "mypy": 0}
    monkeypatch.setattr(subprocess, "call", lambda command, **_: codes.pop(command[2]))

    assert 3 == up.run("venv", "lint", [])
    assert {} == codes


def test_only_the_standard_library_is_needed():
    """The tool runs in a Python that has nothing installed."""
    done = subprocess.run([sys.executable, "-I", "-S", up.__file__, "--help"], capture_output=True, text=True)

    assert (0, "") == (done.returncode, done.stderr)
    assert "python3 tools/up.py COMMAND" in done.stdout
