"""Who administers sees who leads each cohort, and hands one over: on a page, or by command."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.actions import cohorts
from app.db import Engines
from app.reads import teaching
from tests.cast import Cast, address
from tests.client import Client


@pytest.fixture
def houses(engines: Engines, cast: Cast) -> int:
    with Session(engines.write) as db:
        number = cohorts.create_cohort(db, cast.tarik, cohorts.Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        db.commit()
    return number


def leading(engines: Engines, number: int) -> list[int]:
    with Session(engines.read) as db:
        return [person.id for person in teaching.trainers(db, number)]


def test_a_cohort_is_handed_over_on_a_page(client: Client, cast: Cast, houses: int, engines: Engines) -> None:
    ada, path = client.sign_in(cast.ada), f"/administration/cohortes/{houses}"
    listed = ada.get("/administration/cohortes").text
    assert path in listed
    assert "Tarik" in listed
    wrong = ada.post(path, email=address("lea"))
    assert (wrong.status_code, address("lea") in wrong.text) == (422, True)
    done = ada.send(path, {"email": address("tess")}, follow=True)
    assert "La cohorte est confiée" in done.text
    assert leading(engines, houses) == [cast.tess]
    assert ada.post("/administration/cohortes/999", email=address("tess")).status_code == 404


def test_a_cohort_is_handed_over_by_command(app: Flask, cast: Cast, houses: int, engines: Engines) -> None:
    run = app.test_cli_runner()
    said = [run.invoke(args=["cohort", "hand-over", str(houses), address("tess")]).output for _ in range(2)]
    assert [line.split()[0] for line in said] == ["La", "Cette"]
    assert leading(engines, houses) == [cast.tess]
    for wrong in ("999", "0", "un"):
        refused = run.invoke(args=["cohort", "hand-over", wrong, address("tess")])
        assert refused.exit_code != 0
        assert refused.stderr.strip()
    assert run.invoke(args=["cohort", "hand-over", str(houses), address("lea")]).exit_code == 1


def test_old_cohorts_are_on_the_next_page(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        for rank in range(101):
            cohorts.create_cohort(db, cast.tarik, cohorts.Wanted(f"Groupe {rank}.", "Europe/Paris"), key=f"key {rank}")
        db.commit()
    ada = client.sign_in(cast.ada)
    first = ada.get("/administration/cohortes").text
    assert "Groupe 0." not in first
    older = first.split("?avant=")[1].split('"')[0]
    rest = ada.get(f"/administration/cohortes?avant={older}").text
    assert ("Groupe 0." in rest, "Groupe 1." in rest) == (True, False)
