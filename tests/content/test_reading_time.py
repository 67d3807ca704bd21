"""The minutes of a step, from its words and its gestures."""

from app.config import ROOT
from app.content import course
from app.content.documents import StepDoc
from app.content.reading_time import PACE, estimated, words
from app.steps import KINDS
from app.steps.reading import Reading

BASE = {"uid": "a-step", "kind": "reading", "title": "T", "format": "2h", "minutes": 10, "ready": False}


def test_marks_and_addresses_are_not_words() -> None:
    assert words("::: exemple Une maison\n[deux mots](https://exemple.org/une-adresse)\n\n[[seul]]\n:::") == 2
    assert words("l’usager d'un tiers-lieu") == 3


def test_words_then_gestures() -> None:
    read = Reading.model_validate(BASE | {"body": " ".join(["mot"] * PACE * 3)})
    assert estimated(read) == 3
    ask = {"name": "a", "label": "Q", "type": "text"}
    assert estimated(Reading.model_validate(BASE | {"body": read.body, "fields": [ask]})) > 4
    assert estimated(Reading.model_validate(BASE)) == 0


def test_what_ships_takes_about_the_minutes_that_it_announces() -> None:
    known = course.load_folder(ROOT / "courses", KINDS)
    steps = [part.doc for module in known.of("module") for part in module.parts if isinstance(part.doc, StepDoc)]
    longest = [
        (estimated(step), step.minutes) for step in steps if step.ready and step.minutes >= 5 and estimated(step)
    ]
    assert len(longest) > 10
    assert 0.7 < sum(mine for mine, _said in longest) / sum(said for _mine, said in longest) < 1.1
