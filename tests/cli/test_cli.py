"""The command as people meet it: verbs, help, exit statuses, what goes where."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bridge import __version__
from bridge.cli import VERBS, main
from bridge.cli.call import values
from bridge.cli.completion import SCRIPTS, words_behind
from bridge.cli.options import UsageError, help_text
from bridge.emulator import Settings
from bridge.engine.engine import Options
from tests.transports.doors import listening

ROOT = Path(__file__).parent.parent.parent
KINDS = [(dialect, platform) for dialect in ("chat-8.2", "im-5.0") for platform in ("android", "ios")]


@pytest.fixture
def said(capfd):
    """Return a function that runs the command and gives (status, stdout, stderr)."""

    def run(*words):
        status = main(list(words))
        out, err = capfd.readouterr()
        return status, out, err

    return run


def process(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "bridge", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options
    )


# --- the command


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_version_is_told(said, word):
    """The version stands on stdout."""
    assert (0, f"timbridge {__version__}\n", "") == said(word)


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)])
def test_help_lists_all_verbs(said, words):
    """Each verb with a sentence."""
    status, out, err = said(*words)
    assert (0, "") == (status, err)
    assert all(name in out and what in out for name, what in VERBS.items())


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_have_help(said, verb):
    """Help is sentences: each option's text begins with a capital letter and ends with a full stop."""
    spec = import_module(f"bridge.cli.{verb}").VERB
    assert verb == spec.name
    assert (0, help_text(spec) + "\n", "") == said(verb, "--help") == said("help", verb)
    for option in spec.options:
        assert option.what[0].isupper() and option.what.endswith("."), option.name


def test_unknown_verb_is_guessed(said):
    """A verb that is none gets the nearest, on stderr, with status 2."""
    assert (2, "", "timbridge: there is no verb 'sevre'; did you mean serve?\n") == said("sevre")


def test_operators_mistakes_have_no_traceback(said):
    """What the operator got wrong is one line and status 2."""
    status, out, err = said("serve", "--world", "nowhere.json")
    assert (2, "", 1) == (status, out, len(err.splitlines()))
    assert "nowhere.json" in err


@pytest.mark.parametrize("option", ["--token=x", "--allow-origin=x", "--until-stdin-closes"])
def test_listening_options_want_listen(said, option):
    """What only a listening server has is refused on stdio, by name."""
    status, _, err = said("serve", option)
    assert (2, f"timbridge: {option.partition('=')[0]} goes with --listen\n") == (status, err)


def test_key_and_app_go_together(said):
    """A key without an application is refused."""
    status, _, err = said("call", "getVersion", "--usersig-key", "k")
    assert 2 == status and "--sdkappid" in err


def test_broken_pipe_is_quiet():
    """A reader that has seen enough (`| head -1`) causes no traceback."""
    command = f"{sys.executable} -m bridge demo --json | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (b"", 0) == (done.stderr, done.returncode)
    assert 1 == len(done.stdout.splitlines())


# --- call


def test_call_prints_the_reply(said):
    """A call that needs nothing is answered at once, as JSON."""
    status, out, _ = said("call", "getVersion")
    assert (0, 0) == (status, json.loads(out)["code"])


def test_call_logs_in_first(said):
    """A call that needs a login gets one, as the user that is asked for."""
    assert "alice" == json.loads(said("call", "getLoginUser")[1])["data"]
    assert "zoe" == json.loads(said("call", "getLoginUser", "--user", "zoe")[1])["data"]


def test_call_shows_events_on_request(said):
    """Events stand behind the reply, one a line."""
    words = ("call", "createConversationGroup", "groupName=g", 'conversationIDList=["c2c_bob"]', "--events")
    status, out, _ = said(*words)
    types = [json.loads(line)["arguments"]["type"] for line in out.splitlines()[1:]]
    assert (0, True) == (status, "onConversationGroupCreated" in types)


def test_call_tells_refusals_by_status(said):
    """1 for an envelope with a code, 2 for a call that no plugin makes, with every violation."""
    status, out, _ = said("call", "createConversationGroup", "groupName=", 'conversationIDList=["c2c_bob"]')
    assert (1, 51011) == (status, json.loads(out)["code"])
    status, out, err = said("call", "createConversationGroup", "groupName=7")
    assert (2, "") == (status, out)
    assert "groupName must be a string, not 7" in err and "conversationIDList is missing" in err
    assert "did you mean getVersion" in said("call", "getVersio")[2]


def test_call_signs_when_sigs_are_verified(said):
    """With a key, the login is signed as a backend would."""
    words = ("--usersig-key", "secret", "--sdkappid", "14")
    assert "alice" == json.loads(said("call", "getLoginUser", *words)[1])["data"]
    assert 1 == said("call", "login", "userID=alice", "userSig=x", *words)[0]


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_call_speaks_every_dialect(said, dialect, platform):
    """The options of serve count here, too."""
    status, out, _ = said("call", "bridge.ping", "--dialect", dialect, "--platform", platform)
    assert (0, dialect, platform) == (status, json.loads(out)["dialect"], json.loads(out)["platform"])


def test_call_reaches_a_running_server(said):
    """With --connect, the call is made in the world of a server that runs."""
    with listening() as address:
        group = ("call", "createGroup", "groupType=Work", "groupName=g", "groupID=g1", "--connect", address)
        assert 0 == said(*group)[0]
        assert 1 == said(*group)[0]
        assert 0 == said(*group, "--use-world", "another")[0]
        assert 2 == said("call", "noSuchMethod", "--connect", address)[0]
        assert 0 == said("call", "bridge.ping", "--connect", address)[0]


def test_values_are_json_or_text():
    """A value that can be read as JSON is; any other is text."""
    words = ["a=1", "b=x", "c=true", 'd=["x"]', "e=null", 'f="7"', "g=", "h=a=b"]
    assert {"a": 1, "b": "x", "c": True, "d": ["x"], "e": None, "f": "7", "g": "", "h": "a=b"} == values(words)
    for word in ("a", "=1"):
        with pytest.raises(UsageError):
            values([word])


# --- explain


def test_explain_tells_what_is_known(said):
    """Arguments, replies, refusals and evidence."""
    status, out, _ = said("explain", "createConversationGroup")
    assert 0 == status
    for part in ("conversationManager", "conversationIDList", "list of string", "51010", "documented", "Android adapter 8.2"):
        assert part in out
    decided = said("explain", "renameConversationGroup")[1].partition("\ndecisions\n")[2]
    assert decided.startswith("  Renaming a conversation group to a name that is taken\n    Refused with 6017; both groups stay")


@pytest.mark.parametrize("dialect", ["chat-8.2", "im-5.0"])
def test_explain_knows_every_method(dialect):
    """Every method of every dialect can be explained, for people and for machines."""
    from bridge.catalogue import load
    from bridge.cli import explain

    for name in load(dialect).method_names:
        known = explain.facts(dialect, name)
        json.dumps(known)
        assert list(explain._lines(known))


def test_explain_finds_the_dialect(said):
    """A method of the other dialect alone is found; one of none gets the nearest, with status 1."""
    assert "im-5.0" in said("explain", "setAPNS", "--dialect", "im-5.0")[1]
    status, _, err = said("explain", "createConversationGrup")
    assert 1 == status and "did you mean createConversationGroup?" in err


def test_explain_knows_the_control_plane(said):
    """Control methods are explained from their own declarations."""
    status, out, _ = said("explain", "bridge.clock.advance")
    assert 0 == status and "ms" in out
    status, _, err = said("explain", "bridge.clock.advanc")
    assert 2 == status and "did you mean bridge.clock.advance?" in err


# --- usersig


def test_usersig_is_made_and_checked(said):
    """What is made is valid for its user and application, until it expires."""
    words = ("--sdkappid", "14", "--key", "secret")
    sig = said("usersig", "alice", *words, "--time", "1000", "--expire", "60")[1].strip()
    assert (0, "0 valid\n") == said("usersig", "alice", *words, "--time", "1059", "--check", sig)[:2]
    for user, when, code in (("alice", "1061", "70001"), ("bob", "1059", "70013")):
        status, out, _ = said("usersig", user, *words, "--time", when, "--check", sig)
        assert (1, code) == (status, out.split()[0])
    assert 2 == said("usersig", "alice")[0]


# --- demo


@pytest.mark.parametrize(("dialect", "platform"), KINDS)
def test_demo_tells_the_story(said, dialect, platform):
    """All five events of conversation groups and the four refusals of the seed are in it, and nothing goes wrong."""
    status, out, err = said("demo", "--dialect", dialect, "--platform", platform, "--json")
    entries = [json.loads(line) for line in out.splitlines()]
    types = {entry["arguments"]["type"] for entry in entries if "event" in entry}
    codes = {entry["reply"]["code"] for entry in entries if isinstance(entry.get("reply"), dict) and "code" in entry["reply"]}
    assert (0, "") == (status, err)
    assert {
        "onConversationGroupCreated",
        "onConversationGroupDeleted",
        "onConversationGroupNameChanged",
        "onConversationsAddedToGroup",
        "onConversationsDeletedFromGroup",
    } <= types
    assert {0, 51006, 51009, 51010, 51011} == codes
    assert [-32602] == [entry["error"] for entry in entries if "error" in entry]


def test_demo_is_the_same_every_time(said):
    """Two runs print the same bytes."""
    assert said("demo", "--full") == said("demo", "--full")


def test_demo_colours_on_request(said):
    """Colour is for terminals, or for those who ask."""
    assert "\033[" in said("demo", "--color", "always")[1]
    assert "\033[" not in said("demo")[1]


# --- exec


def test_exec_hands_over_address_and_status():
    """The command finds the server's address in its environment, and its status is passed on."""
    code = "import bridge.testing as t, sys; c = t.Client.connect(); c.ping(); c.close(); sys.exit(7)"
    assert 7 == process("exec", "--dialect", "im-5.0", "--", sys.executable, "-c", code).returncode


def test_exec_hands_on_options():
    """The server is set up as the verb's options say."""
    code = "import bridge.testing as t; c = t.Client.connect(); print(c.ping()['dialect']); c.close()"
    done = process("exec", "--dialect", "im-5.0", sys.executable, "-c", code)
    assert (0, "im-5.0\n") == (done.returncode, done.stdout)


def test_exec_tells_what_cannot_be_run():
    """As a shell does: 127 for a command that is not there, 128 and the signal for one that was killed."""
    assert 127 == process("exec", "no-such-command").returncode
    if os.name != "nt":
        assert 137 == process("exec", "sh", "-c", "kill -9 $$").returncode


def test_exec_says_what_is_wrong_with_the_server():
    """A server that does not start is the operator's to look at."""
    done = process("exec", "--world", "nowhere.json", "true")
    assert 2 == done.returncode and "nowhere.json" in done.stderr


# --- doctor, completion


def test_doctor_finds_nothing_wrong():
    """Where this suite runs, everything that is needed works."""
    done = process("doctor", "--json")
    assert (0, []) == (done.returncode, [f for f in json.loads(done.stdout) if f["state"] == "wrong"])


def test_doctor_says_what_to_do():
    """A variable that leads nowhere is found, with advice."""
    done = process("doctor", env={**os.environ, "TIMBRIDGE_ADDRESS": "127.0.0.1:1", "TIMBRIDGE_COMMAND": "no-such-command"})
    assert 1 == done.returncode
    assert "TIMBRIDGE_ADDRESS" in done.stdout and "unset TIMBRIDGE_COMMAND" in done.stdout


def test_completion_prints_scripts(said):
    """One script a shell; any other word is refused."""
    for shell, script in SCRIPTS.items():
        assert (0, script + "\n", "") == said("completion", shell)
    assert 2 == said("completion", "csh")[0]


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ([], {"serve", "demo", "--version"}),
        (["help"], {"serve", "demo"}),
        (["serve"], {"--listen", "--help"}),
        (["serve", "--dialect"], {"chat-8.2", "im-5.0"}),
        (["serve", "--listen"], set()),
        (["explain"], {"createConversationGroup", "--json"}),
        (["call", "--dialect", "im-5.0"], {"createConversationGroup"}),
        (["call", "getVersion"], {"--user"}),
        (["call"], {"getVersion", "bridge.clock.advance", "rpc.discover"}),
        (["explain"], {"bridge.clock.advance"}),
        (["call", "createConversationGroup"], {"groupName=", "conversationIDList="}),
        (["call", "createConversationGroup", "groupName=x"], {"conversationIDList="}),
        (["call", "--dialect", "im-5.0", "sendMessage"], {"receiver="}),
        (["call", "bridge.clock.advance"], {"ms="}),
        (["list"], {"methods", "codes", "worlds", "--dialect"}),
        (["completion"], {"bash", "zsh", "fish"}),
        (["nothing"], set()),
    ],
)
def test_completion_knows_what_may_follow(words, some):
    """Verbs, options, values, methods."""
    found = words_behind(words)
    assert some <= set(found)
    assert some or not found


def test_completion_leaves_out_what_was_given():
    """An argument that stands there already is not offered again."""
    assert "groupName=" not in words_behind(["call", "createConversationGroup", "groupName=x"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_scripts(shell, tmp_path):
    """The shell itself reads the script without a complaint, where it is installed."""
    from shutil import which

    if which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    file = tmp_path / "script"
    file.write_text(SCRIPTS[shell])
    assert 0 == subprocess.run([shell, "-n", str(file)], check=False).returncode


# --- list, version


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("methods", "createConversationGroup"),
        ("events", "onRecvNewMessage"),
        ("models", "V2TimConversationFilter"),
        ("codes", "51011"),
        ("switches", "download_ms"),
        ("worlds", "team"),
        ("dialects", "native-8.9"),
        ("control", "bridge.clock.advance"),
        ("maps", "V2TIMConversation"),
        ("enums", "ConversationType"),
        ("functions", "DartSendMessage"),
        ("callbacks", "ReceiveNewMessage"),
    ],
)
def test_names_are_listed(said, kind, some):
    """One a line with a word on each, alone for scripts, or as JSON; each once."""
    status, out, _ = said("list", kind)
    rows = [line.split(maxsplit=1) for line in out.splitlines()]
    assert (0, {2}) == (status, set(map(len, rows)))
    names = said("list", kind, "--names")[1].split()
    assert some in names
    assert [name for name, _ in rows] == names == list(dict.fromkeys(names))
    assert names == list(json.loads(said("list", kind, "--json")[1]))


def test_lists_follow_the_dialect(said):
    """Methods and events are those of the dialect that is asked for."""
    assert "addMessageReaction" in said("list", "methods", "--names")[1].split()
    assert "addMessageReaction" not in said("list", "methods", "--names", "--dialect", "im-5.0")[1].split()
    for kind, dialect, rest in (("methods", "native-8.5", "functions, "), ("callbacks", "im-5.0", "methods, events, ")):
        status, _, err = said("list", kind, "--dialect", dialect)
        assert (2, True) == (status, err.startswith(f"timbridge: {dialect} has no {kind}: it has {rest}"))
    status, _, err = said("list", "event")
    assert (2, True) == (status, "did you mean events?" in err)


def test_version_is_a_verb(said):
    """It says which one, from where, on which Python."""
    from bridge import __version__

    status, out, _ = said("version")
    assert (0, f"timbridge {__version__}") == (status, out.splitlines()[0])
    assert 3 == len(out.splitlines())


# --- near names


def test_call_says_how_to_write_text(said):
    """A number where text is due is told with the word that would be text, ready for the shell."""
    status, _, err = said("call", "getConversationList", "nextSeq=0", "count=10")
    assert 2 == status
    word = err.splitlines()[-1].partition("; as text: ")[2]
    assert "'nextSeq=\"0\"'" == word
    assert 0 == said("call", "getConversationList", word.strip("'"), "count=10")[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("groupNam=g", 'conversationIDList=["c2c_bob"]'), "groupName is missing; was groupNam meant for it?"),
        (("groupName=g", 'conversationIDList=["c2c_bob"]', "TIMManagerNam=x"), "TIMManagerNam is no argument of createConversationGroup"),
        (("groupName=g", 'conversationIDList=["c2c_bob"]', "conversationIdLst=x"), "; did you mean conversationIDList?"),
        (("groupName=g", 'conversationIDList=["c2c_bob"]', "--strict", "groupNames=x"), "; did you mean groupName?"),
    ],
)
@pytest.mark.parametrize("remotely", [False, True])
def test_call_guesses_arguments(said, words, told, remotely):
    """An argument that is none is told with the nearest, whether the call was made or not, here and on a server that runs."""
    if not remotely:
        assert told in said("call", "createConversationGroup", *words)[2]
        return
    with listening(Settings(options=Options(strict="--strict" in words))) as address:
        words = [word for word in words if word != "--strict"]
        assert told in said("call", "createConversationGroup", *words, "--connect", address)[2]


def test_call_without_mistakes_warns_of_nothing(said):
    """A call that any plugin makes is told nothing."""
    assert "" == said("call", "createConversationGroup", "groupName=g", 'conversationIDList=["c2c_bob"]')[2]
