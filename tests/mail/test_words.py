"""What the mails of a cohort say to whoever reads them: what it is about, in which order, and who answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.actions import assignments, cohorts, invitations, lists, memberships, reminding, roles, writing_to
from app.actions.assignments import Dates
from app.actions.invitations import By
from app.db import Engines
from app.letters import letter
from app.models import MailKind, Membership, Message, Person, Role
from tests.build import DEMO
from tests.cast import Cast, address

Read = Callable[[MailKind], tuple[Message, str]]


@pytest.fixture
def cohort(engines: Engines, cast: Cast) -> int:
    """Léa is in it, and is asked the demonstration by the 18th of December."""
    with Session(engines.write) as db, db.begin():
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Lundi", "Europe/Paris"), key="a cohort")
        memberships.join(db, number, cast.lea, name="Léa")
        dates = Dates(clock.now().date(), due_on=date(2026, 12, 18))
        assignments.assign(db, cast.tarik, number, assignments.Wanted(DEMO, 12, dates), key="asked")
    return number


@pytest.fixture
def read(engines: Engines) -> Read:
    """The one mail of a kind, and its text."""

    def found(kind: MailKind) -> tuple[Message, str]:
        with Session(engines.read) as db:
            message = db.scalars(select(Message).where(Message.kind == kind)).one()
        words = letter(kind, "fr", message.data, "https://site.example").text
        return message, words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    return found


def test_a_trainers_words_follow_their_name_and_how_to_answer_comes_after(
    engines: Engines, cast: Cast, cohort: int, read: Read
) -> None:
    with Session(engines.write) as db, db.begin():
        place = db.scalars(select(Membership.id)).one()
        writing_to.write_to(db, cast.tarik, cohort, [place], "À jeudi.", key="k" * 16)
    said = read(MailKind.TRAINER)[1]
    assert said.startswith(
        "Tarik, qui anime la cohorte « Lundi », vous écrit :\n\n> À jeudi.\n\n"
        "Répondez à ce courriel : votre réponse va à Tarik.\n"
    )


def test_who_is_late_answers_their_trainer_by_answering_the_mail(
    engines: Engines, cast: Cast, cohort: int, read: Read
) -> None:
    assert read(MailKind.ASSIGNMENT)[0].reply_to == address("tarik")
    clock.freeze(datetime(2026, 12, 19, 9, tzinfo=UTC))
    with Session(engines.write) as db, db.begin():
        assert reminding.remind(db) == 1
    message, said = read(MailKind.REMINDER)
    assert message.reply_to == address("tarik")
    assert "demander un délai à qui anime.\n\nRépondez à ce courriel : votre réponse va à Tarik." in said


@pytest.mark.parametrize("why", ["their address is not proved", "they may lead no more"])
def test_nobody_is_told_to_answer_a_trainer_who_is_not_reached(
    engines: Engines, cast: Cast, cohort: int, read: Read, why: str
) -> None:
    with Session(engines.write) as db, db.begin():
        if why == "they may lead no more":
            roles.revoke_role(db, address("tarik"), Role.TRAINER, by=cast.ada)
        else:
            db.execute(update(Person).where(Person.id == cast.tarik).values(email_confirmed_at=None))
    clock.freeze(datetime(2026, 12, 19, 9, tzinfo=UTC))
    with Session(engines.write) as db, db.begin():
        reminding.remind(db)
    message, said = read(MailKind.REMINDER)
    assert message.reply_to is None
    assert "Répondez" not in said


def test_an_invitation_names_the_pathway_and_the_day_until_which_it_opens(
    engines: Engines, cast: Cast, cohort: int, read: Read
) -> None:
    by = By(cast.tarik, "Tarik", address("tarik"), "fr", "a key of the site, only for these tests")
    with Session(engines.write) as db, db.begin():
        invitations.invite(db, by, cohort, lists.read_text("zoe@asso.example"))
    said = read(MailKind.INVITATION)[1]
    assert said.startswith(
        "Tarik vous invite à suivre « Démonstration : le tour des étapes » avec la cohorte « Lundi »."
    )
    assert "Ce lien sert une fois, jusqu’au 24 janvier 2027. Aucun compte n’est nécessaire." in said


def test_the_week_of_a_trainer_says_only_what_happened() -> None:
    row = {"name": "Lundi", "members": 2, "active": 0, "steps": 0, "joined": 1, "answers": 0}
    said = letter(MailKind.DIGEST, "fr", {"cohorts": [row]}, "https://site.example").text
    assert "Lundi – 2 membres, 1 arrivée." in said.replace("\N{NO-BREAK SPACE}", " ")
