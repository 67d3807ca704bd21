"""The people of the demonstration, with a history that they could have had."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accounts, assignments, cohorts, learning, memberships, sessions
from app.content.diagnostics import DiagnosticDoc
from app.content.translation import reread
from app.errors import Refused
from app.models import DocumentKind, Person, Role, assigned
from app.models.progress import Progress
from app.reads import courses
from app.steps.diagnostic import SURPRISE, Diagnostic
from app.steps.fields import Field
from app.steps.quiz import Quiz


@dataclass(frozen=True)
class Cast:
    email: str
    name: str
    role: Role | None = None
    done: int = 0
    """Steps done of the first pathway."""


CAST = (
    Cast("lea@balises.example", "Léa", done=7),
    Cast("noe@balises.example", "Noé", done=2),
    Cast("tarik@balises.example", "Tarik", Role.TRAINER),
    Cast("tess@balises.example", "Tess", Role.TRAINER),
    Cast("aude@balises.example", "Aude", Role.AUTHOR),
    Cast("ada@balises.example", "Ada", Role.ADMIN),
)


def make(db: Session, hashes: Mapping[str, str]) -> list[Cast]:
    """Make who is not there yet. `hashes`: address -> password hash. Returns the people made."""
    there = set(db.scalars(select(Person.email).where(Person.email.in_([cast.email for cast in CAST]))))
    made = [cast for cast in CAST if cast.email not in there]
    for cast in made:
        person = accounts.create_person(db, cast.email, hashes[cast.email], name=cast.name, role=cast.role, by=None)
        person.email_confirmed_at = clock.now()
        if cast.done:
            _history(db, person.id, cast.done)
    if any(cast.role is Role.TRAINER for cast in made):
        _cohort(db)
    return made


def _cohort(db: Session) -> None:
    """Tarik leads a cohort of those who learn: asked three weeks ago of what they began, with a workshop to come."""
    slug, now = _first_pathway(db), clock.now()
    people = {cast.name: db.scalars(select(Person.id).where(Person.email == cast.email)).one() for cast in CAST}
    today, due = now.date(), now.date() + timedelta(days=18)
    try:
        clock.freeze(now - timedelta(days=21))
        wanted = cohorts.Wanted("Maisons de quartier", "Europe/Paris", today - timedelta(days=21), due)
        number = cohorts.create_cohort(db, people["Tarik"], wanted, key="demo-cohort")
        for cast in CAST:
            if cast.done:
                memberships.join(db, number, people[cast.name], name=cast.name, structure="Les Amis du quartier")
        if slug:
            begun = courses.pathway(db, slug, people["Léa"]).format_minutes
            asked = assigned.Wanted(slug, begun, assigned.Dates(today - timedelta(days=21), due))
            assignments.assign(db, people["Tarik"], number, asked, key="demo-assignment")
    finally:
        clock.unfreeze()
    workshop = sessions.WantedSession(
        "Atelier : lire nos autodiagnostics", today + timedelta(days=8), time(14), 120, place="Maison des associations"
    )
    sessions.create_session(db, people["Tarik"], number, workshop, key="demo-session")


_WORDS = {
    "seul": "Ouvrir un lieu d’accueil le mercredi après 17 h : nous n’avons ni local ni bénévole ce jour-là.",
    "voisin": "La bibliothèque, fermée le mercredi soir faute de personnel.",
    "carte": "Nous sommes une association de quartier, quarante bénévoles. Nous aidons les enfants du quartier.",
    "partenariat": "La mairie nous prête la salle le mardi ; nous accueillons deux classes au printemps.",
    "reprends": "Écrire à deux ce que chacun apporte, avant de chercher de l’argent.",
    "different": "Chez nous, la mairie change d’équipe au printemps.",
    "premier": "Les familles du quartier ; la directrice de l’école le voit en premier.",
}
"""What the demo people wrote, by field; elsewhere, a sentence that suits any question."""


def _history(db: Session, person_id: int, steps: int) -> None:
    """Begin the first pathway on offer and do its first steps, as a learner would over some evenings."""
    slug = _first_pathway(db)
    if slug is None:
        return
    now = clock.now()
    try:
        clock.freeze(now - timedelta(days=3 * steps))  # the demonstration happened over the last weeks
        uid = learning.enrol(db, person_id, slug, None)
        for rank in range(steps):
            clock.freeze(now - timedelta(days=3 * (steps - rank) - 1, hours=rank % 5, minutes=7 * rank))
            uid = demo_step(db, person_id, slug, uid) if uid else None
    finally:
        clock.unfreeze()


def _first_pathway(db: Session) -> str | None:
    """The first pathway with an open format, the demonstration one last."""
    readings = courses.pathways(db, None)
    open_ones = courses.formats(db, [reading.edition_id for reading in readings])
    offered = [r.slug for r in readings if any(format.offered for format in open_ones[r.edition_id])]
    return next(iter(sorted(offered, key=lambda slug: slug == "demo")), None)


def demo_step(db: Session, person_id: int, slug: str, uid: str) -> str | None:
    """Do one step as its rule asks, through the same verbs as the browser. Returns the next one's uid."""
    here = learning.place(db, person_id, slug, uid)
    content = here.content
    key = f"demo-{uid}"
    if isinstance(content, Quiz):
        posted = {question.uid: question.right_values() for question in content.questions}
        learning.create_attempt(db, person_id, slug, uid, posted, key=key, asked=None)
    texts = {(uid, field.name): _text(field) for field in content.fields}
    if isinstance(content, Diagnostic):
        document = courses.documents(db, here.edition_id, DocumentKind.DIAGNOSTIC)[content.diagnostic]
        questions = reread(DiagnosticDoc, document.content).questions
        answers: dict[str, int | None] = {q.uid: rank % 3 for rank, q in enumerate(questions)}
        learning.create_result(db, person_id, slug, uid, answers, key=key)
        texts[uid, SURPRISE] = "Nous suivons mieux nos partenariats que je ne le pensais."
    done = learning.complete_step(db, person_id, slug, uid, texts, key=key)
    if not done.complete:
        raise Refused(" ".join(done.missing))
    rows = courses.steps(db, here.edition_id, here.enrolment.id)
    following = Progress(rows, here.enrolment.format_minutes).next
    return following.uid if following else None


def _text(field: Field) -> str:
    if field.type == "date":
        return (clock.now() + timedelta(days=12)).date().isoformat()
    if field.options:
        return field.original.options[0]
    if field.terms:
        return _TERMS.get(field.terms, "")
    return _WORDS.get(field.name, "Nous en parlons au bureau jeudi prochain.")


_TERMS = {
    "actor_profiles": "associations",
    "domains": "education",
    "territorial_levels": "local",
    "regions": "bretagne",
    "paths": "piloter-partenariats-strategiques",
}
