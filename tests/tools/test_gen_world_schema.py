"""The schema of world files is what the rows of the world make it."""

from tools import gen_world_schema


def test_schema_is_up_to_date():
    """The committed file is what the tool writes."""
    assert gen_world_schema.TARGET.read_text("utf-8") == gen_world_schema.rendered()


def test_check_writes_nothing(tmp_path, monkeypatch, capsys):
    """`--check` fails on an outdated file and leaves it alone; without it the file is written, and then it passes."""
    target = tmp_path / "world.schema.json"
    monkeypatch.setattr(gen_world_schema, "TARGET", target)

    assert 1 == gen_world_schema.main(["--check"])
    assert "out of date" in capsys.readouterr().err
    assert not target.exists()
    assert 0 == gen_world_schema.main([])
    assert 0 == gen_world_schema.main(["--check"])
