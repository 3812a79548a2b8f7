"""Elements of a page. A child that is no `Html` is text, and is escaped; so is every attribute."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"meta", "link", "input"})


class Html(str):
    """Text that is HTML already. Nobody but this module makes one of what it is given."""


Child = Html | str | int | None | Iterable["Child"]


def joined(*children: Child) -> Html:
    """Return children one after another; None stands for nothing."""
    return Html("".join(_parts(children)))


def _parts(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Html):
            yield child
        elif isinstance(child, (str, int)):
            yield escape(str(child))
        else:
            yield from _parts(child)


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """Return an element. An attribute's `_` is a dash, one behind it is dropped (`class_`); None and False leave it out."""
    written = [name]
    for key, value in attributes.items():
        if value is not None and value is not False:
            word = key.rstrip("_").replace("_", "-")
            written.append(word if value is True else f'{word}="{escape(str(value))}"')
    opening = f"<{' '.join(written)}>"
    return Html(opening if name in VOID else f"{opening}{joined(*children)}</{name}>")


def page(body: Html, title: str, up: str, script: Iterable[str] = ()) -> str:
    """
    Return a whole page.

    Args:
        up: the way to the site's folder: "" or "../".
        script: addresses of scripts.
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="stylesheet", href=f"{up}style.css"),
        [tag("script", src=address, defer=True) for address in script],
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', body), lang='en')}\n"
