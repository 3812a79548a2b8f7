"""The generator of the coverage page."""

import json

from bridge.catalogue import dialects, load
from tools import gen_ledger

TEST = "tests/tools/test_gen_ledger.py::test_page_has_every_method"


def seen(folder, *rows):
    """Write down what a test run saw."""
    (folder / "main.json").write_text(json.dumps(list(rows)))
    return folder


def test_page_has_every_method():
    """Each method of each dialect has a line, there or where its base is, and each event."""
    text = gen_ledger.rendered({})
    lines: dict[str, set[str]] = {}
    for dialect in dialects():
        part = text.partition(f"## {dialect}\n")[2].partition("\n## ")[0]
        base = load(dialect).base
        lines[dialect] = {name for name in load(dialect).method_names if f"| `{name}` |" in part} | lines.get(base or "", set())
        assert set(load(dialect).method_names) <= lines[dialect]
    assert "| `onConversationGroupCreated` | conversationListener |" in text


def test_dialect_lists_what_differs() -> None:
    """What is played as in the base stands there alone; what the base has more is named."""
    part = gen_ledger.rendered({}).partition("## im-4.2\n")[2].partition("\n## ")[0]
    assert "played as in im-5.0" in part
    assert len(part.splitlines()) < 60


def test_event_gets_its_test(tmp_path):
    """The page names the test that saw an event."""
    events = gen_ledger.merged({}, seen(tmp_path, ["chat-8.2", "ios", "conversationListener", "onSyncServerStart", [TEST]]))

    assert {"conversationListener/onSyncServerStart": TEST} == events["chat-8.2 ios"]
    assert TEST.removeprefix("tests/") in gen_ledger.rendered(events)


def test_event_keeps_its_test(tmp_path):
    """A test that is still there stays; one that is gone makes room; one that never was is not taken."""
    row = ["chat-8.2", "ios", "l", "e", [TEST.replace("page_has_every_method", "event_gets_its_test"), "tests/x.py::test_no"]]
    folder = seen(tmp_path, row)

    assert TEST == gen_ledger.merged({"chat-8.2 ios": {"l/e": TEST}}, folder)["chat-8.2 ios"]["l/e"]
    found = gen_ledger.merged({"chat-8.2 ios": {"l/e": "tests/x.py::test_gone"}}, folder)["chat-8.2 ios"]["l/e"]
    assert found.endswith("::test_event_gets_its_test")


def test_check_writes_nothing(tmp_path, monkeypatch, capsys):
    """`--check` fails on an outdated page and leaves it alone; without it the page is written, and then it passes."""
    monkeypatch.setattr(gen_ledger, "TARGET", tmp_path / "COVERAGE.md")

    assert 1 == gen_ledger.main(["--check"])
    assert "out of date" in capsys.readouterr().err
    assert 0 == gen_ledger.main([])
    assert 0 == gen_ledger.main(["--check"])
