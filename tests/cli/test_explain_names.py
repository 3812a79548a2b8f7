"""`timbridge explain` of events, error codes, classes, maps, enumerations and switches."""

from __future__ import annotations

import json

import pytest

from bridge.catalogue import dialects, load, native_dialects
from bridge.catalogue.load import error_codes
from bridge.catalogue.native import NativeCatalogue
from bridge.cli import explain, explain_names
from bridge.cli.completion import words_behind
from bridge.world.kernel.switches import SWITCHES


def explained(capsys: pytest.CaptureFixture[str], name: str, dialect: str | None = None) -> tuple[int, str, str]:
    """Explain something. Returns the exit status and what was printed."""
    status = explain.run({"dialect": dialect, "json": None}, [name])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("dialect", [*dialects(), *native_dialects()])
def test_every_name_is_explained(dialect: str) -> None:
    """Whatever a dialect has but calls is explained under its own name, for people and for machines, with its keys."""
    catalogue = load(dialect)
    native = isinstance(catalogue, NativeCatalogue)
    kinds = {
        "event": catalogue.event_types,
        "model": catalogue.model_names,
        "map": catalogue.map_names,
        "enum": () if native else catalogue.enums(),
        "object": set(catalogue.object_names) - set(catalogue.model_names) if isinstance(catalogue, NativeCatalogue) else (),
    }
    assert any(kinds.values())
    for kind, names in kinds.items():
        for name in names:
            known = explain_names.find(name, [dialect])
            assert known is not None and name == known[kind], name
            assert dialect == known["dialect"]
            assert next(explain_names.lines(known)).startswith(f"{name} (")
            assert len(list(explain_names.lines(known))) > 3
            json.dumps(known)


def test_every_code_and_switch_is_explained() -> None:
    """By its number, and by its name where it has one."""
    for row in error_codes():
        for name in filter(None, (str(row["code"]), row["name"])):
            known = explain_names.find(name, [])
            assert known is not None and str(row["name"]) == known["name"]
            assert next(explain_names.lines(known)).startswith(str(known["code"]))
    for name, switch in SWITCHES.items():
        known = explain_names.find(name, [])
        assert known is not None and (name, switch.what) == (known["switch"], known["what"])
        assert f"bridge.service.switch name={name} " in "\n".join(explain_names.lines(known))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("onRecvNewMessage", ("addAdvancedMsgListener", "message_received", "  the whole  V2TIMMessage")),
        ("onRecvNewMessage", ("from the native library\n  ReceiveNewMessage",)),
        ("onSendMessageProgress", ("before the reply", "V2TIMMessage (with id, progress)", "n listeners on iOS")),
        ("onRecvC2CTextMessage", ("Never comes",)),
        ("51011", ("ERR_SVR_CONV_CONV_GROUP_NAME_EXCEED_LENGTH", "renameConversationGroup: The new name has 1 to 32 bytes.")),
        ("-1", ("raised by",)),
        ("V2TimConversationFilter", ("a Dart class", "markType", "int?", "missing becomes 0")),
        ("V2TIMConversation", ("read as V2TimConversation", "keys on android", " ios", "orderkey")),
        ("V2TIM_GROUP", ("ConversationType", "2  V2TIM_GROUP")),
        ("revoke_window_s", ("120 unless it is set", "Revoking: what is not one's own", "administrators")),
    ],
)
def test_explanations_have_what_is_known(capsys: pytest.CaptureFixture[str], name: str, parts: tuple[str, ...]) -> None:
    """Who hears of it and when, its keys, the rules that raise it, the decisions that speak of it."""
    status, out, _ = explained(capsys, name)
    assert 0 == status
    for part in parts:
        assert part in out, part


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("onRecvNewMesage", "onRecvNewMessage"),
        ("revoke_window", "revoke_window_s"),
        ("V2TimConversationFiltr", "V2TimConversationFilter"),
        ("ERR_SVR_SSO_FREQ_LIMT", "ERR_SVR_SSO_FREQ_LIMIT"),
        ("createConversationGrup", "createConversationGroup"),
        ("DartSendMesage", "DartSendMessage"),
    ],
)
def test_explain_guesses_every_kind(capsys: pytest.CaptureFixture[str], typed: str, meant: str) -> None:
    """A misspelt name of any kind is answered with the nearest."""
    assert (1, "", f"timbridge: there is no {typed!r}; did you mean {meant}?\n") == explained(capsys, typed)


def test_explain_keeps_to_its_dialect(capsys: pytest.CaptureFixture[str]) -> None:
    """An event that another dialect has is not explained in one that lacks it."""
    name = next(iter(load("chat-8.2").event_types - load("im-4.2").event_types))
    assert 0 == explained(capsys, name)[0]
    status, _, err = explained(capsys, name, "im-4.2")
    assert (1, True) == (status, err.startswith(f"timbridge: im-4.2 has no {name!r}"))


def test_what_is_explained_completes() -> None:
    """The shell offers names of every kind behind `explain`, and nothing but calls behind `call`."""
    some = {"onRecvNewMessage", "revoke_window_s", "V2TimMessage", "ERR_SVR_SSO_FREQ_LIMIT", "DartSendMessage", "bridge.clock.advance"}
    assert some <= set(words_behind(["explain"]))
    assert not {"onRecvNewMessage", "revoke_window_s"} & set(words_behind(["call"]))
    assert "onRecvNewMessage" not in words_behind(["explain", "--dialect", "native-8.9"])
