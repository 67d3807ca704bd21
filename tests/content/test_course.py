"""Whole courses: what only shows when documents stand side by side, and what is loaded together."""

import re
from pathlib import Path

import pytest

from app.content import folder
from app.content.course import Course, load_course, load_folder, offered
from app.content.documents import PathwayDoc, StepDoc
from app.content.parsed import Parsed
from app.i18n import speaking
from app.steps import KINDS

SHIPPED = Path(__file__).parents[2] / "courses"
FILES, _PROBLEMS = folder.read(SHIPPED)
DEMO = "pathways/demo"
DECOUVRIR = f"{DEMO}/10-decouvrir"
QUIZ = f"{DECOUVRIR}/20-besoin-ou-solution.md"
DOOR = "diagnostics/ma-maturite/diagnostic.md"
FILM = f"{DECOUVRIR}/55-le-mur-blanc.md"


def changed(path: str, old: str, new: str) -> Course:
    """The shipped courses with one thing written otherwise."""
    text = FILES[path].decode()
    assert old in text
    return load_course({**FILES, path: text.replace(old, new, 1).encode()}, KINDS)


def sentences(course: Course) -> list[str]:
    return [str(p).replace("\u00a0", " ").replace("\u202f", " ") for p in course.problems]


def doc(parsed: Parsed) -> PathwayDoc:
    assert isinstance(parsed.doc, PathwayDoc)
    return parsed.doc


def steps(course: Course, pathway: str) -> list[StepDoc]:
    return [p.doc for module in course.modules(pathway) for p in module.parts if isinstance(p.doc, StepDoc)]


def pathway(course: Course, slug: str) -> Parsed:
    return course.documents[f"pathways/{slug}/"]


def test_the_shipped_courses_have_no_problem() -> None:
    course = load_folder(SHIPPED, KINDS)
    assert sentences(course) == []
    assert all(unit.documents and not unit.problems for unit in course.units())


def test_the_shipped_formats_sum_exactly() -> None:
    course = load_course(FILES, KINDS)
    for parsed in course.of("pathway"):
        for format in doc(parsed).formats:
            inside = [s for s in steps(course, parsed.source.slug) if parsed.formats[s.format] <= format.minutes]
            assert sum(s.minutes for s in inside if not s.optional) == format.minutes


def test_every_kind_of_step_has_an_example_in_the_demonstration() -> None:
    assert {step.kind for step in steps(load_course(FILES, KINDS), "demo")} == set(KINDS)


def test_a_format_is_offered_when_all_of_its_steps_are_written() -> None:
    course = load_course(FILES, KINDS)
    front = doc(pathway(course, "alliances-territoires"))
    assert [f.name for f in offered(front, steps(course, "alliances-territoires"))] == ["2h", "4h"]
    assert [f.name for f in offered(doc(pathway(course, "demo")), steps(course, "demo"))] == ["12min", "24min"]
    assert offered(front, []) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            QUIZ,
            "uid: demo-quiz\n",
            "uid: a1-odd17\n",
            "l’identifiant « a1-odd17 » est déjà pris dans pathways/alliances",
        ),
        (QUIZ, "uid: demo-q-order", "uid: demo-q-single", f"« demo-q-single » est déjà pris dans {QUIZ}:"),
        (QUIZ, "format: 12min", "format: 2h", "le format « 2h » n’est pas un format du parcours"),
        (QUIZ, "kind: quiz", "kind: jeu", "« jeu » n’est pas possible ; attendu : reading"),
        (QUIZ, "kind: quiz\n", "", "il manque « kind »"),
        (QUIZ, "minutes: 3", "minutes: 30", "format 12min : 39 minutes en tout, 12 sont annoncées"),
        (
            f"{DEMO}/20-agir/10-ma-phrase.md",
            "demo-lecture.seul",
            "demo-rien.seul",
            "rappel de « demo-rien » : cette étape",
        ),
        (f"{DEMO}/20-agir/10-ma-phrase.md", "demo-lecture.seul", "demo-lecture.x", "cette étape n’a pas ce champ"),
        (f"{DEMO}/20-agir/10-ma-phrase.md", "demo-lecture.seul", "a1-odd17.seul", "n’existe pas dans le parcours"),
        (f"{DEMO}/20-agir/10-ma-phrase.md", "[[besoin]]", "[[autre]]", "le champ « autre » n’existe pas"),
        (f"{DEMO}/pathway.md", "kit: kit-demo", "kit: kit-absent", "le kit « kit-absent » n’existe pas"),
        (f"{DEMO}/pathway.md", "chemin: piloter", "chemin: x-piloter", "n’est pas dans la liste « paths »"),
        (f"{DEMO}/pathway.md", "  - demo-lecture\n", "  - demo-absente\n", "l’étape « demo-absente » n’existe pas"),
        (f"{DEMO}/pathway.md", "provenance: ", "provenence: ", "il manque « provenance »"),
        (f"{DEMO}/pathway.md", "minutes: 24", "minutes: 12", "les formats vont du plus court au plus long"),
        (f"{DEMO}/20-agir/module.md", "stage: agir", "stage: finir", "n’est pas dans la liste « method_stages »"),
        ("kits/kit-demo/kit.md", "- demo-voisins", "- demo-rien", "l’exemple « demo-rien » n’existe pas"),
        (DOOR, "  cross_kit: kit-projet-territoire", "  cross_kit: kit-absent", "le kit « kit-absent » n’existe pas"),
        (DOOR, "  sheet: fa5", "  sheet: fa9", "« kit-piloter-partenariats » n’a pas de fiche « fa9 »"),
        (DOOR, "  longer: 12h", "  longer: 9h", "le format « 9h » n’est pas un format du parcours"),
        (DOOR, "  longer: 12h", "  longer: 4h", "« longer » est plus long que « format » : 4h ne l’est pas"),
        (DOOR, "  longer: 12h", "  longer: 2h", "« longer » est plus long que « format » : 2h ne l’est pas"),
        (DOOR, "- slug: pionnier", "- slug: actif-encore", "il manque le niveau « pionnier »"),
        (DOOR, "  need: valoriser", "  need: x-valoriser", "n’est pas dans la liste « needs »"),
        (DOOR, "  intent: s-informer", "  intent: flaner", "« flaner » n’est pas dans la liste « intents »"),
        (DOOR, "  - all\n", "  - toutes\n", "« toutes » n’est pas possible ; attendu : first"),
        (DOOR, "  sheet: fa5\n", "", "il manque « sheet »"),
        (DOOR, "  min_percent: 25\n  format: 4h\n", "  min_percent: 25\n", "il manque « format »"),
        (FILM, "media: files/le-mur-blanc.webm", "media: files/absent.webm", "ce fichier n’existe pas : files/absent"),
        (FILM, "file: files/le-mur-blanc-fr.vtt", "file: files/absent.vtt", "ce fichier n’existe pas : files/absent"),
        (FILM, "media: files/le-mur-blanc", f"media: /media/{'0' * 64}", "ce fichier n’existe pas : /media/"),
        (f"{DECOUVRIR}/files/le-mur-blanc-fr.vtt", "00:05.000 -->", "00:05,000 -->", "-fr.vtt:8: temps illisibles"),
    ],
)
def test_what_two_documents_disagree_on_is_said_where_it_is_written(path: str, old: str, new: str, said: str) -> None:
    found = sentences(changed(path, old, new))
    assert any(sentence.startswith(f"{path.split('/')[0]}/") and said in sentence for sentence in found), found


@pytest.mark.parametrize("path", [f"{DEMO}/pathway.md", "kits/kit-demo/kit.md", "diagnostics/demo/diagnostic.md"])
@pytest.mark.parametrize("key", ["provenance", "sources"])
def test_whoever_wrote_it_says_so_and_names_the_sources(path: str, key: str) -> None:
    said = [sentence for sentence in sentences(changed(path, f"\n{key}:", f"\nsans-{key}:")) if path in sentence]
    assert any(f"il manque « {key} »" in sentence for sentence in said), said


def test_a_sheet_and_an_example_have_sources_too() -> None:
    found = sentences(changed("kits/kit-demo/10-dire-le-besoin.md", "\nsources:", "\nsans-sources:"))
    assert any("il manque « sources »" in sentence for sentence in found), found
    example = FILES["cases/demo-voisins/case.md"].decode()
    bare = re.sub(r"fictional: yes\nsources:\n- .*\n", "", example)
    found = sentences(load_course({**FILES, "cases/demo-voisins/case.md": bare.encode()}, KINDS))
    assert any("un exemple a ses sources, ou bien" in sentence for sentence in found), found


def test_a_budget_refusal_names_format_sum_and_heaviest_modules() -> None:
    found = sentences(changed(QUIZ, "minutes: 3", "minutes: 30"))
    (budget,) = [sentence for sentence in found if "format 12min" in sentence]
    assert budget.startswith("pathways/demo/pathway.md:")
    assert "39 minutes en tout, 12 sont annoncées (écart permis : 10 %)" in budget
    assert "Découvrir (" in budget
    assert "Agir (" in budget


def test_too_few_and_too_many_objectives_are_said() -> None:
    text = FILES[f"{DEMO}/pathway.md"].decode()
    start, end = text.index("objectives:"), text.index("foundations:")
    few = load_course({**FILES, f"{DEMO}/pathway.md": (text[:start] + text[end:]).encode()}, KINDS)
    assert any("format 12min : 0 objectif visible, 3 à 5 sont attendus" in s for s in sentences(few))
    more = "".join(
        f"- uid: demo-obj-{n}\n  text: faire\n  format: 12min\n  evidence:\n  - demo-quiz\n" for n in range(4)
    )
    many = load_course({**FILES, f"{DEMO}/pathway.md": (text[:end] + more + text[end:]).encode()}, KINDS)
    assert any("format 12min : 7 objectifs visibles" in s for s in sentences(many))


def test_two_steps_with_one_number_or_one_name_are_said() -> None:
    step = FILES[f"{DECOUVRIR}/30-aide-memoire.md"].replace(b"uid: demo", b"uid: autre")
    numbered = load_course({**FILES, f"{DECOUVRIR}/20-bis.md": step}, KINDS)
    assert any("le numéro 20 est déjà pris par 20-besoin-ou-solution" in s for s in sentences(numbered))
    named = load_course({**FILES, f"{DECOUVRIR}/90-aide-memoire.md": step}, KINDS)
    assert any("le nom « aide-memoire » est déjà pris par 30-aide-memoire" in s for s in sentences(named))
    module = load_course({**FILES, f"{DEMO}/30-agir/module.md": b"---\ntitle: Agir\n---\n"}, KINDS)
    assert any("le nom « agir » est déjà pris par 20-agir" in s for s in sentences(module))


def test_a_missing_front_is_said() -> None:
    without = {path: content for path, content in FILES.items() if not path.startswith(f"{DEMO}/pathway.")}
    assert any("il manque pathway.md" in s for s in sentences(load_course(without, KINDS)))
    without = {path: content for path, content in FILES.items() if not path.startswith(f"{DECOUVRIR}/module.")}
    assert any(
        s.startswith(f"{DECOUVRIR}/module.md:1: ce fichier manque") for s in sentences(load_course(without, KINDS))
    )


def test_a_figure_that_is_not_allowed_is_said() -> None:
    course = load_course({**FILES, f"{DECOUVRIR}/files/la-rue.svg": b"<svg onload='x'/>"}, KINDS)
    assert any(s.startswith(f"{DECOUVRIR}/files/la-rue.svg:1: ") for s in sentences(course))
    gone = {path: content for path, content in FILES.items() if not path.endswith("la-rue.svg")}
    assert any("ce fichier n’existe pas : files/la-rue.svg" in s for s in sentences(load_course(gone, KINDS)))


def test_one_invalid_document_blocks_its_pathway_as_a_whole_and_no_other() -> None:
    course = changed(QUIZ, "minutes: 3", "minutes: trois")
    blocked = {unit.name for unit in course.units() if unit.problems}
    assert blocked == {DEMO}
    assert any("un nombre entier est attendu" in s for s in sentences(course))
    assert not any("budget" in s or "minutes en tout" in s for s in sentences(course))


def test_a_broken_kit_blocks_the_pathways_that_lead_to_it() -> None:
    course = changed("kits/kit-demo/kit.md", "title:", "titel:")
    blocked = {unit.name for unit in course.units() if unit.problems}
    assert blocked == {DEMO, "kits/kit-demo", "diagnostics/demo"}
    assert any("le kit « kit-demo » contient des erreurs" in s for s in sentences(course))


def test_what_is_referred_to_comes_before_what_refers() -> None:
    kinds = [unit.kind for unit in load_course(FILES, KINDS).units()]
    assert kinds == sorted(kinds, key=["taxonomy", "case", "diagnostic", "kit", "pathway"].index)
    (demo,) = [unit for unit in load_course(FILES, KINDS).units() if unit.name == DEMO]
    assert [d.source.slug for d in demo.documents] == ["demo", "decouvrir", "agir"]


def test_the_digest_covers_words_and_figures_but_not_spelling_nor_numbers() -> None:
    before = load_course(FILES, KINDS).documents[f"{DECOUVRIR}/"].digest
    text = FILES[QUIZ].decode()
    spelled = {**FILES, QUIZ: text.replace("title: Besoin ou solution ?", "title: 'Besoin ou solution ?'").encode()}
    assert load_course(spelled, KINDS).documents[f"{DECOUVRIR}/"].digest == before
    moved = {path.replace("10-decouvrir", "15-decouvrir"): content for path, content in FILES.items()}
    assert load_course(moved, KINDS).documents[f"{DEMO}/15-decouvrir/"].digest == before
    reworded = {**FILES, QUIZ: text.replace("Quatre questions.", "Des questions.").encode()}
    assert load_course(reworded, KINDS).documents[f"{DECOUVRIR}/"].digest != before
    drawn = FILES[f"{DECOUVRIR}/files/la-rue.svg"].replace(b"</svg>", b"<g/></svg>")
    redrawn = load_course({**FILES, f"{DECOUVRIR}/files/la-rue.svg": drawn}, KINDS)
    assert redrawn.problems == ()
    assert redrawn.documents[f"{DECOUVRIR}/"].digest != before


def test_a_body_finds_its_figures_and_a_step_its_documents() -> None:
    module = load_course(FILES, KINDS).documents[f"{DECOUVRIR}/"]
    shown = "".join(module.html(part.doc.body) for part in module.parts if isinstance(part.doc, StepDoc))
    assert '<figure><svg viewBox="' in shown
    assert module.used == (("diagnostic", "demo"), ("case", "demo-voisins"))
    diagnostic = next(p.doc for p in module.parts if isinstance(p.doc, StepDoc) and p.doc.kind == "diagnostic")
    assert module.uses(diagnostic) == (module.digests["diagnostic", "demo", "fr"],)
    assert module.formats == {"12min": 12, "24min": 24, "48min": 48}


def test_a_link_to_another_text_of_the_folder_leads_to_its_page() -> None:
    body = (
        "[a](40-mes-reflexes.md) [b](../20-agir/10-ma-phrase.md#haut) [c](../pathway.md) [d](module.md)"
        " [e](files/la-rue.svg) [f](40-mes%2Dreflexes.md)"
    )
    module = load_course(FILES, KINDS).documents[f"{DECOUVRIR}/"]
    uids = {p.path: p.doc.uid for p in module.parts if isinstance(p.doc, StepDoc)}
    here = f"/parcours/demo/etapes/{uids[f'{DECOUVRIR}/40-mes-reflexes.md']}"
    assert re.findall(r'href="([^"]+)"', module.html(body)) == [
        here,
        "/parcours/demo/etapes/demo-phrase",
        "/parcours/demo",
        "/parcours/demo",
        here,
    ]
    kit = load_course(FILES, KINDS).documents["kits/kit-demo/"]
    assert 'href="/kits/kit-demo/ecrire-un-pret"' in kit.html("[fiche](20-ecrire-un-pret.md)")
    assert 'href="/kits/kit-demo"' in kit.html("[kit](kit.md)")


def test_files_from_elsewhere_are_refused_too() -> None:
    strange = {"../x.md": b"", "pathways/a/run.sh": b"", QUIZ: b"\xff", "cases/demo-voisins/case.md": b"\x00"}
    found = sentences(load_course({**FILES, **strange}, KINDS))
    assert any(s.startswith("../x.md:1: ") for s in found)
    assert any(s.startswith("pathways/a/run.sh:1: type de fichier inconnu") for s in found)
    assert any(s.startswith(f"{QUIZ}:1: ce texte n’est pas en UTF-8") for s in found)


def test_nothing_at_all_is_a_course_without_documents() -> None:
    course = load_course({}, KINDS)
    assert (course.problems, course.units()) == ((), [])


def test_a_text_read_again_is_the_same_and_its_problems_are_said_in_ones_language() -> None:
    before, again = (changed(QUIZ, "minutes: ", "minuts: ").problems for _twice in range(2))
    assert before == again
    assert any("vouliez-vous" in problem.message for problem in before)
    with speaking("en"):
        assert any("did you mean" in problem.message for problem in changed(QUIZ, "minutes: ", "minuts: ").problems)


def test_a_link_is_looked_up_each_time() -> None:
    text = FILES[QUIZ] + b"\n[ici](files/plan-neuf.svg)\n"
    there = {f"{DECOUVRIR}/files/plan-neuf.svg": next(FILES[path] for path in FILES if path.endswith(".svg"))}
    for _again in range(2):
        assert any("plan-neuf" in problem.message for problem in load_course({**FILES, QUIZ: text}, KINDS).problems)
        with_it = load_course({**FILES, **there, QUIZ: text}, KINDS).problems
        assert not any("plan-neuf" in problem.message for problem in with_it)


def test_a_problem_knows_the_input_that_it_is_about() -> None:
    def places(path: str, old: str, new: str) -> set[str]:
        return {problem.place for problem in changed(path, old, new).problems if problem.path == path}

    assert places(QUIZ, "minutes: ", "minutes: z") == {"minutes"}
    assert places(QUIZ, "  explain: ", "  explained: ") == {"questions.0.explain", "questions.0.explained"}
    assert places(QUIZ, "    feedback: ", "    feedbak: ") == {
        "questions.0.options.0.feedback",
        "questions.0.options.0.feedbak",
    }
    assert places(f"{DECOUVRIR}/10-la-meme-rue.md", "\n## ", "\n#### ") == {"body"}
