"""Kinds of steps: what each asks, when it is done, and when its task has changed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.content import text
from app.steps import KINDS, StepContent, Work, task_digest
from app.steps.live import PRESENT, Live, meeting
from app.steps.video import Video

FIELD = {"name": "seul", "label": "Ce que nous ne pouvons pas faire seuls", "type": "line"}
QUESTIONS = [
    {
        "uid": f"q-{n}",
        "type": "truefalse",
        "ask": "Vrai ?",
        "answer": "yes",
        "feedback_right": "oui",
        "feedback_wrong": "non",
        "explain": "car",
    }
    for n in range(4)
]
OWN: dict[str, dict[str, Any]] = {
    "reading": {"key": "k", "takeaway": "t", "sources": ["s"], "body": "b"},
    "quiz": {"questions": QUESTIONS},
    "diagnostic": {"diagnostic": "ma-maturite"},
    "exercise": {"fields": [FIELD]},
    "case": {"sources": ["s"], "cases": ["un", "deux"]},
    "resource": {"kit": "un-kit"},
    "milestone": {"fields": [FIELD]},
    "video": {
        "media": "files/film.webm",
        "captions": [{"lang": "fr", "file": "files/film.vtt"}],
        "duration": "2:30",
        "source": "Nous",
        "licence": "CC0",
        "body": "b",
    },
    "live": {
        "on": "2026-12-10 18:30 Europe/Paris",
        "link": "https://exemple.fr/salle",
        "host": "Odile",
        "about": "a",
        "fields": [FIELD],
        "body": "b",
    },
}


def step(kind: str, **said: object) -> StepContent:
    common = {"uid": "abc", "kind": kind, "title": "T", "format": "2h", "minutes": "10"}
    return KINDS[kind].Content.model_validate({**common, **OWN[kind], **said})


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_its_name_icon_and_rule(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert kind.icon
    assert kind.label()
    assert kind.rule(step(name)).endswith(".")
    assert KINDS[name].Content.model_validate(json.loads(step(name).model_dump_json())) == step(name)


@pytest.mark.parametrize("name", KINDS)
def test_a_step_being_written_is_never_done(name: str) -> None:
    done = KINDS[name].assess(step(name, ready="no"), Work({"seul": "x"}, frozenset({"q-0", "q-1", "q-2"}), True, "x"))
    assert not done.complete
    assert done.missing == ("Cette étape est en cours d’écriture.",)


@pytest.mark.parametrize("name", ["reading", "case", "resource", "video"])
def test_a_page_without_a_field_is_done_when_read(name: str) -> None:
    assert KINDS[name].assess(step(name), Work()).complete


@pytest.mark.parametrize(
    "name", ["reading", "case", "resource", "exercise", "milestone", "quiz", "diagnostic", "video", "live"]
)
def test_a_required_field_must_be_written(name: str) -> None:
    content = step(name, fields=[FIELD, {**FIELD, "name": "libre", "required": "no"}])
    ready = {"right": frozenset(f"q-{n}" for n in range(4)), "result_read": True, "surprise": "tout"}
    empty = KINDS[name].assess(content, Work(notes={"seul": "  "}, **ready))
    assert not empty.complete
    assert empty.errors == {"seul": "Écrivez une phrase, même courte."}
    assert plain(empty.missing[0]).startswith("Ce que nous ne pouvons pas faire seuls : ")
    assert KINDS[name].assess(content, Work(notes={"seul": "x"}, **ready)).complete


def test_a_quiz_is_done_with_enough_right_answers() -> None:
    quiz, kind = step("quiz"), KINDS["quiz"]
    assert kind.rule(quiz) == "Terminé avec 3 bonnes réponses sur 4."
    two = kind.assess(quiz, Work(right=frozenset({"q-0", "q-1", "other"})))
    assert (two.complete, two.missing) == (False, ("Encore 1 bonne réponse.",))
    assert kind.assess(quiz, Work(right=frozenset({"q-0", "q-1", "q-3"}))).complete
    easy = step("quiz", **{"pass": "1"})
    assert kind.rule(easy) == "Terminé avec 1 bonne réponse sur 4."
    assert kind.assess(easy, Work(right=frozenset({"q-2"}))).complete


def test_a_diagnostic_is_done_when_read_and_something_surprises() -> None:
    content, kind = step("diagnostic"), KINDS["diagnostic"]
    assert not kind.assess(content, Work(surprise="x")).complete
    unread = kind.assess(content, Work(result_read=True, surprise=" "))
    assert (unread.complete, list(unread.errors)) == (False, ["surprise"])
    assert kind.assess(content, Work(result_read=True, surprise="le total")).complete


def test_a_video_that_we_may_not_serve_is_a_link_with_its_text() -> None:
    elsewhere = {"media": "", "captions": [], "source": "", "licence": "", "link": "https://exemple.fr/film"}
    assert KINDS["video"].assess(step("video", **elsewhere), Work()).complete
    assert list(Video.lacking({"link": "https://exemple.fr/film"})) == ["duration", "body"]


def test_a_sound_has_its_text_and_no_captions() -> None:
    sound = step("video", media="files/son.mp3", captions=[])
    assert plain(KINDS["video"].rule(sound)) == "Terminé quand vous l’avez écoutée ou lue."
    assert plain(KINDS["video"].rule(step("video"))) == "Terminé quand vous l’avez regardée ou lue."


def test_who_was_there_is_done_once_it_has_begun_and_not_before(noon: datetime) -> None:
    content, kind, there = step("live"), KINDS["live"], Work(notes={PRESENT: "oui"})
    assert isinstance(content, Live)
    held = meeting(content)
    assert held is not None
    assert held.starts == datetime(2026, 12, 10, 17, 30, tzinfo=UTC)
    assert held.ends - held.starts == timedelta(minutes=10)
    assert not kind.assess(content, there).complete
    clock.freeze(held.starts - timedelta(seconds=1))
    assert not kind.assess(content, there).complete
    clock.freeze(held.starts)
    assert kind.assess(content, there).complete
    assert not kind.assess(content, Work(notes={PRESENT: ""})).complete
    assert not kind.assess(step("live", on="à venir"), there).complete


def test_who_cannot_come_does_the_twin_at_any_moment(noon: datetime) -> None:
    for on in ("2026-12-10 18:30 Europe/Paris", "2020-01-01 10:00 UTC", "à venir"):
        assert KINDS["live"].assess(step("live", on=on), Work(notes={"seul": "x"})).complete
        assert not KINDS["live"].assess(step("live", on=on), Work()).complete


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("video", {"media": ""}),
        ("video", {"link": "https://exemple.fr/film"}),
        ("video", {"media": "film.webm"}),
        ("video", {"media": "files/film.exe"}),
        ("video", {"media": "files/../film.webm"}),
        ("video", {"captions": []}),
        ("video", {"captions": [{"lang": "fr", "file": "files/film.srt"}]}),
        ("video", {"captions": [{"lang": lang, "file": "files/film.vtt"} for lang in ("fr", "fr")]}),
        ("video", {"media": "files/son.mp3"}),
        ("video", {"poster": "files/film.svg"}),
        ("video", {"source": ""}),
        ("video", {"licence": ""}),
        ("video", {"duration": "150"}),
        ("live", {"on": "demain"}),
        ("live", {"on": "2026-12-10 18:30"}),
        ("live", {"on": "2026-12-10 25:30 Europe/Paris"}),
        ("live", {"on": "2026-12-10 18:30 Europe/Paname"}),
        ("live", {"on": "2027-03-28 02:30 Europe/Paris"}),
        ("live", {"link": ""}),
        ("live", {"fields": [{**FIELD, "required": "no"}]}),
        ("quiz", {"questions": QUESTIONS[:3]}),
        ("quiz", {"pass": "5"}),
        ("quiz", {"needed": "2"}),
        ("resource", {"kit": ""}),
        ("resource", {"kit": "", "links": [{"title": "x"}], "by_chemin": "yes"}),
        ("case", {"cases": ["un", "un"]}),
        ("exercise", {"fields": [FIELD, FIELD]}),
        ("exercise", {"fields": [{**FIELD, "type": "choice"}]}),
        ("exercise", {"fields": [{**FIELD, "type": "choice", "options": ["a"]}]}),
        ("exercise", {"fields": [{**FIELD, "options": ["a", "b"]}]}),
        ("exercise", {"fields": [{**FIELD, "name": "data"}]}),
        ("exercise", {"fields": [{**FIELD, "type": "date", "max": "20"}]}),
        ("exercise", {"minutes": "0"}),
        ("exercise", {"rappel": ["abc"]}),
    ],
)
def test_what_no_learner_could_do_is_refused(kind: str, said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"validation error"):
        step(kind, **said)


def test_the_seven_tenths_are_rounded_up() -> None:
    more = [{**QUESTIONS[0], "uid": f"q-{n}"} for n in range(10)]
    for n, needed in ((4, 3), (5, 4), (6, 5), (7, 5), (10, 7)):
        quiz = step("quiz", questions=more[:n])
        assert getattr(quiz, "needed", None) == needed


SAME = [
    ("reading", {"title": "Autre", "body": "autre", "key": "autre", "minutes": "9", "note": "n", "sources": ["z"]}),
    ("quiz", {"questions": [{**q, "feedback_wrong": "autre", "explain": "autre"} for q in QUESTIONS]}),
    ("exercise", {"fields": [{**FIELD, "help": "aide", "slot": "alone", "max": "80"}]}),
    ("case", {"cases": ["deux", "un"]}),
    ("video", {"media": "files/autre.mp4", "duration": "3:00", "licence": "CC BY", "body": "autre"}),
    ("live", {"on": "à venir", "place": "ici", "link": "", "host": "Lina", "about": "autre", "replay": "https://a.fr"}),
]
OTHER = [
    ("reading", {"fields": [FIELD]}),
    ("quiz", {"questions": [{**q, "ask": "Faux ?"} for q in QUESTIONS]}),
    ("quiz", {"questions": [{**q, "answer": "no"} for q in QUESTIONS]}),
    ("quiz", {"pass": "4"}),
    ("exercise", {"fields": [{**FIELD, "label": "Autre question"}]}),
    ("exercise", {"fields": [{**FIELD, "required": "no"}]}),
    ("diagnostic", {"diagnostic": "autre"}),
    ("video", {"fields": [FIELD]}),
    ("live", {"fields": [{**FIELD, "label": "Autre question"}]}),
]


@pytest.mark.parametrize(("kind", "said"), SAME)
def test_prose_title_minutes_and_feedback_are_not_the_task(kind: str, said: dict[str, object]) -> None:
    assert task_digest(step(kind, **said)) == task_digest(step(kind))


@pytest.mark.parametrize(("kind", "said"), OTHER)
def test_what_is_asked_is_the_task(kind: str, said: dict[str, object]) -> None:
    assert task_digest(step(kind, **said)) != task_digest(step(kind))


def test_the_documents_a_step_shows_are_part_of_its_task() -> None:
    assert task_digest(step("case"), ["a"]) != task_digest(step("case"), ["b"])


def test_a_task_kept_as_data_is_the_same_task() -> None:
    for kind in KINDS:
        content = step(kind)
        again = KINDS[kind].Content.model_validate(text.plain(content))
        assert task_digest(again) == task_digest(content)
