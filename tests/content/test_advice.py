"""Advice: what an author may look at again, which keeps nothing from being published."""

from datetime import UTC, datetime

import pytest

from app import clock
from app.content.advice import LONGEST, advise, sentences, words
from app.content.course import load_course
from app.content.documents import Problem
from app.steps import KINDS
from tests.content.test_course import DECOUVRIR, FILES
from tests.content.test_course import DEMO as PATHWAY

READING = f"{DECOUVRIR}/10-la-meme-rue.md"


def advice(path: str, text: str) -> list[Problem]:
    """On one text of the shipped courses, written so; without its translation."""
    others = {each: content for each, content in FILES.items() if each != path.replace(".md", ".en.md")}
    course = load_course({**others, path: text.encode()}, KINDS)
    assert course.problems == ()
    return [problem for problem in advise(course.documents.values()) if problem.path == path]


TEXT = FILES[READING].decode()


def test_the_demonstration_earns_no_advice_on_its_words() -> None:
    assert advice(READING, TEXT) == []


def test_a_long_sentence_is_said_with_its_beginning_and_its_line() -> None:
    long = " ".join(["mot"] * (LONGEST + 1))
    text = TEXT.replace("Lundi, 20 h.", f"Lundi, 20 h.\n\nUn {long}.")
    (found,) = advice(READING, text)
    assert "phrase de 32 mots" in found.message.replace("\u00a0", " ")
    assert "Un mot mot mot" in found.message
    assert text.split("\n")[found.line - 1].startswith("Un mot")
    assert found.place == "body"
    assert advice(READING, TEXT.replace("key: ", f"key: Un {long}. "))[0].place == "key"


@pytest.mark.parametrize("fact", ["en 2019", "42 % des habitants", "12 000 personnes", "3 millions", "90 euros"])
def test_a_fact_without_source_is_said(fact: str) -> None:
    front = TEXT.split("---\n", 2)[1]
    bare = front.split("sources:")[0].replace("key:", "ready: no\nkey:")
    (found,) = advice(READING, f"---\n{bare}---\n\nCela se passe {fact} ici.\n")
    assert "n’a pas de source" in found.message
    assert advice(READING, f"---\n{bare}---\n\nCela se passe {fact} [ici](https://insee.fr/x).\n") == []
    assert advice(READING, f"---\n{front}---\n\nCela se passe {fact} ici.\n") == []


def test_sentences_are_told_apart_as_they_are_read() -> None:
    text = "Il dit : « Bien. » Puis il part. M. Dupont, 3,5 km plus loin ? Oui !"
    assert list(sentences(text))[-1] == "Oui !"
    assert words("L’alliance, c’est 3,5 fois plus d’allant.") == 6


def test_a_format_that_will_not_open_says_how_many_steps_it_waits_for() -> None:
    found = advice(f"{PATHWAY}/pathway.md", FILES[f"{PATHWAY}/pathway.md"].decode())
    assert any("n’ouvrira pas" in problem.message and problem.place.startswith("formats.") for problem in found)


@pytest.mark.parametrize(("times", "said"), [(0, False), (5, True), (11, True)])
def test_minutes_that_the_words_do_not_make_are_said(times: int, said: bool) -> None:
    """Three minutes announced, and as many asked; then 850 words more, and far more."""
    more = "\n\nDes mots simples, comptés un par un. " * 24
    found = [each for each in advice(READING, TEXT.rstrip() + more * times + "\n") if each.place == "minutes"]
    assert bool(found) is said
    if found:
        assert "3 min annoncées" in found[0].message.replace("\u00a0", " ").replace("\u202f", " ")
        assert TEXT.split("\n")[found[0].line - 1].startswith("minutes:")


def test_too_few_words_for_the_minutes_are_said() -> None:
    course = load_course(
        {
            **{p: c for p, c in FILES.items() if ".en." not in p},
            READING: TEXT.replace("minutes: 3", "minutes: 30").encode(),
        },
        KINDS,
    )
    said = [each for each in advise(course.documents.values()) if each.path == READING]
    assert [each.place for each in said] == ["minutes"]


def test_the_courses_that_ship_keep_their_minutes() -> None:
    course = load_course(FILES, KINDS)
    assert [str(each) for each in advise(course.documents.values()) if each.place == "minutes"] == []


def test_a_fact_is_said_from_its_day_on() -> None:
    old = "- claim: 42 % des maires coopèrent\n  source: Baromètre 2024\n  review: 2027-03-01\n"
    fact = f"facts:\n{old}- claim: Deux rues\n  source: Une carte\nsources:"
    text = TEXT.replace("sources:", fact, 1)
    try:
        clock.freeze(datetime(2027, 2, 28, 23, tzinfo=UTC))
        assert advice(READING, text) == []
        clock.freeze(datetime(2027, 3, 1, 0, tzinfo=UTC))
        (found,) = advice(READING, text)
    finally:
        clock.unfreeze()
    assert "à revoir depuis le 01/03/2027" in found.message.replace("\u00a0", " ")
    assert found.place == "facts.0.review"
    assert "review: 2027-03-01" in text.split("\n")[found.line - 1]


def test_a_fact_is_a_source() -> None:
    front = TEXT.split("---\n", 2)[1].split("sources:")[0].replace("key:", "ready: no\nkey:")
    body = "\n---\n\nCela se passe en 2019 ici.\n"
    assert advice(READING, f"---\n{front.rstrip()}{body}") != []
    assert advice(READING, f"---\n{front.rstrip()}\nfacts:\n- claim: en 2019\n  source: INSEE{body}") == []


@pytest.mark.parametrize("day", ["demain", "2027-3-1", "2027-02-30", "01/03/2027"])
def test_a_day_that_no_calendar_has_is_refused(day: str) -> None:
    text = TEXT.replace("sources:", f"facts:\n- claim: a\n  source: b\n  review: {day}\nsources:", 1)
    others = {each: content for each, content in FILES.items() if ".en." not in each}
    said = [str(each) for each in load_course({**others, READING: text.encode()}, KINDS).problems]
    assert len(said) == 1
    assert READING in said[0]
