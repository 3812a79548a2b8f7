"""
What the schemas say of the generation that calls native code: files keep to their meta-schemas and agree with the code.
"""

from importlib import import_module

import pytest

from bridge.catalogue import load, native_dialects
from bridge.catalogue.native import NativeCatalogue
from bridge.dialects.cjson import news
from bridge.world.kernel.fact_kinds import KINDS
from tests.catalogue.schema_files import problems, references, source

NATIVE = native_dialects()
KINDS_OF_FILES = ("functions", "callbacks", "objects", "numbers")


def catalogue(dialect: str) -> NativeCatalogue:
    """Return a dialect's catalogue."""
    found = load(dialect)
    assert isinstance(found, NativeCatalogue)
    return found


@pytest.mark.parametrize("dialect", NATIVE)
def test_native_documents_keep_schemas(dialect: str) -> None:
    """Every file of a native dialect keeps to the schema of its kind, and names objects that are there."""
    found = source(dialect)
    assert [] == problems(found.dialect)
    objects = {f"objects/{name}" for name in found.names("objects")}
    for kind in KINDS_OF_FILES:
        for name in found.names(kind):
            document = found.document(kind, name)

            assert [] == problems(document), name
            assert set(references(document)) <= objects, name


@pytest.mark.parametrize("dialect", NATIVE)
def test_functions_have_their_handlers(dialect: str) -> None:
    """Every handler that a function names is there."""
    for name in catalogue(dialect).function_names:
        spec = catalogue(dialect).function(name)
        assert spec is not None
        for case in spec.cases:
            if case.handler is not None:
                module, _, function = case.handler.partition(".")
                assert hasattr(import_module(f"bridge.handlers.{module}"), function), name


@pytest.mark.parametrize("dialect", NATIVE)
def test_callbacks_tell_known_facts(dialect: str) -> None:
    """A callback tells facts that the world states, by fields that they have or a function that is there."""
    for name in catalogue(dialect).callback_names:
        spec = catalogue(dialect).callback(name)
        for tell in spec.tells:
            assert {field for _, field, _ in tell.keys} <= set(KINDS[tell.fact].fields), name
            assert spec.topic in KINDS[tell.fact].topics or tell.by is not None, name
            assert tell.by is None or callable(getattr(news, tell.by)), name


@pytest.mark.parametrize("dialect", NATIVE)
def test_every_fact_is_told(dialect: str) -> None:
    """Whatever an app on a channel hears of, an app of this generation hears of, but for what Dart makes out of other callbacks."""
    told = {tell.fact for name in catalogue(dialect).callback_names for tell in catalogue(dialect).callback(name).tells}
    made_by_dart = {kind for kind, said in KINDS.items() if said.topics == ("simple_messages",)}
    made_by_dart |= {"all_group_members_muted", "message_download_progressed"}
    never = {"sync_server_failed", "member_mark_changed"}
    if "ExperimentalNotify" not in catalogue(dialect).callback_names:
        never |= {"experimental_notified"}

    assert made_by_dart | never == set(KINDS) - told


@pytest.mark.parametrize("dialect", NATIVE)
def test_objects_of_maps_are_one(dialect: str) -> None:
    """A map of the SDK is written as one object, whose required keys are among those written."""
    maps = [one for name in catalogue(dialect).object_names for one in catalogue(dialect).object(name).maps]

    assert len(maps) == len(set(maps))


@pytest.mark.parametrize(("dialect", "functions", "callbacks"), [("native-8.9", 233, 67), ("native-8.8", 232, 66), ("native-8.5", 228, 66)])
def test_versions_have_their_exports(dialect: str, functions: int, callbacks: int) -> None:
    """Each version has as many functions as its client binds, and a switch for each callback."""
    found = catalogue(dialect)

    assert (functions, callbacks) == (len(found.function_names), len(found.callback_names))
    assert {found.callback(name).switched_on_by for name in found.callback_names} <= set(found.function_names)


def test_older_objects_lack_newer_keys() -> None:
    """A key that came with a later version is not in an older one."""
    for dialect, is_there in (("native-8.9", True), ("native-8.8", True), ("native-8.5", False)):
        keys = {key.key for key in catalogue(dialect).object("V2TimVideoElem").keys}
        assert is_there is ("video_elem_video_type" in keys)
