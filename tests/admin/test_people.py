"""Who administers finds people, invites them, gives and ends rights, closes and opens accounts; all leaves a trace."""

from contextlib import suppress
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import accounts, people
from app.config import Settings
from app.db import Engines
from app.errors import Missing, Refused
from app.models import AuditEvent, Role
from app.reads import everyone
from app.reads.everyone import State, Wanted
from tests.actions.test_parallel import at_once
from tests.cast import HASH, PASSWORD, Cast, address
from tests.client import Client
from tests.learn.test_budgets import counted


def verbs(engines: Engines) -> list[str]:
    with Session(engines.read) as db:
        return list(db.scalars(select(AuditEvent.verb).where(AuditEvent.by_id.is_not(None)).order_by(AuditEvent.id)))


def cost(client: Client, path: str) -> int:
    """Statements behind a page."""
    with counted(client.web.application) as sent:
        assert client.get(path).status_code == 200
    return len(sent)


def roles(engines: Engines, number: int) -> tuple[Role, ...]:
    with Session(engines.read) as db:
        return everyone.somebody(db, number).roles


def test_someone_is_invited_given_a_link_and_enters_by_it(
    client: Client, cast: Cast, engines: Engines, app: Flask, settings: Settings
) -> None:
    ada = client.sign_in(cast.ada)
    made = ada.post("/administration/personnes", email="Zoe@Asso.example ", name=" Zoé  K. ", role="author")
    place = made.headers["Location"].split("?")[0]
    assert "Le compte est créé" in ada.get(made.headers["Location"]).text
    shown = ada.post(f"{place}/lien").text
    link = shown.split("/mot-de-passe/")[1].split("<")[0]
    assert link not in ada.get(place).text  # once
    zoe = Client(app, settings, engines)
    zoe.post(f"/mot-de-passe/{link}", password=PASSWORD, again=PASSWORD)
    assert zoe.post("/connexion", email="zoe@asso.example", password=PASSWORD).status_code == 303
    assert zoe.get("/atelier").status_code == 200
    assert verbs(engines)[:2] == ["person.create", "link.issue"]
    again = ada.post("/administration/personnes", email="zoe@asso.example", name="Une autre")
    assert (again.status_code, "Un compte existe déjà" in again.text, "Une autre" in again.text) == (422, True, True)


def test_rights_are_given_and_ended_and_the_last_who_administers_stays(
    client: Client, cast: Cast, engines: Engines
) -> None:
    ada, lea = client.sign_in(cast.ada), f"/administration/personnes/{cast.lea}"
    ada.send(f"{lea}/droits", {"role": ["trainer", "author", "king"]})
    assert roles(engines, cast.lea) == (Role.TRAINER, Role.AUTHOR)
    ada.send(f"{lea}/droits", {"role": ["author"]})
    ada.send(f"{lea}/droits", {"role": ["author"]})
    assert verbs(engines) == ["role.grant", "role.grant", "role.revoke"]
    refused = ada.post(f"/administration/personnes/{cast.ada}/droits")
    assert (refused.status_code, "la dernière personne qui administre" in refused.text) == (422, True)
    assert roles(engines, cast.ada) == (Role.ADMIN,)


def test_a_closed_account_is_out_everywhere_at_once_and_comes_back_whole(
    client: Client, cast: Cast, engines: Engines, app: Flask, settings: Settings
) -> None:
    lea, ada = Client(app, settings, engines).sign_in(cast.lea), client.sign_in(cast.ada)
    with Session(engines.write) as db:
        link = people.issue_set_up_link(db, cast.lea, by=cast.ada)
        db.commit()
    place = f"/administration/personnes/{cast.lea}"
    assert "Le compte est fermé" in ada.send(f"{place}/fermeture", {}, follow=True).text
    assert lea.get("/mon-compte").status_code == 303
    assert Client(app, settings, engines).get(f"/mot-de-passe/{link}").status_code == 410
    assert Client(app, settings, engines).post("/connexion", email=address("lea"), password=PASSWORD).status_code == 422
    assert ada.send(f"{place}/droits", {"role": ["admin"]}).status_code == 422
    assert ada.post(f"{place}/lien").status_code == 422
    ada.post(f"{place}/fermeture")
    ada.post(f"{place}/ouverture")
    ada.post(f"{place}/ouverture")
    assert Client(app, settings, engines).post("/connexion", email=address("lea"), password=PASSWORD).status_code == 303
    assert [verb for verb in verbs(engines) if verb.startswith("account.")] == ["account.close", "account.reopen"]


def test_nobody_closes_their_own_account_here_nor_the_last_that_administers(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused):
        people.close_account(db, cast.ada, by=cast.ada)
    with pytest.raises(Refused):
        people.close_account(db, cast.ada, by=cast.tarik)
    with pytest.raises(Missing):
        people.close_account(db, cast.gus, by=cast.ada)


@pytest.mark.parametrize("verb", ["end", "close"])
def test_two_who_end_each_other_s_right_at_once_leave_somebody_who_administers(
    engines: Engines, cast: Cast, verb: str
) -> None:
    with Session(engines.write) as db:
        people.set_roles(db, cast.noe, [Role.ADMIN], by=cast.ada)
        db.commit()
    together = Barrier(2)

    def once(db: Session, turn: int) -> None:
        other, me = (cast.noe, cast.ada) if turn else (cast.ada, cast.noe)
        together.wait()
        with suppress(Refused):
            if verb == "end":
                people.set_roles(db, other, [], by=me)
            else:
                people.close_account(db, other, by=me)

    at_once(engines, once, 2)
    with Session(engines.read) as db:
        assert len(everyone.everyone(db, Wanted(role=Role.ADMIN, state=State.OPEN), start=0, most=9)) == 1


def test_people_are_found_by_a_part_of_their_name_a_right_or_a_state(db: Session, cast: Cast) -> None:
    waiting = accounts.create_person(db, "zoe_1@asso.example", None, name="", role=None, by=None).id
    people.close_account(db, cast.noe, by=cast.ada)

    def found(**wanted: object) -> list[int]:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        lines = everyone.everyone(db, asked, start=0, most=50)
        assert everyone.count(db, asked) == len(lines)
        return [line.id for line in lines]

    assert found(words="TAR") == [cast.tarik]
    assert found(words="lea@") == [cast.lea]
    assert found(words="_") == [waiting]  # what is typed is no pattern
    assert found(role=Role.TRAINER) == [cast.tarik, cast.tess]
    assert found(state=State.CLOSED) == [cast.noe]
    assert found(state=State.WAITING) == [waiting]
    assert found(words="nobody") == []
    assert found()[-1] == waiting  # those without a name come last
    assert cast.gus not in found()


def test_the_list_costs_the_same_with_three_people_and_with_sixty(
    client: Client, cast: Cast, engines: Engines, settings: Settings
) -> None:
    ada = client.sign_in(cast.ada)
    ada.get("/administration/personnes")
    few = cost(ada, "/administration/personnes")
    with Session(engines.write) as db:
        for rank in range(60):
            accounts.create_person(db, f"p{rank}@asso.example", HASH, name=f"P {rank:02}", role=Role.AUTHOR, by=None)
        db.commit()
    assert cost(ada, "/administration/personnes") == few <= 8
    assert cost(ada, "/administration/personnes?page=2") == few
    second = ada.get("/administration/personnes?page=2&q=asso").text
    assert "51 à 60 sur 60" in second.replace("\u202f", " ").replace("\u00a0", " ")
    assert ada.get("/administration/personnes?page=99999").status_code == 200
    assert cost(ada, f"/administration/personnes/{cast.lea}") <= 8
