"""
Options of verbs as data: parsed, printed as help, completed by shells.

`argparse` takes 4 ms to import, which a spawned server pays on every start; what the verbs need of it is this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bridge.errors import BridgeError, did_you_mean, nearest


class Option(NamedTuple):
    """
    An option of a verb.

    Attributes:
        name: with its dashes. The value is kept under the name without them, with `_` for `-`.
        what: one sentence for `--help`.
        value: what stands for its value in the help; "" for a switch, which takes none.
        default: its value where it is not given.
        choices: the values it takes; () for any.
        number: its value is an integer of at least this; None for any text.
    """

    name: str
    what: str
    value: str = ""
    default: Any = None
    choices: tuple[str, ...] = ()
    number: int | None = None

    @property
    def key(self) -> str:
        """Return the name under which the value is kept."""
        return self.name.lstrip("-").replace("-", "_")


class Verb(NamedTuple):
    """
    How a verb is called.

    Attributes:
        name: the verb.
        what: one sentence or more for `--help`, wrapped by hand.
        options: its options; `--help` is understood everywhere.
        arguments: how its arguments are shown, "" when it takes none.
        least, most: how many arguments it takes; None for any number.
        rest: from the first argument on nothing is an option of ours any more.
        examples: lines for the end of the help.
    """

    name: str
    what: str
    options: tuple[Option, ...] = ()
    arguments: str = ""
    least: int = 0
    most: int | None = 0
    rest: bool = False
    examples: tuple[str, ...] = ()


class HelpWanted(Exception):
    """`--help` was among the arguments."""


class UsageError(BridgeError):
    """What was typed is no call of the verb; the message says what would be."""


def parse(verb: Verb, words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """
    Read a command line.

    Returns: (the value of every option by its key, the arguments).

    Raises:
        HelpWanted: `--help` or `-h`. UsageError: an unknown option (with the nearest one), a value that is missing
        or none of the choices, a wrong number of arguments.
    """
    by_name = {option.name: option for option in verb.options}
    values = {option.key: option.default for option in verb.options}
    arguments: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            arguments.extend(words[at:])
            break
        if not word.startswith("-") or word == "-":
            arguments.append(word)
            if verb.rest:
                arguments.extend(words[at:])
                break
            continue
        if word in ("-h", "--help"):
            raise HelpWanted
        name, equals, given = word.partition("=")
        option = by_name.get(name)
        if option is None:
            raise _unknown(verb, name)
        if not option.value:
            if equals:
                raise UsageError(f"{name} takes no value")
            values[option.key] = True
            continue
        if not equals:
            if at == len(words):
                raise UsageError(f"{name} wants a value: {name} {option.value}")
            given = words[at]
            at += 1
        values[option.key] = _value(option, given)
    _count(verb, arguments)
    return values, arguments


def _unknown(verb: Verb, name: str) -> UsageError:
    hint = did_you_mean(nearest(name, [option.name for option in verb.options]), f"see `timbridge {verb.name} --help`")
    return UsageError(f"{verb.name} has no option {name}{hint}")


def _value(option: Option, given: str) -> Any:
    if option.choices and given not in option.choices:
        meant = did_you_mean(nearest(given, option.choices), "")
        raise UsageError(f"{option.name} is one of {', '.join(option.choices)}, not {given!r}{meant}")
    if option.number is None:
        return given
    try:
        number = int(given)
    except ValueError:
        raise UsageError(f"{option.name} wants a whole number, not {given!r}") from None
    if number < option.number:
        raise UsageError(f"{option.name} must be at least {option.number}")
    return number


def _count(verb: Verb, arguments: list[str]) -> None:
    if len(arguments) < verb.least:
        raise UsageError(f"something is missing: timbridge {verb.name} {verb.arguments}")
    if verb.most is not None and len(arguments) > verb.most:
        raise UsageError(f"{verb.name} does not know what to do with {arguments[verb.most]!r}")


def help_text(verb: Verb) -> str:
    """Return the help of a verb."""
    usage = " ".join(part for part in (f"timbridge {verb.name}", "[OPTIONS]" if verb.options else "", verb.arguments) if part)
    lines = [f"usage: {usage}", "", verb.what]
    if verb.options:
        lines += ["", "options:"]
        shown = [f"  {option.name} {option.value}".rstrip() for option in verb.options]
        width = min(max(map(len, shown)) + 2, 28)
        for text, option in zip(shown, verb.options, strict=True):
            lines += _entry(text, _what(option), width)
    if verb.examples:
        lines += ["", "examples:", *(f"  {line}" for line in verb.examples)]
    return "\n".join(lines)


def _what(option: Option) -> str:
    what = option.what
    if option.choices:
        what += f" One of {', '.join(option.choices)}."
    if option.value and option.default not in (None, ""):
        what += f" [{option.default}]"
    return what


def _entry(text: str, what: str, width: int) -> list[str]:
    """Return an option's lines: its name, and what it does, wrapped beside it."""
    from textwrap import wrap

    body = wrap(what, 100 - width)
    if len(text) > width - 2:
        return [text, *(" " * width + line for line in body)]
    return [text.ljust(width) + body[0], *(" " * width + line for line in body[1:])]
