"""The pages of the site, and the words that can be searched for."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from bridge import __version__
from bridge.catalogue import Catalogue, dialects, error_codes, load
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import explain_names
from bridge.cli.site import differences, examples, known, parts
from bridge.cli.site.examples import Examples
from bridge.cli.site.html import Child, Html, joined, page, tag
from bridge.conformance import openrpc
from bridge.control import rpc
from bridge.world.kernel.switches import SWITCHES

COPIED = ("style.css", "search.js")
LEAST_CODE = 1000
"""Smaller numbers in a text are numbers rather than codes."""


class Page(NamedTuple):
    """A page of a dialect: its file's stem, its title, a sentence, the names on it and what makes their sections."""

    stem: str
    title: str
    kind: str
    names: tuple[str, ...]
    sections: Sections


Links = Mapping[str, str]
Others = Callable[[str], Mapping[str, str]]
"""By a name: the places of the same name in other dialects."""
Sections = Callable[[Links, Others], Iterable[Html]]


def write(folder: Path, wanted: Iterable[str]) -> int:
    """Write the site of some dialects into a folder. Returns how many pages there are."""
    every = list(wanted)
    plans = {dialect: plan(dialect) for dialect in every}
    places = {dialect: _places(pages) for dialect, pages in plans.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        (folder / name).write_bytes(pkgutil.get_data("bridge.cli.site", name) or b"")
    count = 0
    for path, text in (*_common(every, places), *(one for name in every for one in _of_dialect(name, plans[name], places))):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="\n")
        count += path.endswith(".html")
    return count


# --- what there is in a dialect


def plan(dialect: str) -> list[Page]:
    """Return the pages of a dialect."""
    catalogue = load(dialect)
    if isinstance(catalogue, NativeCatalogue):
        return _native(catalogue)
    pages = []
    managers: dict[str, list[str]] = {}
    for name in catalogue.method_names:
        managers.setdefault(_manager(catalogue, name), []).append(name)
    found = cache(lambda: {one["method"]: one for one in known.methods(dialect)})
    made = cache(lambda: Examples(dialect))
    for manager, names in sorted(managers.items()):
        pages.append(Page(manager, manager, "method", tuple(names), _methods(names, found, made)))
    for kind in catalogue.listener_kinds:
        listener = catalogue.listener(kind)
        types = () if listener is None else listener.events
        pages.append(Page(kind, kind, "event", tuple(sorted(types)), _events(dialect, sorted(types), made)))
    pages.append(Page("maps", "Maps", "map", catalogue.map_names, _keys(dialect, "map", catalogue.map_names)))
    pages.append(Page("classes", "Dart classes", "class", catalogue.model_names, _keys(dialect, "model", catalogue.model_names)))
    enums = tuple(catalogue.enums())
    pages.append(Page("enums", "Enumerations", "enumeration", enums, _enums(dialect, enums)))
    return pages


def _manager(catalogue: Catalogue, name: str) -> str:
    spec = catalogue.method(name)
    assert spec is not None
    return spec.manager


def _methods(names: Iterable[str], found: Callable[[], Mapping[str, Any]], made: Callable[[], Examples]) -> Sections:
    return lambda links, others: [parts.method(found()[name], links, others(name), made().calls.get(name, {})) for name in names]


def _events(dialect: str, types: Iterable[str], made: Callable[[], Examples]) -> Sections:
    def sections(links: Links, others: Others) -> Iterator[Html]:
        for said in known.named(dialect, types):
            callbacks = {name: place for name in said["callbacks"] for place in list(others(name).values())[:1]}
            yield parts.event(said, links, others(said["event"]), callbacks, made().events.get(said["event"]))

    return sections


def _keys(dialect: str, kind: str, names: Iterable[str]) -> Sections:
    def sections(links: Links, others: Others) -> Iterator[Html]:
        for name in names:
            for said in known.named(dialect, [name]):
                key = kind if kind in said else next(one for one in ("map", "model", "object") if one in said)
                yield parts.keys(said, key, links, others(name))

    return sections


def _enums(dialect: str, names: Iterable[str]) -> Sections:
    values = load(dialect).enums()
    return lambda links, others: [
        parts.enum({"enum": name, "onWire": values[name]["onWire"], "values": values[name]["values"]}, others(name)) for name in names
    ]


def _native(catalogue: NativeCatalogue) -> list[Page]:
    dialect = catalogue.dialect
    managers: dict[str, list[str]] = {}
    for said in known.native(dialect, catalogue.function_names):
        managers.setdefault(said["manager"], []).append(said["function"])

    def functions(names: list[str]) -> Sections:
        return lambda links, others: [
            parts.function(one, _with_dart(one, links, others), others(one["function"]), examples.of_function(catalogue, one["function"]))
            for one in known.native(dialect, names)
        ]

    def callbacks(links: Links, others: Others) -> Iterable[Html]:
        return [parts.callback(one, links, others(one["callback"])) for one in known.native(dialect, catalogue.callback_names)]

    pages = [Page(manager, manager, "function", tuple(names), functions(names)) for manager, names in sorted(managers.items())]
    pages.append(Page("callbacks", "Callbacks", "callback", tuple(catalogue.callback_names), callbacks))
    objects = tuple(catalogue.object_names)
    pages.append(Page("objects", "Objects", "object", objects, _keys(dialect, "object", objects)))
    return pages


def _with_dart(function: Mapping[str, Any], links: Links, others: Others) -> Links:
    """Return the places of a dialect without a channel, and those of Dart's methods in the nearest that has one."""
    names = [name for case in function["cases"] for name in case["dartMethods"] if name not in links]
    found = {name: next((place for one, place in others(name).items() if one in dialects()), None) for name in names}
    return {**links, **{name: place for name, place in found.items() if place is not None}}


# --- where names lead


def _places(pages: Iterable[Page]) -> dict[str, str]:
    """Return where each name of a dialect is, from a page beside it; of two of one name the first."""
    found: dict[str, str] = {}
    for one in pages:
        for name in one.names:
            found.setdefault(name, f"{one.stem}.html#{name}")
    return found


@cache
def _codes() -> dict[str, str]:
    numbers = (str(row["code"]) for row in error_codes())
    return {number: f"codes.html#c{number}" for number in numbers if number.lstrip("-").isdigit() and abs(int(number)) >= LEAST_CODE}


def _words(dialect: str, pages: Iterable[Page]) -> str:
    """Return the script with what can be searched for: [name, kind, place, more words]."""
    rows = [[name, page.kind, f"{page.stem}.html#{name}", page.title] for page in pages for name in page.names]
    for row in error_codes():
        rows.append([f"{row['code']} {row['name'] or ''}".strip(), "code", f"../codes.html#c{row['code']}", row["meaning"]])
    rows += [[name, "switch", f"../switches.html#{name}", switch.what] for name, switch in SWITCHES.items()]
    rows += [[one["name"], "control plane", f"../control.html#{one['name']}", one["summary"]] for one in rpc.described()]
    return f"// {dialect}\nwindow.WORDS = {json.dumps(rows, ensure_ascii=False)};\n"


# --- pages


def _frame(title: str, main: Iterable[Child], menu: Iterable[Child], up: str, words: str, dialect: str) -> str:
    search = tag(
        "div",
        tag("label", f"Search {dialect} ", tag("kbd", "/"), for_="search"),
        tag(
            "input",
            id="search",
            type="search",
            autocomplete="off",
            spellcheck="false",
            role="combobox",
            aria_expanded="false",
            aria_autocomplete="list",
            aria_controls="found",
        ),
        tag("ul", id="found", role="listbox", aria_label="Found", hidden=True),
        tag("p", id="count", role="status", class_="quiet"),
        class_="search",
    )
    body = joined(
        tag("a", "Skip to the content", href="#main", class_="skip"),
        tag("header", tag("a", "timbridge", href=f"{up}index.html", class_="home"), search),
        tag("div", tag("nav", menu, aria_label="Pages"), tag("main", tag("h1", title), main, id="main", tabindex="-1"), class_="columns"),
        tag("footer", tag("p", f"timbridge {__version__}. What is assumed is said to be; nothing here is Tencent's own word.")),
    )
    return page(body, f"{title} – timbridge", up, (words, f"{up}search.js"))


def _list(rows: Iterable[tuple[str, str]], here: str = "") -> Html:
    return tag("ul", [tag("li", tag("a", text, href=place, aria_current="page" if place == here else None)) for place, text in rows])


def _menu(dialect: str, pages: Iterable[Page], every: Iterable[str], here: str) -> list[Child]:
    own = [(f"{one.stem}.html", one.title) for one in pages]
    common = [("../codes.html", "Codes"), ("../switches.html", "Switches"), ("../control.html", "Control plane")]
    others = [(f"../{one}/index.html", one) for one in every]
    return [
        tag("h2", dialect),
        _list([("index.html", "Overview"), ("differences.html", "What differs"), *own], here),
        tag("h2", "All dialects"),
        _list(common),
        tag("h2", "Dialects"),
        _list(others, f"../{dialect}/index.html" if here == "index.html" else ""),
    ]


def _of_dialect(dialect: str, pages: list[Page], places: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    every = list(places)
    links = {**{code: f"../{place}" for code, place in _codes().items()}, **places[dialect]}

    def others(name: str) -> dict[str, str]:
        return {one: f"../{one}/{found[name]}" for one, found in places.items() if one != dialect and name in found}

    def frame(stem: str, title: str, main: Iterable[Child]) -> tuple[str, str]:
        return f"{dialect}/{stem}.html", _frame(title, main, _menu(dialect, pages, every, f"{stem}.html"), "../", "words.js", dialect)

    for one in pages:
        names = [tag("li", tag("a", name, href=f"#{name}")) for name in one.names]
        short = tag("nav", tag("ul", names, class_="names"), aria_label="On this page")
        yield frame(one.stem, f"{one.title}, {dialect}", [short, list(one.sections(links, others))])
    yield frame("differences", f"What differs, {dialect}", list(_different(dialect, links)))
    yield frame("index", dialect, _overview(dialect, pages, links))
    yield f"{dialect}/words.js", _words(dialect, pages)


def _different(dialect: str, links: Links) -> Iterator[Child]:
    catalogue = load(dialect)
    heads = ("Name", "What", "How")
    if not isinstance(catalogue, NativeCatalogue):
        rows = [(parts.linked(name, links), what, how) for name, what, how in differences.by_platform(dialect)]
        yield parts.table("By platform", heads, rows) or tag("p", "Nothing differs by platform.")
    if catalogue.base is not None:
        rows = [(parts.linked(name, links), what, how) for name, what, how in differences.from_base(dialect)]
        yield parts.table(f"From {catalogue.base}", heads, rows) or tag("p", f"Nothing differs from {catalogue.base}.")
    else:
        yield tag("p", "It is based on no other dialect.")


def _overview(dialect: str, pages: list[Page], links: Links) -> list[Child]:
    catalogue = load(dialect)
    about = catalogue.about
    versions = [(one["package"], one["versions"], one["sure"]) for one in about.get("pluginVersions", ())]
    rows = [(tag("a", one.title, href=f"{one.stem}.html"), one.kind, str(len(one.names))) for one in pages]
    return [
        tag("p", _native_about(dialect) if catalogue.channel is None else openrpc.about(catalogue, dialect, catalogue.platforms[0])),
        tag("p", "Platforms: ", ", ".join(catalogue.platforms), "."),
        parts.table("Plugins", ("Package", "Versions", "How sure"), versions),
        parts.table("Pages", ("Page", "What", "How many"), rows),
        tag("ul", [tag("li", parts.linked(note, links)) for note in about["notes"]]) if about["notes"] else None,
    ]


def _native_about(dialect: str) -> str:
    return f"The functions, callbacks and objects of the native library that plugins of {dialect} call."


def _common(every: list[str], places: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    first = every[0]
    links = {**_codes(), **{name: f"{first}/{place}" for name, place in places[first].items()}}
    words = f"{first}/words.js"
    menu: list[Child] = [
        tag("h2", "All dialects"),
        _list([("codes.html", "Codes"), ("switches.html", "Switches"), ("control.html", "Control plane")]),
        tag("h2", "Dialects"),
        _list([(f"{one}/index.html", one) for one in every]),
    ]

    def frame(title: str, main: Iterable[Child]) -> str:
        return _frame(title, main, menu, "", words, first)

    rows = [(tag("a", one, href=f"{one}/index.html"), load(one).plugin_version, ", ".join(load(one).platforms)) for one in every]
    yield "index.html", frame("Reference", [tag("p", ABOUT), parts.table("Dialects", ("Dialect", "Plugin", "Platforms"), rows)])
    codes = filter(None, (explain_names.find(str(row["code"]), []) for row in error_codes()))
    yield "codes.html", frame("Codes", [parts.error(one, links) for one in codes])
    switches = filter(None, (explain_names.find(name, []) for name in SWITCHES))
    yield "switches.html", frame("Switches", [parts.switch(one, links) for one in switches])
    errors = {name: {"code": code, "message": text} for name, (code, text) in openrpc.ERRORS.items()}
    yield "control.html", frame("Control plane", [parts.control(one, errors) for one in rpc.described()])


ABOUT = (
    "Every call, event, class and code of Tencent Cloud Chat's Flutter plugin, by generation of the plugin, as the bridge knows them: "
    "what goes over the channel on each platform, what is refused, and how that is known. Press / to search."
)
