"""The pytest option that runs a test under many orders in which its app could have heard the same."""

from __future__ import annotations

import pytest

from bridge.conformance.suite.schedules import shortest
from tests.testing.test_plugin import found, run

__all__ = ["found", "run"]  # fixtures

pytest_plugins = ["pytester"]

RACES = """
    import pytest

    RUNS = []

    def test_badge(device):
        badge = 0
        for number in range(3):
            answer = device.turn("pinConversation", {"conversationID": "c2c_bob", "isPinned": number % 2 == 0})
            badge += len(answer["events"])
            assert badge == number + 1

    def test_patient(device, other_user):
        RUNS.append(1)
        other_user.say("hi", to="alice")
        assert device.wait_for("onRecvNewMessage")

    def test_counted():
        assert len(RUNS) == EXPECTED
"""


def test_race_is_found_and_cut_down(run):
    """A test that takes the usual order for the only one fails, with what is enough for that and how to play it again."""
    result = run(RACES.replace("EXPECTED", "9"), "--timbridge-schedules", "8")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*It passes in the usual order, and fails under schedule 2. Enough for that:",
            "*onConversationChanged waited for the next call behind pinConversation",
            '*Again: pytest "test_race_is_found_and_cut_down.py::test_badge" --timbridge-schedule "9:1"',
            "timbridge: 2 tests called * methods*",
        ]
    )
    assert result.stdout.str().count("Again: ") == 1


def test_one_schedule_is_played_again(run):
    """By its choices; another one lets the test pass, and so does none."""
    source = RACES.replace("EXPECTED", "1")
    run(source, "--timbridge-schedule", "3:2").assert_outcomes(passed=2, failed=1)
    run(source, "--timbridge-schedule", "99:1").assert_outcomes(passed=3)
    run(source).assert_outcomes(passed=3)


def test_failure_in_the_usual_order_is_told_as_always(run):
    """Nothing is said of a schedule, and nothing is tried."""
    result = run("def test_a(device): print('once'); assert 0", "--timbridge-schedules", "5")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "the schedule" not in text
    assert text.count("once") <= 2  # in the source and in what was printed


@pytest.mark.parametrize(
    ("needed", "most", "left"),
    [
        ({"b"}, 40, ["b"]),
        ({"a", "h"}, 40, ["a", "h"]),
        (set("abcdefgh"), 60, list("abcdefgh")),
        (set(), 40, []),
        ({"b"}, 1, list("abcdefgh")),
    ],
)
def test_choices_are_left_out_while_it_fails(needed, most, left):
    """What is left is what the failure needs, in its order; with few tries it may be more."""
    tried = []

    def fails(steps):
        tried.append(steps)
        return needed <= set(steps)

    found = shortest("abcdefgh", fails, most)
    assert (found == left) if most > 1 else needed <= set(found)
    assert len(tried) <= most
