"""Error codes: constants that rules use, and the texts of the generated table."""

import subprocess
import sys

from bridge.world.kernel import _codes, codes

CONSTANTS = {name: value for name, value in vars(codes).items() if name.isupper() and isinstance(value, int)}


def test_every_constant_is_a_known_code():
    """A constant stands for a code that the service has."""
    assert {} == {name: code for name, code in CONSTANTS.items() if code not in _codes.TABLE}


def test_no_two_constants_share_a_code():
    """A code has one name in the rules."""
    assert len(CONSTANTS) == len(set(CONSTANTS.values()))


def test_every_code_has_a_plain_text():
    """A text is never empty; one of our own has no asides and no full stop."""
    texts = {code: codes.text(code) for code in _codes.TABLE}

    assert [] == [code for code, text in texts.items() if not text or text != text.strip()]
    ours = [text for code, text in texts.items() if codes.is_text_assumed(code)]
    assert [] == [text for text in ours if set("[](){};") & set(text) or text.endswith(".")]


def test_known_texts_are_the_services():
    """Where the service's text is known it is given as it is."""
    assert ("ok", "not logged in") == (codes.text(codes.OK), codes.text(codes.NOT_LOGGED_IN))
    assert not codes.is_text_assumed(codes.NOT_LOGGED_IN)


def test_assumed_text_comes_from_the_meaning():
    """Where it is unknown the meaning's first statement stands in."""
    assert "group does not exist" == codes.text(codes.GROUP_NOT_FOUND)
    assert codes.is_text_assumed(codes.GROUP_NOT_FOUND)


def test_description_of_a_text_is_no_text():
    """A varying text that is only described counts as unknown."""
    assert codes.is_text_assumed(codes.GROUP_INVALID_PARAMETERS)
    assert "parameter invalid, details in desc" == codes.text(codes.GROUP_INVALID_PARAMETERS)


def test_codes_of_an_apps_own_backend():
    """A code inside a webhook's range is known by its range."""
    assert "webhook" in codes.text(120005)
    assert codes.is_text_assumed(120005)


def test_unknown_code_is_survived():
    """A code that nobody has, as a fault may set, still has a text."""
    assert ("error 99999", "", "") == (codes.text(99999), codes.meaning(99999), codes.name(99999))


def test_name_of_the_native_headers():
    """A code is found under the name that the native headers give it."""
    assert "ERR_SDK_NOT_LOGGED_IN" == codes.name(codes.NOT_LOGGED_IN)


def test_table_waits_for_the_first_look_up():
    """Importing the constants does not read the table."""
    script = "import sys; import bridge.world.kernel.codes; print('bridge.world.kernel._codes' in sys.modules)"

    assert "False" == subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip()
