"""What is shipped besides the code: workflow, container and the snippets for CI name files, verbs and options that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge import __version__
from bridge.cli import VERBS
from bridge.cli.options import parse
from tools import release

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
PAGES = ("docs/ci.md", "docs/install.md")


def snippets(page: str, language: str) -> list[str]:
    """Return the code of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every job of the workflow and of the snippets with steps."""
    texts = [WORKFLOW.read_text("utf-8"), *(text for text in snippets("docs/ci.md", "yaml") if "jobs:" in text)]
    for text in texts:
        yield from yaml.safe_load(text)["jobs"].items()


def commands() -> list[str]:
    """Return every command line of workflow, snippets, pages and container."""
    steps = [step["run"] for _, job in jobs() for step in job["steps"] if "run" in step]
    gitlab = [line for text in snippets("docs/ci.md", "yaml") if "jobs:" not in text for line in yaml.safe_load(text)["flutter"]["script"]]
    shell = [text for page in PAGES for text in snippets(page, "sh")]
    return [line for text in (*steps, *gitlab, *shell) for line in text.splitlines()]


def test_jobs_are_whole() -> None:
    """Every job has a machine and steps that use or run something, and waits for jobs that there are."""
    found = list(jobs())
    assert {"build", "python", "dart", "flutter"} == {name for name, _ in found}
    for name, job in found:
        assert "ubuntu-latest" == job["runs-on"], name
        assert set(filter(None, [job.get("needs")])) <= {"build"}
        assert all(("uses" in step) != ("run" in step) for step in job["steps"]), name


def test_only_tags_are_published() -> None:
    """What publishes runs behind the build, and for tags alone."""
    by_name = dict(jobs())
    tag = "github.ref_type == 'tag'"
    assert ("build", tag) == (by_name["python"]["needs"], by_name["python"]["if"])
    forced = [step for step in by_name["dart"]["steps"] if "--force" in step.get("run", "")]
    assert [tag] == [step["if"] for step in forced]
    assert any(step.get("run") == 'python tools/release.py "$GITHUB_REF_NAME"' for step in by_name["build"]["steps"])


def test_commands_are_ours() -> None:
    """Every call of the command parses with its verb's options, every file of ours that is run is there."""
    verbs = set()
    for line in commands():
        words = shlex.split(line, comments=True)
        for at, word in enumerate(words):
            if word.startswith(("tools/", ".ci/")):
                assert (ROOT / word).exists(), line
            follows = words[at + 1 :]
            if re.search(r"(^|/)timbridge(\.pyz)?$", word) and follows and follows[0] in VERBS:
                parse(import_module(f"bridge.cli.{follows[0]}").VERB, follows[1:])
                verbs.add(follows[0])
    assert {"demo", "doctor", "exec", "serve"} <= verbs


def test_container_runs_a_verb() -> None:
    """The container starts the command, with a verb that there is, as nobody in particular."""
    said = (ROOT / "Dockerfile").read_text("utf-8")
    assert ['["timbridge"]'] == re.findall(r"^ENTRYPOINT (.*)$", said, re.MULTILINE)
    assert re.findall(r'^CMD \["(\w+)"\]$', said, re.MULTILINE)[0] in VERBS
    assert re.search(r"^USER (?!root)", said, re.MULTILINE)


@pytest.mark.parametrize(("tag", "wrong"), [(f"v{__version__}", 0), ("v99.0.0", 4), ("release-1", 1)])
def test_tag_must_be_the_version(tag: str, wrong: int, tmp_path: Path) -> None:
    """A tag that some place does not name is told with the place."""
    for place in release.PLACES:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / place).read_text("utf-8")
        if place == "CHANGELOG.md":
            text = text.replace("## Unreleased", f"## {__version__}")
        (tmp_path / place).write_text(text, "utf-8")
    assert wrong == len(list(release.problems(tag, tmp_path)))
