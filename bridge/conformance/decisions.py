"""
What we have decided where nobody outside knows what the service does: `DECISIONS.md`, by heading.

Rules and docstrings cite a decision as `DECISIONS.md: HEADING`, without its date. In a checkout the file is read where it stands, in an
installation from what was packed.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from bridge.catalogue.sources import PACKED, SCHEMAS

NAME = "DECISIONS.md"
PLACES = (os.path.join(os.path.dirname(SCHEMAS), NAME), os.path.join(PACKED, NAME))

_HEADING = re.compile(r"^### (.*?)(?: \(\d{4}-\d\d-\d\d\))?$", re.MULTILINE)


@lru_cache(maxsize=1)
def decisions() -> dict[str, str]:
    """Return the text of every decision by its heading, in their order; the text ends where another heading begins."""
    path = next(filter(os.path.exists, PLACES))
    with open(path, encoding="utf-8") as file:
        _, *parts = _HEADING.split(file.read())
    return {heading: text.partition("\n## ")[0].strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def cited(source: str) -> dict[str, str]:
    """Return the text of every decision that a source such as `error-code page; DECISIONS.md: HEADING` cites, by its heading."""
    known = {heading.casefold(): heading for heading in decisions()}
    named = [part.strip().removeprefix(f"{NAME}: ").casefold() for part in source.split(";") if part.strip().startswith(f"{NAME}: ")]
    return {known[name]: decisions()[known[name]] for name in named if name in known}
