"""A module of one pathway in another: the same steps, written once; what does not fit is said where it is taken."""

import pytest

from app.content.course import Course, Unit, load_course
from app.steps import KINDS
from tests.build import demo_files

OTHER = "pathways/voisins"
USE = f"{OTHER}/10-decouvrir/module.md"
ACT = f"{OTHER}/20-agir/module.md"


def files(**changes: str) -> dict[str, bytes]:
    """The demonstration, and a pathway made of its two modules. `changes`: texts by name."""
    front = demo_files()["pathways/demo/pathway.md"].decode()
    front = front.replace("demo-obj-", "voisins-obj-").replace("Démonstration : le tour", "Voisins : le tour")
    texts = {
        f"{OTHER}/pathway.md": changes.get("front", front),
        USE: changes.get("use", "---\nuse: demo/decouvrir\n---\n"),
        ACT: changes.get("act", "---\nuse: demo/agir\n---\n"),
    }
    lender = {
        path: content.decode().replace(changes.get("was", "\0"), changes.get("now", "")).encode()
        if path.startswith("pathways/demo/") and path.endswith(".md") and ".en." not in path
        else content
        for path, content in demo_files().items()
    }
    return lender | {path: text.encode() for path, text in texts.items()}


def course(**changes: str) -> Course:
    return load_course(files(**changes), KINDS)


def unit(found: Course) -> Unit:
    taken = found.unit("pathway", "voisins")
    assert taken is not None
    return taken


def said(**changes: str) -> list[str]:
    return [f"{p.path}: {p.message}".replace("\u00a0", " ") for p in unit(course(**changes)).problems]


def test_the_other_pathway_is_made_of_the_same_steps() -> None:
    found = course()
    assert found.problems == ()
    demo = found.unit("pathway", "demo")
    assert demo is not None
    mine, theirs = unit(found), demo
    assert [m.digest for m in mine.documents[1:]] == [m.digest for m in theirs.documents[1:]]
    assert [source.prefix for source in mine.lent] == ["pathways/demo/10-decouvrir/", "pathways/demo/20-agir/"]
    assert mine.used == theirs.used
    assert [unit.name for unit in found.units() if unit.kind == "pathway"] == ["pathways/demo", "pathways/voisins"]


def test_what_is_written_there_changes_what_is_looked_at_here() -> None:
    before, after = course(), course(was="title: La même rue", now="title: Une autre rue")
    seen = [found.together("pathway", "voisins") for found in (before, after)]
    assert seen[0] is not None
    assert seen[1] is not None
    assert seen[0].seen != seen[1].seen
    assert seen[0].digest != seen[1].digest


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"use": "---\nuse: demo/absent\n---\n"}, "n’existe pas dans un autre parcours"),
        ({"use": "---\nuse: absent/decouvrir\n---\n"}, "n’existe pas dans un autre parcours"),
        ({"use": "---\nuse: voisins/agir\n---\n"}, "n’existe pas dans un autre parcours"),
        ({"use": "---\nuse: ../../etc\n---\n"}, "un module s’écrit comme parcours/module"),
        ({"use": "---\nuse: demo/decouvrir\ntitle: x\n---\n"}, "clé inconnue"),
        ({"use": "---\nuse: demo/decouvrir\n---\n\nDu texte.\n"}, "n’a pas de texte à lui"),
        ({"act": "---\nuse: demo/decouvrir\n---\n"}, "repris deux fois"),
        ({"was": "minutes: 24", "now": "minutes: 25"}, "avec les mêmes minutes, le format « 24min »"),
        ({"was": "title: La même rue", "now": "titel: La même rue"}, "contient des erreurs"),
    ],
)
def test_what_does_not_fit_is_said_where_it_is_taken(changes: dict[str, str], expected: str) -> None:
    problems = said(**changes)
    assert any(expected in each and each.startswith(OTHER) for each in problems), problems


def test_a_step_that_recalls_another_needs_it() -> None:
    """The second module recalls a sentence of the first."""
    problems = said(use="---\ntitle: À nous\n---\n")
    assert any("rappelle « demo-lecture »" in each and each.startswith(ACT) for each in problems), problems


def test_minutes_are_counted_with_what_is_taken() -> None:
    problems = said(act="---\ntitle: Rien\n---\n")
    budget = [each for each in problems if "minutes en tout" in each]
    assert len(budget) == 3
    assert all("Découvrir" in each for each in budget)


def test_a_pathway_that_lends_and_is_broken_elsewhere_does_not_block() -> None:
    found = course(was="summary: Deux associations", now="resume: Deux associations")
    assert unit(found).problems == ()
    blocked = found.unit("pathway", "demo")
    assert blocked is not None
    assert blocked.problems
