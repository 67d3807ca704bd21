"""A shorter format completed on the way: its bilan is offered, issued when asked, never otherwise."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import enrolments, learning
from app.db import Engines
from app.errors import Refused
from app.models import PlanItem, Summary
from tests.build import DEMO, walk
from tests.cast import Cast
from tests.client import Client
from tests.learn.test_format import said

HERE = f"/parcours/{DEMO}/bilan"
OFFER = "Établir le bilan du format 12"


def issued(engines: Engines) -> list[int]:
    with Session(engines.read) as db:
        return sorted(db.scalars(select(Summary.format_minutes)))


def test_it_is_offered_and_issued_once_when_asked(client: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        learning.enrol(db, cast.lea, DEMO, 24)
        walk(db, cast.lea)
        db.commit()
    lea = client.sign_in(cast.lea)
    assert issued(engines) == [24]
    assert OFFER in said(lea, HERE)
    for _time in range(2):
        assert lea.post(f"{HERE}/format", format="12").location == f"{HERE}?format=12"
    assert issued(engines) == [12, 24]
    assert OFFER not in said(lea, HERE)
    short = said(lea, f"{HERE}?format=12")
    assert "format 12" in short
    assert "écrire les règles d’un prêt" not in short  # an objective of the longer one
    with Session(engines.read) as db:
        by_format = {each.format_minutes: each.snapshot for each in db.scalars(select(Summary))}
        assert by_format[12]["format_minutes"] == 12
        assert by_format[12]["credited_minutes"] == 12
        assert by_format[12]["steps"] < by_format[24]["steps"]
        assert len(db.scalars(select(PlanItem).where(PlanItem.key.like("engagement%"))).all()) == 1


def test_it_is_refused_before_its_steps_are_done_and_for_ones_own(db: Session, cast: Cast) -> None:
    learning.enrol(db, cast.lea, DEMO, 24)
    walk(db, cast.lea, steps=2)
    for minutes in (12, 24, 13, None):
        with pytest.raises(Refused):
            enrolments.issue_shorter(db, cast.lea, DEMO, minutes)
    assert db.scalars(select(Summary)).first() is None
