"""`timbridge reference`: pages for people."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bridge.catalogue import dialects, error_codes, load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import main
from bridge.cli.site import differences, known, pages, parts
from bridge.cli.site.examples import Examples
from bridge.cli.site.html import joined, tag
from bridge.cli.site.html import page as html_page
from bridge.world.kernel.switches import SWITCHES

WRITTEN = ("im-4.1", "native-8.5")
VOID = {"meta", "link", "input"}
HOSTILE = """</code><script>alert(1)</script>" onload='x' &lt;"""


class Read(HTMLParser):
    """What stands in a page: ids, links, text; whatever is not closed in order is a flaw."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.flaws: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        self.flaws += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            elif name in ("href", "src"):
                self.links.append(str(value))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.flaws.append(f"</{tag}>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site of a dialect with a channel and one without."""
    folder = tmp_path_factory.mktemp("site")
    pages.write(folder, WRITTEN)
    return folder


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, Read]:
    """Return what stands in every page, by its path."""
    return {path.relative_to(site).as_posix(): Read(path.read_text("utf-8")) for path in site.rglob("*.html")}


def section_of(site: Path, page: str, name: str) -> str:
    """Return the section of a name."""
    text = (site / "im-4.1" / f"{page}.html").read_text("utf-8")
    return text.partition(f'<section id="{name}">')[2].partition("</section>")[0]


def words(site: Path, dialect: str) -> list[list[str]]:
    """Return what can be searched for."""
    text = (site / dialect / "words.js").read_text("utf-8").partition("window.WORDS = ")[2]
    found: list[list[str]] = json.loads(text.rstrip(";\n"))
    return found


def test_every_link_leads_somewhere(site: Path, read: dict[str, Read]) -> None:
    """To a page and a place on it, in this folder: nothing is asked of a network."""
    lost = []
    for path, one in read.items():
        for link in one.links:
            file, _, anchor = link.partition("#")
            to = ((site / path).parent / file).resolve().relative_to(site.resolve()).as_posix() if file else path
            if not (site / to).is_file() or (anchor and anchor not in read[to].ids):
                lost.append(f"{path}: {link}")
    assert [] == lost
    for name in ("style.css", "search.js"):
        assert "http" not in (site / name).read_text("utf-8")


def test_pages_are_well_formed(read: dict[str, Read]) -> None:
    """Every element is closed in order, and no id comes twice on a page."""
    assert {} == {path: one.flaws for path, one in read.items() if one.flaws}
    assert [] == [path for path, one in read.items() if len(one.ids) != len(set(one.ids))]


def test_search_leads_to_every_name(site: Path, read: dict[str, Read]) -> None:
    """Every name of a dialect can be searched for, and is there where the search leads."""
    for dialect in WRITTEN:
        rows = words(site, dialect)
        assert {name for page in pages.plan(dialect) for name in page.names} <= {name for name, *_ in rows}
        for _, _, place, _ in rows:
            file, _, anchor = place.partition("#")
            path = file.removeprefix("../") if file.startswith("../") else f"{dialect}/{file}"
            assert anchor in read[path].ids, place


@pytest.mark.parametrize("dialect", [*dialects(), *native_dialects()])
def test_every_name_has_a_page(dialect: str) -> None:
    """All methods, events, maps, classes and enumerations; all functions, callbacks and objects."""
    named = {name for page in pages.plan(dialect) for name in page.names}
    catalogue = load(dialect)
    there = {*catalogue.method_names, *catalogue.event_types, *catalogue.map_names, *catalogue.model_names}
    if isinstance(catalogue, NativeCatalogue):
        there = {*catalogue.function_names, *catalogue.callback_names, *catalogue.object_names}
    else:
        there |= set(catalogue.enums())
    assert there == named
    assert there


def test_codes_and_switches_have_places(read: dict[str, Read]) -> None:
    """Every code and every switch of the console."""
    assert {f"c{row['code']}" for row in error_codes()} <= set(read["codes.html"].ids)
    assert set(SWITCHES) <= set(read["switches.html"].ids)
    assert "bridge.user.call" in read["control.html"].ids


def test_all_that_is_known_is_told(site: Path) -> None:
    """Of a method: arguments, replies by platform, refusals, rules with their sources, an example with a reply; of an event its data."""
    section = section_of(site, "groupManager", "getGroupMemberList")
    for part in ("groupID", "filter", "nextSeq", "android", "ios", "Rules", "documented", "The bridge&#x27;s reply:", "memberInfoList"):
        assert part in section, part
    told = section_of(site, "groupListener", "onMemberEnter")
    for part in ("addGroupListener", "memberList", "Example", "listenerUuid"):
        assert part in told, part
    called = (site / "native-8.5" / "messageManager.html").read_text("utf-8")
    assert "json_msg_param" in called
    assert '<table><caption>From native-8.8</caption>' in (site / "native-8.5" / "differences.html").read_text("utf-8")


def is_refusal(reply: Any) -> bool:
    """Return whether a reply is an envelope with a code."""
    return isinstance(reply, dict) and reply.get("code", 0) != 0


@pytest.fixture(scope="module")
def made() -> Examples:
    """Return the examples of a dialect whose pages are written."""
    return Examples("im-4.1")


def test_every_platform_has_its_example(made: Examples) -> None:
    """Of each method that it has and ever answers: a success, of the same call as on the others."""
    catalogue = load("im-4.1")
    there = {
        (method, platform)
        for said in known.methods("im-4.1")
        for method, platform in ((said["method"], one) for one in catalogue.platforms)
        if not said["replies"][platform].startswith(("does not exist", "is never answered"))
    }
    assert there == {(method, platform) for method, found in made.calls.items() for platform in found}
    refused = [name for name, found in made.calls.items() if any(is_refusal(one["reply"]) for one in found.values())]
    assert [] == refused
    given = {name: {tuple(sorted(one["arguments"])) for one in found.values()} for name, found in made.calls.items()}
    assert [] == [name for name, found in given.items() if len(found) > 1]


def test_each_answer_is_shown_once(site: Path, made: Examples) -> None:
    """Platforms that answer the same share an example; another answer stands by itself, with the call only if that is another one."""
    for page in pages.plan("im-4.1"):
        for name in page.names if page.kind == "method" else ():
            found = made.calls.get(name, {})
            section = section_of(site, page.stem, name)
            replies = {json.dumps(one["reply"]) for one in found.values()}
            calls = {json.dumps(one["arguments"]) for one in found.values()}
            assert len(replies) == section.count("reply:</p>") == section.count("<summary>Example"), name
            assert len(calls) == section.count("The call:"), name
            labels = {one for names in re.findall("<summary>Example, ([a-z, ]*)</summary>", section) for one in names.split(", ")}
            assert labels == (set(found) if len(replies) > 1 else set()), name


def test_platforms_that_answer_otherwise(site: Path) -> None:
    """Have their own words: the iOS adapter answers a text where the other has null."""
    section = section_of(site, "signalingManager", "accept")
    first, _, other = section.partition("<summary>Example, ios</summary>")
    assert "<summary>Example, android</summary>" in first
    assert ("&quot;data&quot;: null" in first, "&quot;data&quot;: &quot;ok&quot;" in other) == (True, True)


def test_what_differs_by_platform() -> None:
    """Replies of methods, events that some platforms do not send, keys of maps."""
    found = {(name, kind): how for name, kind, how in differences.by_platform("im-4.1")}
    assert 'android: {code, desc, data: null}; ios: {code, desc, data: "ok"}' == found["accept", "method"]
    assert "android: message (V2TIMMessage (with id)); ios: message" in found["onSendMessageProgress", "event"]
    assert "android: UUID (string or null); ios: UUID (string)" == found["V2TIMFileElem", "map"]
    gone = {name: how for name, _, how in differences.from_base("im-5.0")}
    assert "chat-8.2 has it, im-5.0 has not" == gone["addCommunityListener"]


def test_hostile_text_stays_text() -> None:
    """Text and attributes are escaped, in links and tables, too; what is HTML already is not escaped again."""
    texts = (
        tag("p", HOSTILE),
        tag("p", "x", title=HOSTILE),
        parts.linked(f"{HOSTILE} login", {"login": "a.html"}),
        parts.table(HOSTILE, (HOSTILE,), [(HOSTILE,)]),
        parts.code({HOSTILE: HOSTILE}, HOSTILE),
        parts.section(HOSTILE, HOSTILE, HOSTILE),
        html_page(joined(HOSTILE), HOSTILE, "", ()),
    )
    for text in texts:
        one = Read(str(text))
        assert not one.flaws and "script" not in one.tags
        assert "<script" not in str(text)
        assert re.search(r"&lt;/code&gt;&lt;script&gt;", str(text))
    assert "<b>&amp;</b>" == str(joined(tag("b", "&")))


def test_verb_writes_the_same_every_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And says where to begin; whatever order Python's sets have, every byte is the same."""
    new, again = tmp_path / "new", tmp_path / "again"
    assert 0 == main(["reference", "--dialect", "native-8.5", "--out", str(new)])
    count = len(list(new.rglob("*.html")))
    assert f"{count} pages, which begin at {new / 'index.html'}\n" == capsys.readouterr().out
    command = [sys.executable, "-m", "bridge", "reference", "--dialect", "native-8.5", "--out", str(again)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    files = [path.relative_to(new) for path in sorted(new.rglob("*")) if path.is_file()]
    assert [path.relative_to(again) for path in sorted(again.rglob("*")) if path.is_file()] == files
    assert [] == [path for path in files if (new / path).read_bytes() != (again / path).read_bytes()]


def test_unknown_dialect_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written."""
    assert 2 == main(["reference", "--dialect", "im-9", "--out", str(tmp_path / "none")])
    assert "im-9" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
