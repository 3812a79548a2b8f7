"""The parser of command lines, and the help that is written from the same data."""

import pytest

from bridge.cli.options import HelpWanted, Option, UsageError, Verb, help_text, parse

VERB = Verb(
    "play",
    "Plays something.",
    (
        Option("--loud", "Plays it loud."),
        Option("--times", "How often.", "N", 1, number=1),
        Option("--key-name", "In which key.", "NAME", "minor", ("major", "minor")),
        Option("--title", "What it is called.", "TEXT"),
    ),
    "WHAT [WHERE]",
    1,
    2,
    examples=("timbridge play tune",),
)
REST = VERB._replace(rest=True, most=None)


def test_defaults_stand():
    """Options that are not given have their defaults, switches None."""
    assert ({"loud": None, "times": 1, "key_name": "minor", "title": None}, ["tune"]) == parse(VERB, ["tune"])


@pytest.mark.parametrize("words", [["--times", "3", "tune"], ["--times=3", "tune"], ["tune", "--times", "3"]])
def test_values_are_read(words):
    """A value stands behind the option or behind an equals sign, before or behind the arguments."""
    options, arguments = parse(VERB, words)
    assert (3, ["tune"]) == (options["times"], arguments)


def test_value_may_look_like_an_option():
    """What stands behind an option that takes a value is its value."""
    assert "--loud" == parse(VERB, ["--title", "--loud", "tune"])[0]["title"]


def test_two_dashes_end_the_options():
    """Behind `--` everything is an argument."""
    assert ["--loud", "-h"] == parse(VERB, ["--", "--loud", "-h"])[1]


def test_rest_is_left_alone():
    """Where a command follows, its own options are not ours."""
    options, arguments = parse(REST, ["--loud", "flutter", "test", "--times", "x", "--help"])
    assert (True, ["flutter", "test", "--times", "x", "--help"]) == (options["loud"], arguments)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "something is missing: timbridge play WHAT"),
        (["a", "b", "c"], "does not know what to do with 'c'"),
        (["a", "--lowd"], "play has no option --lowd; did you mean --loud?"),
        (["a", "--xyzzy"], "play has no option --xyzzy; see `timbridge play --help`"),
        (["a", "-x"], "play has no option -x"),
        (["a", "--title"], "--title wants a value: --title TEXT"),
        (["a", "--loud=yes"], "--loud takes no value"),
        (["a", "--times", "often"], "--times wants a whole number, not 'often'"),
        (["a", "--times", "0"], "--times must be at least 1"),
        (["a", "--key-name", "b"], "--key-name is one of major, minor, not 'b'"),
    ],
)
def test_mistakes_are_named(words, said):
    """Each mistake is told with what would be right."""
    with pytest.raises(UsageError) as refused:
        parse(VERB, words)
    assert said in str(refused.value)


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_asked_for_anywhere(word):
    """Help is given whatever else is wrong."""
    with pytest.raises(HelpWanted):
        parse(VERB, ["--times", "3", word])


def test_help_tells_everything():
    """The help names usage, options with choices and defaults, and examples."""
    text = help_text(VERB)
    for part in ("usage: timbridge play [OPTIONS] WHAT [WHERE]", "One of major, minor. [minor]", "How often. [1]", "timbridge play tune"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 110
