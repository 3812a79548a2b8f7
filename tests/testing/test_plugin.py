"""The pytest plugin, by running pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from bridge.catalogue import dialects
from tests.support.patience import until
from tests.transports.doors import listening

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent.parent

USES = """
    import pytest

    def test_greeting(device, other_user):
        other_user.say("hi", to="alice")
        assert "onRecvNewMessage" in [event.type for event in device.events()]

    def test_group(device, world):
        device.call("createConversationGroup", groupName="work", conversationIDList=["c2c_bob"])
        world.reset()

    def test_apart(bridge):
        assert [] == bridge.journal.list()
"""


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Return a function that runs pytest with the plugin on some test source."""

    def run(source: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(source)
        plugins = ("-p", "no:timbridge", "-p", "timbridge_pytest", "-p", "no:randomly")
        return pytester.runpytest_subprocess(*plugins, *arguments)

    return run


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the inner pytest find this checkout."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_fixtures_are_there(run):
    """A test gets a bridge, a device with a user, another person and a world, each test its own."""
    run(USES).assert_outcomes(passed=3)


def test_fixtures_work_in_processes(run):
    """With pytest-xdist the tests are apart all the same, and the line at the end is one."""
    result = run(USES, "-n", "2")
    result.assert_outcomes(passed=3)
    assert 1 == sum("timbridge: 3 tests called" in line for line in result.outlines)


def test_fixtures_use_a_running_server(run):
    """With an address, each test has a world of its own on that server, fresh in each run, which goes with it."""
    from bridge.emulator import Server

    server = Server()
    with listening(server=server, token="secret") as address:
        where = (f"--timbridge-address={address}", "--timbridge-token=secret")
        run(USES, *where).assert_outcomes(passed=3)
        run(USES, *where, "--timbridge-dialect=im-5.0", "-n", "2").assert_outcomes(passed=3)
        run(USES, where[0]).assert_outcomes(errors=3)
        until(lambda: [""] == server.names())


REMOTE = """
    import pytest

    @pytest.mark.timbridge(world="team", dialect="im-5.0", platform="ios")
    def test_had(bridge):
        assert ("im-5.0", "ios") == (bridge.ping()["dialect"], bridge.ping()["platform"])
        assert bridge.world.export()["groups"]

    @pytest.mark.timbridge(world="teem")
    def test_no_world(bridge): ...

    @pytest.mark.timbridge(strict=True, seed=7)
    def test_cannot_be_had(bridge): ...
"""


def test_wishes_of_a_running_server(run):
    """Dialect, platform and world can be had there; what a server is set up with is refused, by its name."""
    with listening() as address:
        result = run(REMOTE, f"--timbridge-address={address}")
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines_random(
        [
            "*no shipped world of that name; did you mean 'team'*",
            "*: seed, strict cannot be had on a running server: say it to `timbridge serve`",
        ]
    )


MATRIX = """
    import pytest

    def test_each(device, other_user):
        other_user.say("hi", to="alice")
        assert 1 == len(device.events("onRecvNewMessage"))

    @pytest.mark.timbridge(dialect=["im-5.0/ios", "chat-8.2"])
    def test_two(bridge):
        print("speaks", bridge.ping()["dialect"], bridge.ping()["platform"])
"""


@pytest.mark.parametrize("connected", [False, True])
def test_tests_run_on_several_dialects(run, connected):
    """The command line or a marker names several, here or on a server; the names of tests say which."""
    with listening() if connected else nullcontext() as address:
        more = [f"--timbridge-address={address}"] if connected else []
        result = run(MATRIX, "-rA", "-v", "--timbridge-dialect=im-4.1,chat-8.2/ios,im-6.1", *more)
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines_random(
        ["*test_each[[]im-4.1[]] PASSED*", "*test_each[[]chat-8.2-ios[]] PASSED*", "*test_each[[]im-6.1[]] PASSED*"]
    )
    result.stdout.fnmatch_lines_random(["speaks im-5.0 ios", "speaks chat-8.2 android"])


def test_all_dialects_at_once(run):
    """`all` is every dialect that has a channel."""
    run(MATRIX, "--timbridge-dialect=all").assert_outcomes(passed=len(dialects()) + 2)


def test_dialect_that_is_none(run):
    """The nearest is named, once for each test, without a traceback."""
    result = run(USES, "--timbridge-dialect=im-5.1")
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(["*there is no dialect 'im-5.1'; did you mean im-6.1?"])


PROGRAM = """
    import os, subprocess, sys
    from bridge.testing import Client

    CODE = (
        "import os; from bridge.testing import Client; "
        "app = Client.connect(token=os.environ.get('TIMBRIDGE_TOKEN'), world=os.environ['TIMBRIDGE_WORLD']); "
        "app.user('bob').say('from the program', to='alice'); app.close()"
    )

    def test_program(timbridge_server, device):
        subprocess.run([sys.executable, "-c", CODE], env={**os.environ, **timbridge_server.environment}, check=True)
        (event,) = device.events("onRecvNewMessage", timeout=5)
        assert "from the program" == event.data["textElem"]["text"]

    def test_alone(timbridge_server):
        where = timbridge_server
        with Client.connect(where.address, token=where.token, world=where.world) as app:
            assert [] == app.world.export().get("messages", [])
"""


@pytest.mark.parametrize("token", [None, "secret"])
def test_server_for_a_program(run, token):
    """A program under test is told where its server and world are; the fixtures of the test are in the same world."""
    if token is None:
        run(PROGRAM).assert_outcomes(passed=2)
    else:
        with listening(token=token) as address:
            run(PROGRAM, f"--timbridge-address={address}", f"--timbridge-token={token}").assert_outcomes(passed=2)


def test_failures_end_in_the_line_of_the_test(run):
    """What a call raises is shown where the test made it, with nothing of the client's own rooms."""
    source = """
        def test_refused(device):
            device.call("deleteConversationGroup", groupName="nowhere")

        def test_wrong(device):
            device.call("deleteConversationGroup", groupNam="nowhere")

        def test_unmet(device):
            device.journal.expect({"method": "login", "times": 2})

        def test_late(device):
            device.wait_for("onRecvNewMessage", timeout=0)
    """
    result = run(source)
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines_random(
        [
            "E   *Refused: deleteConversationGroup: 51009*",
            "E   *RpcError: *",
            "E   *Unmet: expected login 2 times, came 1",
            "E   *TimeoutError: no onRecvNewMessage within 0 s; came instead: nothing",
        ]
    )
    places = [line for line in result.outlines if re.match(r"\S+\.py:\d+: ", line)]
    assert ["test_failures_end_in_the_line_of_the_test.py"] * 4 == [place.partition(":")[0] for place in places]


def test_options_choose_dialect_and_platform(run):
    """The command line says what tests speak; a marker has the last word."""
    source = """
        import pytest

        def test_line(bridge):
            assert ("im-5.0", "ios") == (bridge.ping()["dialect"], bridge.ping()["platform"])

        @pytest.mark.timbridge(dialect="chat-8.2", user="zoe", other="yan")
        def test_marker(bridge, device, other_user):
            assert ("chat-8.2", "ios") == (bridge.ping()["dialect"], bridge.ping()["platform"])
            assert "zoe" == device.call("getLoginUser")
            assert "yan" == other_user.call("getLoginUser")
    """
    run(source, "--timbridge-dialect=im-5.0", "--timbridge-platform=ios", "--strict-markers").assert_outcomes(passed=2)


def test_wrong_marker_is_named(run):
    """A keyword that is none is an error that lists what there is."""
    result = run("import pytest\n@pytest.mark.timbridge(dialekt='x')\ndef test_x(bridge): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*timbridge marker: dialekt is not known here; did you mean dialect?"])


def test_failure_shows_what_happened(run):
    """The report of a failed test has the last calls and events; that of a passed one has not."""
    source = """
        def test_fails(device, other_user):
            other_user.say("look here", to="alice")
            assert False

        def test_passes(device):
            pass
    """
    result = run(source, "-rA")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*timbridge: the last calls and events*", "*bridge.user.say*look here*", "*onRecvNewMessage*"])
    assert 1 == sum("the last calls and events" in line for line in result.outlines)


def test_end_tells_what_was_called(run):
    """The line at the end counts methods; a run that does not use the bridge has no such line."""
    run(USES).stdout.fnmatch_lines(["timbridge: 3 tests called * methods*"])
    assert "timbridge" not in run("def test_x(): pass").stdout.str()


def test_end_tells_what_is_assumed(run, pytester):
    """Assumed behaviours that passing tests rest on are listed; those of failing tests are not."""
    pytester.makeconftest("""
        import pytest
        from bridge.testing import runs

        runs.assumptions = lambda client: ["Renaming to a taken name"]
    """)
    result = run("def test_a(device): pass\ndef test_b(device): assert 0")
    result.stdout.fnmatch_lines(["*rest on behaviour that is assumed, not documented:", "*Renaming to a taken name (1 test)"])
    quiet = run("def test_a(device): pass", "--timbridge-no-assumptions").stdout.str()
    assert (" called " in quiet, "rest on behaviour" in quiet) == (True, False)


MISUSE = """
    import pytest

    def test_a(device): device.call("sendTextMessage", text="a", receiver="bob", groupID="")
    def test_b(device): device.call("sendTextMessage", text="b", receiver="bob", groupID="")
"""


def test_end_tells_misuse(run):
    """Where it is asked for, the end lists what the service tolerates, with the mend; with several processes and a server, too."""
    said = "*sendTextMessage is deprecated; use createTextMessage and sendMessage (*) (2 tests)"
    run(MISUSE, "--timbridge-sanitize").stdout.fnmatch_lines(["*the service tolerates this, and apps regret it:", said])
    marked = run(MISUSE.replace("import pytest", "import pytest\n    pytestmark = pytest.mark.timbridge(sanitize=True)"))
    marked.stdout.fnmatch_lines([said])
    assert "apps regret it" not in run(MISUSE).stdout.str()


SNAPSHOT = """
    def test_trace(device, other_user, trace_snapshot):
        other_user.say("{text}", to="alice")
        assert trace_snapshot == device.trace
"""


def test_snapshots_are_files(run, pytester):
    """A trace is one file a case, with volatile values masked; another seed gives the same."""
    run(SNAPSHOT.format(text="hi"), "--snapshot-update").assert_outcomes(passed=1)
    (file,) = pytester.path.rglob("*.trace.json")
    assert "<msgID 1>" in file.read_text("utf-8")
    seeded = SNAPSHOT.format(text="hi").replace("    def", "    import pytest\n\n    @pytest.mark.timbridge(seed=7)\n    def")
    run(seeded).assert_outcomes(passed=1)


def test_snapshots_of_a_server_are_the_same(run):
    """A snapshot made in this process holds on a running server, with a world to begin with, too."""
    wishes = "    import pytest\n\n    @pytest.mark.timbridge(world='team', dialect='im-5.0')\n    def"
    source = SNAPSHOT.format(text="hi").replace("    def", wishes)
    run(source, "--snapshot-update").assert_outcomes(passed=1)
    with listening() as address:
        run(source, f"--timbridge-address={address}").assert_outcomes(passed=1)


def test_changed_trace_fails(run):
    """What is not volatile must be as it was."""
    run(SNAPSHOT.format(text="hi"), "--snapshot-update")
    run(SNAPSHOT.format(text="bye")).assert_outcomes(failed=1)


def test_plugin_is_light():
    """Loading the plugin loads nothing of the bridge but itself."""
    code = (
        "import sys, pytest, bridge.testing.plugin\n"
        "print(sorted(name for name in sys.modules if name.startswith(('bridge', 'attr', 'pyee', 'syrupy', 'websockets'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert "['bridge', 'bridge.testing', 'bridge.testing.plugin']\n" == done.stdout


def test_plugin_is_registered():
    """The distribution names the plugin, so that pytest finds it."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"timbridge": "timbridge_pytest"} == project["entry-points"]["pytest11"]


@pytest.mark.parametrize("place", ["bridge", "src/bridge"])
@pytest.mark.parametrize("arguments", [(), ("-n", "2"), ("-W", "error")])
def test_other_packages_of_our_name(pytester: pytest.Pytester, place: str, arguments: tuple[str, ...]) -> None:
    """A project with a package `bridge` of its own tests that one, and is told once that our fixtures are off."""
    package = pytester.path / place
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("MINE = True")
    pytester.makeini(f"[pytest]\npythonpath = {package.parent}")
    pytester.makepyfile("import bridge\ndef test_mine():\n    assert bridge.MINE\n    import bridge as again")
    result = pytester.runpytest_subprocess("-p", "no:timbridge", "-p", "timbridge_pytest", "-p", "no:randomly", *arguments)
    result.assert_outcomes(passed=1, warnings=0 if arguments[:1] == ("-W",) else 1)
    assert 1 == sum("timbridge's fixtures are off" in line for line in (*result.outlines, *result.errlines))
