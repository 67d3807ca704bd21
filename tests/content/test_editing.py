"""A form made from a schema gives back what it was given."""

import pytest

from app.config import ROOT
from app.content import editing, folder, text
from app.content.parsed import schema_for
from app.steps import KINDS
from app.steps.quiz import Quiz

FILES, _PROBLEMS = folder.read(ROOT / "courses")
TEXTS = sorted(path for path in FILES if path.endswith(folder.TEXT) and folder.language(path) == "fr")


def posted(inputs: tuple[editing.Input, ...]) -> dict[str, list[str]]:
    """What a browser sends of these inputs."""
    found: dict[str, list[str]] = {}
    for each in inputs:
        if each.shape == "items":
            for item in each.items:
                found |= posted(item.inputs)
        else:
            found[each.name] = [each.value.replace("\n", "\r\n")]
    return found


@pytest.mark.parametrize("folder_name", sorted({path.split("/")[0] for path in TEXTS}))
def test_every_text_that_ships_comes_back_from_its_form_byte_for_byte(folder_name: str) -> None:
    for path in (path for path in TEXTS if path.startswith(f"{folder_name}/")):
        tree = text.read(FILES[path].decode(), path)
        schema = schema_for(path, tree, KINDS)
        assert schema is not None
        typed = editing.typed(schema, posted(editing.inputs(schema, tree)))
        assert editing.written(schema, typed, path) == FILES[path].decode(), path


def test_a_list_grows_shrinks_and_changes_its_order_by_buttons() -> None:
    plain: editing.Plain = {"uid": "a-quiz", "kind": "quiz"}
    for kind in ("single", "truefalse"):
        editing.changed(Quiz, plain, f"add:questions:{kind}")
    editing.changed(Quiz, plain, "add:questions.0.options")
    assert plain["questions"] == [{"type": "single", "options": [{}]}, {"type": "truefalse"}]
    editing.changed(Quiz, plain, "up:questions.1")
    assert [question["type"] for question in plain["questions"]] == ["truefalse", "single"]
    editing.changed(Quiz, plain, "remove:questions.0")
    assert [question["type"] for question in plain["questions"]] == ["single"]


@pytest.mark.parametrize(
    "act", ["", "add", "add:nothing", "remove:questions.7", "up:title.0", "add:questions.9.options"]
)
def test_a_button_that_leads_nowhere_changes_nothing(act: str) -> None:
    plain: editing.Plain = {"title": "T", "questions": [{"type": "single"}]}
    assert editing.changed(Quiz, plain, act) == {"title": "T", "questions": [{"type": "single"}]}
