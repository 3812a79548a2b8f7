"""`timbridge completion`: the shell completes verbs, options, their values, and the names of what can be called and explained."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from bridge.catalogue import dialects, load, native_dialects
from bridge.cli import VERBS
from bridge.cli.options import Option, UsageError, Verb

SHELLS = ("bash", "zsh", "fish")

VERB = Verb(
    "completion",
    "Prints the script that lets a shell complete `timbridge`. Write it where your shell looks for such scripts.",
    (Option("--words", "Print what may stand behind the given words; for the scripts."),),
    "bash|zsh|fish",
    0,
    None,
    rest=True,
    examples=(
        "timbridge completion bash > ~/.local/share/bash-completion/completions/timbridge",
        'timbridge completion zsh > "${fpath[1]}/_timbridge"',
        "timbridge completion fish > ~/.config/fish/completions/timbridge.fish",
    ),
)

SCRIPTS = {
    "bash": """\
_timbridge() {
    local words
    words=$(timbridge completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null) || return
    COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
    case "${COMPREPLY[0]}" in *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _timbridge timbridge""",
    "zsh": """\
#compdef timbridge
_timbridge() {
    local -a found named
    local none=1
    found=(${(f)"$(timbridge completion --words -- "${(@)words[2,CURRENT-1]}" 2>/dev/null)"})
    named=(${(M)found:#*=}) found=(${found:#*=})
    compadd -S '' -a named && none=0
    compadd -a found && none=0
    (( none )) && _files
}
if [ "$funcstack[1]" = _timbridge ]; then _timbridge "$@"; else compdef _timbridge timbridge; fi""",
    "fish": """\
complete -c timbridge -a '(timbridge completion --words -- (commandline -opc)[2..-1] 2>/dev/null)'""",
}

METHOD_VERBS = ("call", "explain")


def run(options: dict[str, Any], arguments: list[str]) -> int:
    """Print a script, or what may come next."""
    if options["words"]:
        print("\n".join(sorted(words_behind(arguments))))
        return 0
    if len(arguments) != 1 or arguments[0] not in SHELLS:
        raise UsageError(f"completion wants one of {', '.join(SHELLS)}")
    print(SCRIPTS[arguments[0]])
    return 0


def words_behind(words: list[str]) -> list[str]:
    """Return what may stand behind the words of a command line, `timbridge` not among them; [] if that may be anything."""
    if not words:
        return [*VERBS, "--help", "--version"]
    if words[0] not in VERBS:
        return list(VERBS) if words == ["help"] else []
    verb: Verb = import_module(f"bridge.cli.{words[0]}").VERB
    by_name = {option.name: option for option in verb.options}
    last = by_name.get(words[-1])
    if last is not None and last.value:
        return list(last.choices)
    taken = _arguments(words[1:], by_name)
    found = [*by_name, "--help"]
    if verb.name == "completion":
        return [*SHELLS, *found]
    if verb.name == "list" and not taken:
        from bridge.cli.list import KINDS

        return [*found, *KINDS]
    if verb.name in METHOD_VERBS:
        return [*found, *(_arguments_of(taken[0], words) if taken else _methods(words))]
    return found


def _arguments(words: list[str], by_name: dict[str, Option]) -> list[str]:
    """Return those of the words that are neither options nor their values."""
    found = []
    behind = ""
    for word in words:
        option = by_name.get(behind)
        if not word.startswith("-") and not (option is not None and option.value):
            found.append(word)
        behind = word
    return found


def _methods(words: list[str]) -> list[str]:
    from bridge.control import registry

    found = [*(method for name in _asked(words) for method in load(name).method_names), *map(registry.full_name, registry.all_specs())]
    if words[0] != "explain":
        return found
    from bridge.cli import explain_names, explain_native

    asked = list(_asked(words))
    native = asked if "--dialect" in words else native_dialects()
    return [*dict.fromkeys([*found, *explain_names.names(asked), *explain_native.names(native)])]


def _arguments_of(method: str, words: list[str]) -> list[str]:
    """Return the arguments of a channel method or a call of the control plane, as they are given: `groupName=`."""
    from bridge.control import registry

    if words[0] != "call":
        return []
    control = registry.all_specs().get(method.removeprefix("bridge."))
    if control is not None:
        names = list(control.params)
    else:
        specs = [spec for name in _asked(words) if (spec := load(name).method(method)) is not None]
        names = [param.key for spec in specs[:1] for param in spec.params]
    given = {word.partition("=")[0] for word in words}
    return [f"{name}=" for name in names if name not in given]


def _asked(words: list[str]) -> Sequence[str]:
    return [name for name in (*dialects(), *native_dialects()) if name in words] or dialects()[:1]
