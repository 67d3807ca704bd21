"""What a learner shows to the trainers of a cohort, and takes back; the thread about it; the step said done."""

import random

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import cohorts, comments, learning, marking, memberships, sharing, writing
from app.actions.cohorts import Wanted
from app.config import Settings
from app.errors import Missing, Refused
from app.models import (
    Assignment,
    AuditEvent,
    Comment,
    Membership,
    Message,
    Shared,
    Sharing,
    StepEvent,
    Summary,
    Verb,
    Verdict,
)
from app.reads import courses, shown
from tests.build import DEMO, enrolment, load_demo, walk
from tests.cast import Cast, make_cast

PHRASE = "demo-phrase"
DIAGNOSTIC = "demo-reflexes"


def make_cohort(db: Session, trainer: int, name: str, *people: int) -> int:
    """A cohort of these people, led by that trainer."""
    number = cohorts.create_cohort(db, trainer, Wanted(name, "Europe/Paris"), key=name)
    for person in people:
        memberships.join(db, number, person, name=f"Personne {person}")
    return number


def place_of(db: Session, cohort: int, person: int) -> int:
    return db.scalars(select(Membership.id).filter_by(cohort_id=cohort, person_id=person)).one()


def write(db: Session, person: int, text: str, uid: str = PHRASE) -> None:
    rows = courses.steps(db, courses.pathway(db, DEMO, person).edition_id, None)
    assert uid in {row.uid for row in rows}
    content = courses.step_contents(db, courses.pathway(db, DEMO, person).edition_id, [uid])[uid].doc
    texts = {(uid, field.name): text for field in content.fields if field.type in ("line", "text")}
    writing.save_notes(db, person, DEMO, texts)


@pytest.fixture
def cast(db: Session, settings: Settings, noon: object) -> Cast:
    load_demo(db, settings.media_dir)
    cast = make_cast(db)
    learning.enrol(db, cast.lea, DEMO, None)
    return cast


def test_what_is_shared_is_read_and_what_is_taken_back_is_not(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    write(db, cast.lea, "Les voisins du 12 peignent le mur.")
    assert shown.shown(db, maisons, cast.lea)[0] == ()
    for _twice in range(2):
        sharing.share(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    (item,) = shown.shown(db, maisons, cast.lea)[0]
    assert any("Les voisins du 12" in answer for _ask, answer in item.answers)
    assert db.scalar(select(func.count()).select_from(Sharing)) == 1
    for _twice in range(2):
        sharing.unshare(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    assert shown.shown(db, maisons, cast.lea)[0] == ()


def test_nothing_empty_and_nothing_of_another_cohort_is_shared(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    ailleurs = make_cohort(db, cast.tess, "Ailleurs", cast.noe)
    with pytest.raises(Refused):
        sharing.share(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    with pytest.raises(Refused):
        sharing.share(db, cast.lea, maisons, Shared.RESULT, DIAGNOSTIC)
    write(db, cast.lea, "Une phrase.")
    with pytest.raises(Missing):
        sharing.share(db, cast.lea, ailleurs, Shared.NOTES, PHRASE)


def test_free_notes_are_never_shown_with_a_step(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    write(db, cast.lea, "Une phrase.")
    writing.save_notes(db, cast.lea, DEMO, {(PHRASE, "notes"): "Pour moi seule."})
    sharing.share(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    assert "Pour moi seule." not in str(shown.shown(db, maisons, cast.lea))


def test_nothing_unshared_is_ever_read_whatever_was_shared_and_taken_back(db: Session, cast: Cast) -> None:
    """For any order of sharing, taking back, leaving and coming back: what is read is what stands shared, no more."""
    walk(db, cast.lea)
    walk(db, cast.noe)
    for person in (cast.lea, cast.noe):
        write(db, person, f"PHRASE-{person}")
    one, two = make_cohort(db, cast.tarik, "Un", cast.lea, cast.noe), make_cohort(db, cast.tess, "Deux", cast.lea)
    things = [(Shared.NOTES, PHRASE), (Shared.NOTES, "demo-regles"), (Shared.NOTES, "demo-jalon-12")]
    things += [(Shared.RESULT, DIAGNOSTIC), (Shared.AVERAGE, DIAGNOSTIC)]
    dice = random.Random(5)  # a test, not a secret
    stands: dict[tuple[int, int], set[tuple[Shared, str]]] = {(one, cast.lea): set(), (one, cast.noe): set()}
    stands[(two, cast.lea)] = set()
    for _round in range(60):
        (cohort, person), now = dice.choice(list(stands.items()))
        thing = dice.choice(things)
        act = dice.random()
        if act < 0.55:
            try:
                sharing.share(db, person, cohort, *thing)
            except Refused:
                continue
            now.add(thing)
        elif act < 0.95:
            sharing.unshare(db, person, cohort, *thing)
            now.discard(thing)
        else:
            memberships.leave(db, person, cohort)
            memberships.join(db, cohort, person, name="De retour")
            now.clear()
        for (where, who), expected in stands.items():
            items, _marks = shown.shown(db, where, who)
            assert {(item.what, item.uid) for item in items} == expected
            other = cast.noe if who == cast.lea else cast.lea
            assert f"PHRASE-{other}" not in str(items)
            assert (f"PHRASE-{who}" in str(items)) == ((Shared.NOTES, PHRASE) in expected)


def test_who_has_left_shows_nothing_even_where_a_sharing_stands(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    write(db, cast.lea, "Une phrase.")
    sharing.share(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    db.execute(update(Membership).values(left_at=clock.now()))
    assert shown.shown(db, maisons, cast.lea)[0] == ()
    with pytest.raises(Missing):
        comments.comment(
            db, cast.tarik, maisons, place_of(db, maisons, cast.lea), PHRASE, "?", verdict=None, key="k" * 8
        )


def test_a_comment_said_twice_is_one_and_one_mail_and_the_learner_answers(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    place = place_of(db, maisons, cast.lea)
    write(db, cast.lea, "Une phrase.")
    with pytest.raises(Refused):
        comments.comment(db, cast.tarik, maisons, place, PHRASE, "Bien", verdict=None, key="first-word")
    sharing.share(db, cast.lea, maisons, Shared.NOTES, PHRASE)
    for _twice in range(2):
        comments.comment(db, cast.tarik, maisons, place, PHRASE, "Bien", verdict=Verdict.VALID, key="first-word")
        comments.answer(db, cast.lea, maisons, PHRASE, "Merci", key="the-answer")
    (item,) = shown.shown(db, maisons, cast.lea)[0]
    assert [(word.who, word.own, word.text, word.verdict) for word in item.words] == [
        ("Tarik", False, "Bien", "valid"),
        ("Lea", True, "Merci", ""),
    ]
    assert db.scalar(select(func.count()).select_from(Message)) == 1
    assert db.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.verb == "comment.create")) == 1
    with pytest.raises(Missing):
        comments.comment(db, cast.tess, maisons, place, PHRASE, "?", verdict=None, key="somebody-else")
    with pytest.raises(Missing):
        comments.answer(db, cast.noe, maisons, PHRASE, "?", key="somebody-else")
    assert db.scalar(select(func.count()).select_from(Comment)) == 2


def test_a_step_said_done_counts_once_everywhere_and_the_fold_agrees(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea, cast.noe)
    asked(db, maisons, cast.tarik)
    place = place_of(db, maisons, cast.lea)
    for key in ("mark-once", "mark-once", "mark-again"):
        marking.mark_step(db, cast.tarik, maisons, place, DEMO, "demo-lecture", "fait en salle", key=key)
    number = enrolment(db, cast.lea)
    event = db.scalars(select(StepEvent).filter_by(enrolment_id=number)).one()
    assert (event.verb, event.by_id, event.data["reason"]) == (Verb.COMPLETED_BY_TRAINER, cast.tarik, "fait en salle")
    row = next(row for row in courses.steps(db, courses.pathway(db, DEMO, cast.lea).edition_id, number) if row.done)
    assert (row.uid, row.minutes_credited) == ("demo-lecture", row.minutes)
    assert learning.refold(db, number) == 0
    trace = db.scalars(select(AuditEvent).where(AuditEvent.verb == "step.mark")).one()
    assert "salle" not in str(trace.data)
    with pytest.raises(Refused):
        marking.mark_step(db, cast.tarik, maisons, place, DEMO, "demo-quiz", "  ", key="no-reason")
    with pytest.raises(Missing):
        marking.mark_step(db, cast.tess, maisons, place, DEMO, "demo-quiz", "non", key="not-hers")
    with pytest.raises(Missing):
        marking.mark_step(
            db, cast.tarik, maisons, place_of(db, maisons, cast.noe), DEMO, "demo-quiz", "x", key="not-begun"
        )


def test_only_a_pathway_asked_of_the_cohort_may_be_marked(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    with pytest.raises(Missing):
        marking.mark_step(
            db, cast.tarik, maisons, place_of(db, maisons, cast.lea), DEMO, "demo-lecture", "fait", key="not-asked"
        )


def test_a_step_said_done_is_counted_and_credited_and_is_evidence_of_nothing(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    asked(db, maisons, cast.tarik)
    learning.enrol(db, cast.lea, DEMO, None)
    place = place_of(db, maisons, cast.lea)
    marking.mark_step(db, cast.tarik, maisons, place, DEMO, "demo-quiz", "fait en salle", key="mark-quiz")
    walk(db, cast.noe)
    walk(db, cast.lea)
    marked, walked = (
        db.scalars(select(Summary).where(Summary.enrolment_id == enrolment(db, person))).one()
        for person in (cast.lea, cast.noe)
    )
    for name in ("steps", "credited_minutes", "objectives"):
        assert marked.snapshot[name] == walked.snapshot[name]
    assert (marked.snapshot.get("confirmed"), walked.snapshot.get("confirmed")) == (1, None)
    assert walked.snapshot["evidence"]["quiz"] == 1
    assert marked.snapshot["evidence"] == {kind: n for kind, n in walked.snapshot["evidence"].items() if kind != "quiz"}
    titles = [{title for title, _lang in traces} for traces in marked.annex["evidence"]]
    assert "Besoin ou solution ?" not in set().union(*titles)
    assert "Besoin ou solution ?" in {title for traces in walked.annex["evidence"] for title, _lang in traces}


def test_the_last_step_said_done_issues_the_bilan(db: Session, cast: Cast) -> None:
    maisons = make_cohort(db, cast.tarik, "Maisons", cast.lea)
    asked(db, maisons, cast.tarik)
    done = walk(db, cast.lea, steps=None)
    assert done
    walk(db, cast.noe, steps=len(done) - 1)
    memberships.join(db, maisons, cast.noe, name="Noé")
    before = db.scalar(select(func.count()).select_from(Summary))
    place = place_of(db, maisons, cast.noe)
    marking.mark_step(db, cast.tarik, maisons, place, DEMO, done[-1], "dit à voix haute", key="the-last-one")
    assert (before, db.scalar(select(func.count()).select_from(Summary))) == (1, 2)
    assert learning.refold(db, enrolment(db, cast.noe)) == 0


def asked(db: Session, cohort: int, trainer: int) -> None:
    """The demonstration is asked of the cohort."""
    reading = courses.pathway(db, DEMO, None)
    today = clock.now().date()
    db.add(
        Assignment(
            cohort_id=cohort,
            pathway_id=reading.pathway_id,
            edition_id=reading.edition_id,
            format_minutes=12,
            starts_on=today,
            due_on=today,
            created_at=clock.now(),
            created_by=trainer,
            key="asked",
        )
    )
    db.flush()
