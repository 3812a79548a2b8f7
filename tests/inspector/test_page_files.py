"""The page's files: no markup is ever made of data, no word stands outside the texts, and both languages say everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.inspector import pages

PAGE = Path(pages.__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|createContextualFragment|srcdoc|setHTML"
)
LONGEST = 450


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_markup_is_made(script: Path) -> None:
    """No script makes elements of text, or code of text; nor is any but the texts too long."""
    text = script.read_text("utf-8")
    assert [] == MARKUP.findall(text)
    assert script.name == "texts.js" or len(text.splitlines()) < LONGEST


def test_page_has_nothing_inline() -> None:
    """The one HTML file has no script, style or handler of its own, and fetches nothing from elsewhere."""
    text = (PAGE / "index.html").read_text("utf-8")
    assert [] == re.findall(r"<style|\son\w+=|style=|https?:|<script(?![^>]* src=)", text)
    assert [] == [one for path in PAGE.glob("*.css") for one in re.findall(r"@import|url\(", path.read_text("utf-8"))]


def keys(language: str) -> list[str]:
    """Return the names of a language's texts, in order, as often as they stand there."""
    text = (PAGE / "texts.js").read_text("utf-8")
    table = text[text.index(f"const {language} = {{") :].partition("\n};")[0]
    return re.findall(r"^  '?([\w. ]+)'?:", table, re.MULTILINE)


def test_languages_say_the_same() -> None:
    """Each text is there once in both languages."""
    english, chinese = keys("EN"), keys("ZH")
    assert english == chinese
    assert len(set(english)) == len(english)


def test_every_text_is_used() -> None:
    """Every text that a script asks for is there, and every text is asked for, by its whole name or by how it begins."""
    there = set(keys("EN"))
    source = "\n".join(path.read_text("utf-8") for path in SCRIPTS if path.name != "texts.js")
    asked = set(re.findall(r"\bt\('([^']+)'", source)) | set(re.findall(r"words: '([^']+)'", source))
    begun = tuple(set(re.findall(r"`([a-zA-Z]+\.[a-zA-Z]*)\$\{", source)))  # as in t(`kind.${kind}`)
    assert set() == asked - there
    assert [] == sorted(name for name in there if f"'{name}'" not in source and not name.startswith(begun))
