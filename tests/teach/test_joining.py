"""Joining a cohort: what is said before, by which door, once; going back; leaving."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.actions import accepting, cohorts, invitations, lists, memberships
from app.actions.cohorts import Wanted
from app.actions.invitations import By
from app.config import Settings
from app.db import Engines
from app.errors import Refused
from app.models import Cohort, CohortLink, Invitation, Membership, Person, ResumeCard, StepProgress, opening
from tests.actions.test_parallel import at_once
from tests.build import walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost

DAY = timedelta(days=1)


@pytest.fixture
def by(cast: Cast, settings: Settings) -> By:
    return By(cast.tarik, "Tarik", "tarik@balises.example", "fr", settings.secret_key)


@pytest.fixture
def cohort(engines: Engines, cast: Cast, by: By) -> int:
    """Led by Tarik, with a link for three people and two invitations: 1, to Léa's address; 2, to a name."""
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
        invitations.open_link(db, by, number, 30, 3)
        invitations.invite(db, by, number, lists.read_table(b"lea@balises.example;Lea R;La Ruche\n;Max Bo;La Pelle"))
        db.commit()
    return number


def address(engines: Engines, settings: Settings, what: str, name: str = "") -> str:
    """Of the room's link, or of the invitation of that name."""
    with Session(engines.read) as db:
        query = select(Invitation.id).where(Invitation.name == name) if name else select(CohortLink.id)
        return f"/rejoindre/{opening.token(settings.secret_key, what, db.scalars(query).one())}"


@pytest.fixture
def link(engines: Engines, settings: Settings, cohort: int) -> str:
    return address(engines, settings, opening.LINK)


@pytest.fixture
def to_lea(engines: Engines, settings: Settings, cohort: int) -> str:
    return address(engines, settings, opening.INVITATION, "Lea R")


def members(engines: Engines) -> list[tuple[str, str]]:
    with Session(engines.read) as db:
        found = select(Membership.name, Membership.structure).where(Membership.left_at.is_(None))
        return [(row.name, row.structure) for row in db.execute(found.order_by(Membership.id))]


def change(engines: Engines, model: type, **values: object) -> None:
    with Session(engines.write) as db:
        for row in db.scalars(select(model)).all():
            for name, value in values.items():
                setattr(row, name, value)
        db.commit()


def test_what_is_seen_is_said_word_for_word_before_joining(client: Client, link: str) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(link).text)).replace("\xa0", " ")
    for words in (
        "Les maisons",
        "Tarik anime",
        "Tarik voit : vos étapes terminées, le jour de votre dernière activité, ce que vous partagez.",
        "Tarik ne voit pas : vos réponses, vos notes, votre autodiagnostic, votre temps.",
        "Aucune décision de subvention ne doit s’appuyer sur ce suivi.",
        "Vous pouvez quitter la cohorte à tout moment et garder votre parcours.",
    ):
        assert words in page.replace(" ", " ").replace("\u202f", " ")


def test_a_visitor_joins_by_the_link_and_a_second_click_is_the_same(
    client: Client, link: str, engines: Engines
) -> None:
    refused = client.post(link, name=" ")
    assert refused.status_code == 422
    assert "Donnez votre nom" in refused.text
    assert members(engines) == []
    before = client.web.get_cookie("session").value  # type: ignore[union-attr]
    assert client.post(link, name="Zoé").status_code == 303
    client.web.set_cookie("session", before)  # the same click, sent before the answer came
    assert client.post(link, name="Zoé").status_code == 303
    assert members(engines) == [("Zoé", "")]
    assert client.get("/mes-cohortes").text.count("Les maisons") >= 1
    assert "déjà" not in client.get(link).text
    assert "Vous êtes dans cette cohorte" in client.get(link).text


def test_a_guest_midway_keeps_what_they_did(client: Client, cast: Cast, link: str, engines: Engines) -> None:
    with Session(engines.write) as db:
        walk(db, cast.gus, steps=2)
        db.commit()
    assert client.sign_in(cast.gus).post(link, name="Gus").status_code == 303
    with Session(engines.read) as db:
        assert db.scalars(select(Membership.person_id)).all() == [cast.gus]
        assert db.scalar(select(func.count()).select_from(StepProgress)) == 2


def test_the_link_lets_in_as_many_as_it_has_places_and_until_its_date(
    app: Flask, client: Client, link: str, engines: Engines, settings: Settings
) -> None:
    for name in ("Un", "Deux", "Trois"):
        assert Client(app, settings, engines).post(link, name=name).status_code == 303
    assert Client(app, settings, engines).post(link, name="Quatre").status_code == 410
    assert client.get(link).status_code == 410
    change(engines, CohortLink, uses_left=5)
    assert client.get(link).status_code == 200
    for model, values in (
        (CohortLink, {"expires_at": NOON}),
        (CohortLink, {"expires_at": NOON + DAY, "revoked_at": NOON}),
        (CohortLink, {"revoked_at": None}),
        (Cohort, {"archived_at": NOON}),
    ):
        change(engines, model, **values)
        closed = values != {"revoked_at": None}
        assert (client.get(link).status_code == 410) is closed, values
    assert client.post(link, name="Quatre").status_code == 410
    assert len(members(engines)) == 3


def test_a_code_leads_to_the_same_page_however_it_is_typed(
    client: Client, link: str, engines: Engines, settings: Settings
) -> None:
    with Session(engines.read) as db:
        code = opening.code(settings.secret_key, db.scalars(select(CohortLink.id)).one())
        assert code not in str(db.execute(select(CohortLink.token_hash, CohortLink.code_hash)).all())
    spoken = opening.spoken(code).lower().replace("0", "o").replace("1", "l")
    for typed in (code, spoken, f" {code[:3]} {code[3:]} "):
        answer = client.post("/rejoindre", code=typed)
        assert (answer.status_code, answer.location) == (303, link)
    for wrong in ("", "K7QM", "00000000", "U" * 8, "é" * 300):
        answer = client.post("/rejoindre", code=wrong)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text


def test_codes_are_not_tried_one_by_one(client: Client, cohort: int) -> None:
    answers = [client.post("/rejoindre", code=f"{n:08d}").status_code for n in range(101)]
    assert (answers[99], answers[100]) == (422, 429)
    assert client.get("/verifier/7K3M-Q9WD-4ZTP-H2XA").status_code != 429  # counted apart


def test_a_name_typed_under_the_code_takes_nobody_s_invitation_until_the_trainer_recognises_them(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    def invited() -> tuple[object, object]:
        with Session(engines.read) as db:
            found = db.scalars(select(Invitation).where(Invitation.name == "Max Bo")).one()
            return found.accepted_at, found.opened_at

    assert client.post(link, name="max  BO").status_code == 303
    assert members(engines) == [("max BO", "")]
    assert invited() == (None, None)
    tarik, place = Client(app, settings, engines).sign_in(cast.tarik), f"/cohortes/{cohort}/inviter"
    assert "max BO, La Pelle" in tarik.get(place).text
    with Session(engines.read) as db:
        number = str(db.scalars(select(Invitation.id).where(Invitation.name == "Max Bo")).one())
    answer = tarik.send(f"{place}/reconnues", {"who": [number]}, follow=True)
    assert "1 personne reconnue." in answer.text.replace("\u00a0", " ")
    assert members(engines) == [("max BO", "La Pelle")]
    assert invited() == (NOON, NOON)
    assert "La Pelle" not in tarik.get(place).text.split('id="asked"')[1].split("<ul")[0]


def test_a_name_typed_without_its_hyphen_is_the_name_that_was_invited(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    tarik, place = Client(app, settings, engines).sign_in(cast.tarik), f"/cohortes/{cohort}/inviter"
    tarik.post(f"{place}/invitations", lines="nom;structure\nAnne-Sophie D’Or;La Fourche")
    client.post(link, name="anne sophie d'or")
    assert "anne sophie d&#39;or, La Fourche" in tarik.get(place).text


def test_of_two_people_of_one_name_nobody_is_recognised(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    for device in (client, Client(app, settings, engines)):
        device.post(link, name="Max Bo")
    tarik, place = Client(app, settings, engines).sign_in(cast.tarik), f"/cohortes/{cohort}/inviter"
    assert "Max Bo, La Pelle" not in tarik.get(place).text
    tarik.send(f"{place}/reconnues", {"who": ["1", "2"]})
    assert members(engines) == [("Max Bo", ""), ("Max Bo", "")]


def test_a_personal_link_serves_once_and_opening_it_is_not_reading_it(
    app: Flask, client: Client, to_lea: str, engines: Engines, settings: Settings
) -> None:
    def opened() -> list[object]:
        with Session(engines.read) as db:
            return list(db.scalars(select(Invitation.opened_at).order_by(Invitation.id)))

    assert 'value="Lea R"' in client.get(to_lea).text
    assert opened() == [None, None]
    assert client.post(f"{to_lea}/ouverture").status_code == 204
    clock.freeze(NOON + DAY)
    assert client.post(f"{to_lea}/ouverture").status_code == 204
    assert opened() == [NOON, None]
    assert client.post(to_lea, name="Lea R").status_code == 303
    other = Client(app, settings, engines)
    assert other.get(to_lea).status_code == 410
    assert other.post(to_lea, name="Une autre").status_code == 410
    assert members(engines) == [("Lea R", "La Ruche")]
    with Session(engines.read) as db:  # who was refused is nobody
        guests = select(func.count()).where(Person.claimed_at.is_(None))
        assert db.scalar(guests) == 2


def test_an_account_takes_only_what_was_sent_to_its_own_confirmed_address(
    app: Flask, cast: Cast, to_lea: str, engines: Engines, settings: Settings
) -> None:
    noe = Client(app, settings, engines).sign_in(cast.noe)
    assert "adressée à lea@balises.example" in noe.get(to_lea).text
    assert noe.post(to_lea).status_code == 422
    lea = Client(app, settings, engines).sign_in(cast.lea)
    change(engines, Person, email_confirmed_at=None)
    refused = lea.post(to_lea)
    assert (refused.status_code, "Confirmez d’abord" in refused.text) == (422, True)
    assert members(engines) == []
    change(engines, Person, email_confirmed_at=NOON)
    assert noe.post(to_lea).status_code == 422
    assert lea.post(to_lea).status_code == 303
    assert members(engines) == [("Lea", "La Ruche")]


def test_one_invitation_taken_at_once_makes_one_membership(
    engines: Engines, settings: Settings, cast: Cast, to_lea: str
) -> None:
    people = (cast.gus, cast.tess, cast.gus, cast.ada)
    token = to_lea.rsplit("/", 1)[1]
    change(engines, Invitation, email=None)

    def take(db: Session, number: int) -> str:
        try:
            accepting.accept(db, token, people[number % len(people)], "Quelqu’un")
        except accepting.Over:
            db.rollback()
            return "over"
        return "in"

    found = at_once(engines, take, 8)
    with Session(engines.read) as db:
        holders = db.scalars(select(Membership.person_id)).all()
    assert len(holders) == 1
    assert found.count("in") == sum(people[n % len(people)] == holders[0] for n in range(8))


def test_the_last_place_of_a_link_is_taken_once(engines: Engines, settings: Settings, cast: Cast, link: str) -> None:
    change(engines, CohortLink, uses_left=1)
    people, token = (cast.gus, cast.lea, cast.noe, cast.tess), link.rsplit("/", 1)[1]

    def take(db: Session, number: int) -> bool:
        try:
            return bool(accepting.accept(db, token, people[number], f"Nom {number}").id)
        except accepting.Over:
            db.rollback()
            return False

    assert sum(map(bool, at_once(engines, take, 4))) == 1
    assert len(members(engines)) == 1


def test_a_card_brings_back_who_has_no_address_until_it_is_replaced(
    app: Flask, client: Client, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    client.post(link, name="Max Bo")
    page = client.get(f"/mes-cohortes/{cohort}/carte").text
    card = re.findall(r"/reprendre/[\w-]{22}", page)[0]
    phone = Client(app, settings, engines)
    assert "Max Bo" in phone.get(card).text
    assert "session" not in phone.get("/mes-cohortes").headers.get("Set-Cookie", "")
    assert phone.post(card).location == "/continuer"
    assert "Les maisons" in phone.get("/mes-cohortes").text
    assert client.post(f"/mes-cohortes/{cohort}/carte").status_code == 303
    assert phone.get(card).status_code == 410
    assert Client(app, settings, engines).post(card).status_code == 410
    renewed = re.findall(r"/reprendre/[\w-]{22}", client.get(f"/mes-cohortes/{cohort}/carte").text)[0]
    change(engines, Person, claimed_at=NOON)
    assert Client(app, settings, engines).get(renewed).status_code == 410


def test_a_card_joins_what_another_guest_did_on_the_device_only_when_asked(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    client.post(link, name="Max Bo")
    card = re.findall(r"/reprendre/[\w-]{22}", client.get(f"/mes-cohortes/{cohort}/carte").text)[0]
    with Session(engines.write) as db:
        walk(db, cast.gus, steps=2)
        db.commit()
    phone = Client(app, settings, engines).sign_in(cast.gus)
    assert phone.post(card).location == card
    assert phone.post(card, choice="join").location == "/continuer"
    with Session(engines.read) as db:
        gus = db.get_one(Person, cast.gus)
        assert gus.merged_into_id == db.scalars(select(Membership.person_id)).one()


def test_a_card_that_has_joined_an_account_leads_there_and_nowhere_else(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, settings: Settings
) -> None:
    """A double click, or the card found again months later."""
    client.post(link, name="Max Bo")
    card = re.findall(r"/reprendre/[\w-]{22}", client.get(f"/mes-cohortes/{cohort}/carte").text)[0]
    lea = Client(app, settings, engines).sign_in(cast.lea)
    assert [lea.post(card, choice="join").location for _twice in range(2)] == ["/continuer", "/continuer"]
    assert (lea.get(card).status_code, "Vous êtes déjà chez vous" in lea.get(card).text) == (200, True)
    noe = Client(app, settings, engines).sign_in(cast.noe)
    assert (noe.get(card).status_code, noe.post(card, choice="join").status_code) == (410, 410)
    lea.post(f"/mes-cohortes/{cohort}/quitter")
    assert lea.get(card).status_code == 410


def test_one_leaves_after_being_asked_and_keeps_the_card_for_nothing(
    client: Client, link: str, cohort: int, engines: Engines
) -> None:
    client.post(link, name="Zoé")
    asked = client.get(f"/mes-cohortes/{cohort}/quitter")
    assert "Vous gardez vos parcours" in asked.text
    assert members(engines) == [("Zoé", "")]
    assert client.post(f"/mes-cohortes/{cohort}/quitter").status_code == 303
    assert members(engines) == []
    with Session(engines.read) as db:
        assert db.scalars(select(ResumeCard.revoked_at)).all() == [NOON]
    assert client.get(f"/mes-cohortes/{cohort}/quitter").status_code == 404
    assert client.post(link, name="Zoé").status_code == 303


def test_whoever_left_is_invited_anew(engines: Engines, cast: Cast, cohort: int, by: By, to_lea: str) -> None:
    token, sent = to_lea.rsplit("/", 1)[1], lists.read_text("lea@balises.example")
    gone = select(Invitation.id).where(Invitation.withdrawn_at.is_not(None))
    with Session(engines.write) as db:
        accepting.accept(db, token, cast.gus, "Gus")
        assert invitations.invite(db, by, cohort, sent) == 0
        memberships.leave(db, cast.gus, cohort)
        assert invitations.invite(db, by, cohort, sent) == 1
        with pytest.raises(accepting.Over):
            accepting.accept(db, token, cast.gus, "Gus")
        with pytest.raises(Refused):
            invitations.restore(db, cast.tarik, cohort, db.scalars(gone).one())


def test_the_pages_of_who_joins_cost_as_much_with_more_cohorts_and_people(
    app: Flask, client: Client, cast: Cast, link: str, cohort: int, engines: Engines, by: By
) -> None:
    def costs() -> dict[str, int]:
        paths = (
            link,
            "/mes-cohortes",
            f"/mes-cohortes/{cohort}/quitter",
            f"/mes-cohortes/{cohort}/carte",
            "/mon-chemin",
        )
        return {path: len(cost(app, client, path)) for path in paths}

    with Session(engines.write) as db:
        memberships.join(db, cohort, cast.gus, name="Gus")
        db.commit()
    client.sign_in(cast.gus)
    before = costs()
    assert max(before.values()) <= MOST, before
    with Session(engines.write) as db:
        for number in range(5):
            more = cohorts.create_cohort(
                db, cast.tess, Wanted(f"Autre {number}", "Europe/Paris"), key=f"another {number}"
            )
            memberships.join(db, more, cast.gus, name="Gus")
        memberships.join(db, cohort, cast.noe, name="Noé")
        db.commit()
    assert costs() == before
