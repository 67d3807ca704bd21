"""A page of who trains or administers costs eight statements at most, as many for three people as for thirty."""

from datetime import date, time, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actions import (
    accounts,
    assignments,
    authoring,
    cohorts,
    comments,
    invitations,
    lists,
    memberships,
    messages,
    sharing,
)
from app.actions import sessions as meetings
from app.actions.cohorts import Wanted
from app.actions.sessions import WantedSession
from app.config import Settings
from app.content import course
from app.db import Engines
from app.models import Enrolment, Invitation, MailKind, Membership, Message, Shared
from app.models.assigned import Dates
from app.models.assigned import Wanted as Asking
from app.steps import KINDS
from tests.actions.test_sharing import PHRASE, write
from tests.build import DEMO, demo_files, walk
from tests.cast import HASH, Cast
from tests.client import Client
from tests.learn.test_budgets import copies, cost
from tests.test_access_matrix import MATRIX

MOST = 8
FEW, MANY = 3, 30
APART = {"teach.code", "teach.join", "teach.resume", "teach.sharings", "teach.own_cohorts", "teach.leaving"}
APART |= {"teach.resume_card", "admin.mail"}
"""Pages of learners, counted with theirs; and one mail, asked below by its number."""


def meeting(number: int) -> WantedSession:
    """A session, that many days from tomorrow."""
    day = clock.now().date() + timedelta(days=1 + number)
    return WantedSession(f"Atelier {number}", day, time(14), 60, place="Salle 2")


def grow(db: Session, settings: Settings, cast: Cast, cohort: int, first: int, last: int) -> None:
    """Of each thing that these pages show, from one number to another."""
    by = invitations.By(cast.tarik, "Tarik", None, "fr", settings.secret_key)
    invitations.open_link(db, by, cohort, 30, 40)
    invitations.invite(db, by, cohort, lists.read_text("\n".join(f"zoe{n}@asso.example" for n in range(first, last))))
    place = db.scalars(select(Membership.id).filter_by(person_id=cast.lea, cohort_id=cohort)).one()
    more = {path: content for number in range(first, min(last, 8)) for path, content in copies(number).items()}
    done = authoring.load(db, course.load_course(demo_files() | more, KINDS), settings.media_dir)
    assert done.ok, [*map(str, done.problems)]
    for number in range(first, last):
        person = accounts.create_person(db, f"p{number}@exemple.fr", HASH, name=f"Nom {number}", role=None, by=None).id
        memberships.join(db, cohort, person, name=f"Nom {number}")
        walk(db, person, steps=1 + number % 3)
        meetings.create_session(db, cast.tarik, cohort, meeting(number), key=f"session {number}")
        cohorts.create_cohort(db, cast.tarik, Wanted(f"Autre {number}", "Europe/Paris"), key=f"cohort {number}")
        comments.comment(db, cast.tarik, cohort, place, PHRASE, f"Mot {number}", verdict=None, key=f"word {number}")
        messages.post(db, MailKind.TEST, cause=f"{number}", address=f"p{number}@exemple.fr", lang="fr", data={})
        if number < 8:
            wanted = Asking(f"copie-{number}", 24, Dates(date(2026, 11, 25), date(2026, 12, 18)))
            assignments.assign(db, cast.tarik, cohort, wanted, key=f"asked {number}")


def test_no_page_costs_more_than_eight_statements_nor_more_with_more_to_show(
    app: Flask, settings: Settings, engines: Engines, cast: Cast
) -> None:
    with Session(engines.write) as db:
        cohort = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        place = memberships.join(db, cohort, cast.lea, name="Léa").id
        wanted = Asking(DEMO, 24, Dates(date(2026, 11, 25), date(2026, 12, 18)))
        given = assignments.assign(db, cast.tarik, cohort, wanted, key="asked")
        write(db, cast.lea, "Les voisins du 12 peignent le mur.")
        sharing.share(db, cast.lea, cohort, Shared.NOTES, PHRASE)
        grow(db, settings, cast, cohort, 0, FEW)
        db.commit()
        invited = db.scalars(select(Invitation.id)).first()
        mail = db.scalars(select(Message.id)).first()
        session = meetings.create_session(db, cast.tarik, cohort, meeting(40), key="a session")
        assert db.scalars(select(Enrolment.id)).first()
        db.commit()
    names = {"cohort": cohort, "place": place, "assignment": given, "session": session, "invited": invited}
    names["lea"] = cast.lea
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = [
        (endpoint.split(".")[0], address.format(**names))
        for endpoint, (address, _) in MATRIX.items()
        if endpoint.startswith(("teach.", "admin.")) and endpoint in gets - APART
    ]
    pages += [("admin", f"/administration/courriels/{mail}"), ("teach", f"/cohortes/{cohort}?module=decouvrir")]
    clients = {"teach": Client(app, settings, engines).sign_in(cast.tarik)}
    clients["admin"] = Client(app, settings, engines).sign_in(cast.ada)

    def costs() -> dict[str, int]:
        return {path: len(cost(app, clients[area], path)) for area, path in pages}

    before = costs()
    assert len(before) >= 18, before
    assert {path: sent for path, sent in before.items() if sent > MOST} == {}
    with Session(engines.write) as db:
        grow(db, settings, cast, cohort, FEW, MANY)
        db.commit()
    assert costs() == before
