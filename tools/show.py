"""
Show what a dialect says of something, with all that it has from its bases: `python3 tools/up.py show DIALECT [NAME]`.

NAME is a method, an event (`onConversationChanged` or `conversationListener/onConversationChanged`), a map, a class or
`enums`; without one the dialect itself is shown. First comes which files it is made of, the nearest first; with
`--platforms` every platform is named in it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bridge.catalogue.overlays import Platforms, whole  # noqa: E402
from bridge.catalogue.packing import KINDS  # noqa: E402
from bridge.catalogue.sources import SCHEMAS, FolderSource, dialect_names  # noqa: E402
from bridge.errors import nearest  # noqa: E402
from tools.draft_schemas import layout  # noqa: E402


def found(source: FolderSource, name: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, full name) of whatever is called that."""
    for kind in KINDS:
        for known in source.names(kind):
            if name == known or (kind == "events" and name == known.partition("/")[2]):
                yield kind, known


def shown(dialect: str, name: str | None, platforms: bool = False) -> str:
    """
    Return the text for a dialect's document; LookupError with the nearest names where there is none.
    """
    if dialect not in dialect_names():
        raise LookupError(f"there is no dialect {dialect!r}; there are {', '.join(dialect_names())}")
    source = FolderSource(os.path.join(SCHEMAS, dialect))
    if name is None:
        return _text([os.path.join(folder, "dialect.json") for folder in source.folders], dict(source.dialect))
    there = list(found(source, name))
    if not there:
        near = nearest(name, {known.rpartition("/")[2]: None for kind in KINDS for known in source.names(kind)})
        raise LookupError(f"{dialect} has no {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))
    spread = Platforms(source.dialect["platforms"])
    parts = []
    for kind, known in there:
        document = dict(source.document(kind, known))
        parts.append(_text(source.files(kind, known), whole(document, spread) if platforms else document))
    return "\n".join(parts)


def _text(files: list[str], document: dict[str, object]) -> str:
    heads = [f"# {Path(path).relative_to(ROOT).as_posix()}" for path in files]
    return "\n".join([*heads, layout(document)])


def main(arguments: list[str] | None = None) -> int:
    """Print it; 1 where there is no such thing."""
    parser = argparse.ArgumentParser(description="Show what a dialect says of something, its bases included.")
    parser.add_argument("dialect")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--platforms", action="store_true", help="name every platform")
    options = parser.parse_args(arguments)
    try:
        print(shown(options.dialect, options.name, options.platforms))
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
