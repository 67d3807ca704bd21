"""The plan: it opens with the commitment, changes for ever beside a bilan that does not, and is its owner's alone."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.actions import attestations, enrolments, erasure, learning, plans, summaries, writing
from app.actions.merging import merge
from app.actions.plans import Line
from app.config import Settings
from app.db import Engines
from app.errors import Missing, Refused
from app.models import Horizon, Person, PlanItem, SignIn, Summary
from app.models.plan import horizons
from app.reads import plans as reads
from tests.build import DEMO, enrolment, walk
from tests.cast import Cast
from tests.client import Client
from tests.conftest import NOON
from tests.learn.test_budgets import MOST, cost
from tests.learn.test_format import said

HERE = f"/parcours/{DEMO}/bilan"
WHO, ASK, BY = ("demo-phrase", "qui"), ("demo-phrase", "demande"), ("demo-phrase", "avant")


def finish(db: Session, person_id: int, minutes: int = 12) -> None:
    learning.enrol(db, person_id, DEMO, minutes)
    enrolments.change_format(db, person_id, DEMO, minutes, key=f"to {minutes}")
    walk(db, person_id)
    words = {WHO: "La voisine du café", ASK: "Une heure mardi", BY: "2026-12-04"}
    writing.save_notes(db, person_id, DEMO, words)


@pytest.fixture
def lea(client: Client, cast: Cast, engines: Engines) -> Client:
    with Session(engines.write) as db:
        walk(db, cast.lea)
        db.commit()
    client.sign_in(cast.lea)
    with Session(engines.write) as db:  # a device that is recognised for years
        db.execute(update(SignIn).values(expires_at=NOON + timedelta(days=2000)))
        db.commit()
    return client


def lines(db: Session, person_id: int) -> list[tuple[str, str, str]]:
    return [(line.horizon.value, line.text, line.with_whom) for line in reads.plan(db, enrolment(db, person_id))]


def write(client: Client, **fields: str) -> int:
    """`key__name`: a field of a line, on the page as it is now."""
    return send(client, shown(client), fields).status_code


def shown(client: Client) -> dict[str, str]:
    """What a tab holds of the texts that it opened with."""
    return dict(re.findall(r'name="([^"]+\.vu)" value="([^"]+)"', client.get(f"{HERE}/plan").text))


def send(client: Client, tab: dict[str, str], fields: dict[str, str]) -> TestResponse:
    return client.send(f"{HERE}/plan", tab | {name.replace("__", "."): text for name, text in fields.items()})


def test_the_bilan_opens_the_plan_with_what_was_written_on_the_way(db: Session, cast: Cast) -> None:
    finish(db, cast.gus)
    assert lines(db, cast.gus) == []
    summaries.give_name(db, cast.gus, "Gus")
    (item,) = db.scalars(select(PlanItem))
    assert (item.horizon, item.with_whom, item.text) == (Horizon.DAYS_15, "La voisine du café", "Une heure mardi")
    assert str(item.due_on) == "2026-12-04"
    summaries.give_name(db, cast.gus, "Gustave")
    assert len(lines(db, cast.gus)) == 1


def test_a_longer_bilan_adds_what_is_new_and_leaves_what_was_changed(db: Session, cast: Cast) -> None:
    finish(db, cast.gus)
    summaries.give_name(db, cast.gus, "Gus")
    finish(db, cast.gus, 24)
    kinds = [horizon for horizon, _text, _whom in lines(db, cast.gus)]
    assert kinds == ["15_days", "18_months"]
    assert lines(db, cast.gus)[0] == ("15_days", "Une heure mardi", "La voisine du café")


def test_a_plan_changes_after_the_bilan_which_does_not(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.read) as db:
        before = db.scalars(select(Summary)).one()
        signed, kept = dict(before.snapshot), dict(before.annex)
        (item,) = db.scalars(select(PlanItem))
    page = lea.get(f"{HERE}/plan").text
    assert page.count("btn main") == 1
    assert page.count("<fieldset") == 3
    again = {f"{item.key}__pour": "15_days", f"{item.key}__quoi": "Deux heures", f"{item.key}__avant": "15/12/2026"}
    more = {"n1__pour": "18_months", "n1__quoi": "Un lieu ouvert le mercredi", "n1__avec": "La mairie"}
    tab = shown(lea)
    for _time in range(2):  # sent twice, it is the same plan
        assert send(lea, tab, again | more).status_code == 303
    with Session(engines.read) as db:
        assert lines(db, cast.lea) == [
            ("15_days", "Deux heures", item.with_whom),
            ("18_months", "Un lieu ouvert le mercredi", "La mairie"),
        ]
        after = db.scalars(select(Summary)).one()
        assert (after.snapshot, after.annex) == (signed, kept)
    bilan = said(lea, HERE)
    assert "Deux heures" in bilan
    assert "Un lieu ouvert le mercredi" in bilan
    assert write(lea, n1__pour="18_months", n1__quoi=" ", n1__avec="") == 303
    assert "Un lieu ouvert le mercredi" not in said(lea, HERE)


def test_a_date_that_does_not_exist_keeps_what_was_typed(lea: Client, cast: Cast, engines: Engines) -> None:
    typed = {"n1.pour": "15_days", "n1.quoi": "Relire à deux", "n1.avant": "le 32"}
    refused = send(lea, shown(lea), typed)
    assert refused.status_code == 422
    assert "Cette date n’existe pas" in refused.text
    assert "Relire à deux" in refused.text
    alert = refused.text.split('id="manque"')[1].split("</div></div>")[0]
    (place,) = re.findall(r'href="#([^"]+)"', alert)
    assert f'id="{place}"' in refused.text
    assert "Cette date n’existe pas" in alert
    with Session(engines.read) as db:
        assert len(lines(db, cast.lea)) == 1


def test_two_tabs_on_a_plan_lose_nobodys_words(lea: Client, cast: Cast, engines: Engines) -> None:
    write(lea, n1__pour="18_months", n1__quoi="Un lieu ouvert", n2__pour="18_months", n2__quoi="Un prêt")
    tab, both = shown(lea), {"n1__pour": "18_months", "n2__pour": "18_months"}
    assert send(lea, tab, both | {"n1__quoi": "Un lieu ouvert le mercredi"}).status_code == 303
    assert send(lea, tab, both | {"n1__quoi": "Un lieu ouvert", "n2__quoi": "Un prêt à deux"}).status_code == 303
    texts = ["Un lieu ouvert le mercredi", "Un prêt à deux"]  # each tab changed its own line
    with Session(engines.read) as db:
        assert [text for _horizon, text, _whom in lines(db, cast.lea)][1:] == texts
    met = send(lea, tab, both | {"n1__quoi": "Deux lieux", "n2__quoi": "", "n3__pour": "15_days", "n3__avec": "Nour"})
    assert met.status_code == 409
    assert all(said in met.text for said in ("Deux lieux", "Un lieu ouvert le mercredi", "Un prêt à deux", "Nour"))
    with Session(engines.read) as db:
        assert [text for _horizon, text, _whom in lines(db, cast.lea)][1:] == texts
    again = dict(re.findall(r'name="([^"]+\.vu)" value="([^"]+)"', met.text))
    assert send(lea, again, both | {"n1__quoi": "Deux lieux", "n2__quoi": ""}).status_code == 303
    with Session(engines.read) as db:
        assert [text for _horizon, text, _whom in lines(db, cast.lea)][1:] == ["Deux lieux"]


def test_a_line_removed_in_another_tab_is_not_written_back_unseen(lea: Client, cast: Cast, engines: Engines) -> None:
    write(lea, n1__pour="18_months", n1__quoi="Un lieu ouvert")
    tab = shown(lea)
    write(lea, n1__pour="18_months", n1__quoi="")
    assert send(lea, tab, {"n1__pour": "18_months", "n1__quoi": "Un lieu ouvert"}).status_code == 303
    met = send(lea, tab, {"n1__pour": "18_months", "n1__quoi": "Deux lieux"})
    assert (met.status_code, "la ligne a été retirée" in met.text) == (409, True)
    with Session(engines.read) as db:
        assert len(lines(db, cast.lea)) == 1


def test_a_date_alone_is_refused_with_a_sentence_and_a_field_not_sent_stays(lea: Client, engines: Engines) -> None:
    with Session(engines.read) as db:
        (item,) = db.scalars(select(PlanItem))
    alone = send(lea, shown(lea), {"n1.pour": "18_months", "n1.avant": "2028-01-31"})
    assert (alone.status_code, "Dites ce que vous ferez" in alone.text) == (422, True)
    assert write(lea, **{f"{item.key}__pour": "15_days", f"{item.key}__avec": "Nour"}) == 303
    with Session(engines.read) as db:
        (now,) = db.scalars(select(PlanItem))
    assert (now.with_whom, now.text, now.board, now.due_on) == ("Nour", item.text, item.board, item.due_on)


def test_a_plan_that_joining_made_too_long_can_still_be_saved(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        row = {"enrolment_id": enrolment(db, cast.lea), "horizon": Horizon.MONTHS_18, "begun_at": NOON}
        said = {"text": "Un pas", "with_whom": "", "board": ""}
        db.add_all(PlanItem(key=f"merged:{n}", **row, **said) for n in range(plans.MOST + 20))
        db.commit()
    page = lea.get(f"{HERE}/plan").text
    assert page.count("<fieldset") == plans.MOST
    assert "21 autres lignes" in page.replace("\xa0", " ")
    sent = {
        f"merged:{n}__{name}": text for n in range(3) for name, text in (("pour", "18_months"), ("quoi", "Deux pas"))
    }
    assert write(lea, **sent) == 303
    assert write(lea, n1__pour="18_months", n1__quoi="Un de plus") == 422
    gone = {f"merged:{n}__{name}": text for n in range(30) for name, text in (("pour", "18_months"), ("quoi", ""))}
    assert write(lea, **gone) == 303
    assert write(lea, n1__pour="18_months", n1__quoi="Un de plus") == 303


def test_a_forged_key_spoils_no_joining(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.read) as db:
        number = db.scalars(select(PlanItem.id)).one()
    assert write(lea, **{f"merged:{number}__pour": "18_months", f"merged:{number}__quoi": "Un piège"}) == 422
    with Session(engines.write) as db:
        merge(db, cast.lea, cast.noe)
        assert len(lines(db, cast.noe)) == 1


def test_a_plan_is_written_by_its_owner_once_there_is_a_bilan(
    lea: Client, app: Flask, settings: Settings, engines: Engines, cast: Cast
) -> None:
    noe = Client(app, settings, engines).sign_in(cast.noe)
    assert noe.get(f"{HERE}/plan").status_code == 404
    with Session(engines.write) as db:
        learning.enrol(db, cast.noe, DEMO, 12)
        number = db.scalars(select(PlanItem.id)).one()
        db.commit()
    assert noe.get(f"{HERE}/plan").location == HERE
    assert noe.get(f"{HERE}/plan/{number}.ics").status_code == 404
    with Session(engines.write) as db, pytest.raises(Missing):
        plans.write_plan(db, cast.tess, DEMO, [Line("n1", "15_days", "x", "", "", None)])
    many = [Line(f"n{n}", "15_days", "x", "", "", None) for n in range(plans.MOST)]
    with Session(engines.write) as db, pytest.raises(Refused, match="plus de 60 lignes"):
        plans.write_plan(db, cast.lea, DEMO, many)


def test_the_far_horizons_are_asked_of_the_longest_of_three_formats() -> None:
    formats = (120, 240, 720)
    assert [each.value for each in horizons(720, formats)] == ["15_days", "18_months", "7_years", "28_years"]
    assert [each.value for each in horizons(240, formats)] == ["15_days", "18_months"]
    assert [each.value for each in horizons(20, (20,))] == ["15_days", "18_months"]
    assert Horizon.YEARS_7 in horizons(120, formats, [Horizon.YEARS_7])


def test_the_day_goes_into_a_calendar_as_a_whole_day(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        finish(db, cast.noe)
        (line,) = reads.plan(db, enrolment(db, cast.noe))
        plans.write_plan(
            db, cast.noe, DEMO, [Line(line.key, "15_days", line.text, line.with_whom, "", NOON.date(), line.mark)]
        )
        db.commit()
    address = re.search(rf'href="({HERE}/plan/\d+\.ics)"', lea.sign_in(cast.noe).get(HERE).text)
    assert address
    answer = lea.get(address[1])
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (NOON.date(), NOON.date() + timedelta(days=1))
    assert f"{HERE}/plan" in str(event["description"])
    assert str(event["uid"]) == str(next(iter(Calendar.from_ical(lea.get(address[1]).text).walk("VEVENT")))["uid"])


def test_both_plans_follow_when_two_people_become_one(db: Session, cast: Cast) -> None:
    for person, text in ((cast.gus, "Du guest"), (cast.lea, "Du compte")):
        finish(db, person)
        summaries.give_name(db, person, "Gus")
        (line,) = reads.plan(db, enrolment(db, person))
        plans.write_plan(db, person, DEMO, [Line(line.key, "15_days", text, "", "", None, line.mark)])
    merge(db, cast.gus, cast.lea)
    db.expire_all()
    assert sorted(text for _horizon, text, _whom in lines(db, cast.lea)) == ["Du compte", "Du guest"]
    number = enrolment(db, cast.lea)
    merge(db, cast.lea, cast.noe)
    assert len(lines(db, cast.noe)) == 2
    assert db.scalars(select(PlanItem).where(PlanItem.enrolment_id == number)).first() is None


def test_a_plan_is_erased_with_its_guest(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        finish(db, cast.gus)
        summaries.give_name(db, cast.gus, "Gus")
        db.add(
            SignIn(person_id=cast.gus, token_hash="x", started_at=NOON, last_seen_at=NOON, expires_at=NOON, agent="")
        )
        db.commit()
        clock.freeze(NOON + erasure.SUMMARY_KEPT + timedelta(days=1))
        assert erasure.erase_idle_guests(db, 10) == 1
        assert db.scalars(select(PlanItem)).first() is None


def test_a_corrected_bilan_keeps_its_plan(lea: Client, cast: Cast, engines: Engines) -> None:
    with Session(engines.write) as db:
        attestations.correct_own(db, cast.lea, DEMO, 12, "Léa Martin")
        db.commit()
        assert len(lines(db, cast.lea)) == 1
    assert "Modifier mon plan" in lea.get(HERE).text


def test_the_notebook_and_its_text_hold_the_plan(lea: Client) -> None:
    assert (
        write(lea, n1__pour="18_months", n1__quoi="Un lieu ouvert", n1__avec="La mairie", n1__avant="2028-01-31") == 303
    )
    page, text = said(lea, "/mon-chemin/carnet"), lea.get("/mon-chemin/carnet.md").text
    for words in ("Mon plan d’action", "Un lieu ouvert", "La mairie"):
        assert words in page
        assert words in text
    assert "> Avant le 31" in text


def test_the_pages_of_a_plan_keep_to_their_statements(lea: Client, app: Flask) -> None:
    for number in range(8):
        write(lea, **{f"n{number}__pour": "18_months", f"n{number}__quoi": "Un pas"})
    for path in (HERE, f"{HERE}/plan", "/mon-chemin/carnet"):
        assert len(cost(app, lea, path)) <= MOST, path


# Did it happen?


def on(day: str) -> None:
    clock.freeze(datetime.fromisoformat(f"{day}T11:00:00+00:00"))


def asked(client: Client) -> tuple[bool, bool]:
    """On the home page, on Mon chemin."""
    return "Est-ce arrivé" in client.get("/").text, "Est-ce arrivé" in client.get("/mon-chemin").text


def without_a_date(engines: Engines) -> int:
    with Session(engines.write) as db:
        item = db.scalars(select(PlanItem)).one()
        item.due_on = None
        db.commit()
        return item.id


def test_it_is_asked_after_15_days_and_after_3_months(lea: Client, engines: Engines) -> None:
    number = without_a_date(engines)
    for day, expected in (("2026-12-09", False), ("2026-12-10", True), ("2027-02-26", True)):
        on(day)
        assert asked(lea) == (expected, expected), day
    on("2026-12-10")
    assert lea.post(f"/mon-chemin/engagements/{number}", outcome="talking", suite="/").location == "/"
    assert asked(lea) == (False, False)
    assert "on en parle, le 10" in said(lea, "/mon-chemin")
    on("2027-02-25")
    assert asked(lea) == (True, True)
    lea.post(f"/mon-chemin/engagements/{number}", outcome="talking")
    assert asked(lea) == (False, False)
    on("2027-12-25")
    assert asked(lea) == (False, False)


def test_it_is_asked_on_its_day_and_on_the_next_one_given(lea: Client, engines: Engines) -> None:
    with Session(engines.read) as db:
        item = db.scalars(select(PlanItem)).one()
    assert item.due_on
    key, fields = item.key, {"pour": "15_days", "quoi": item.text, "avec": item.with_whom}
    assert write(lea, **{f"{key}__{n}": t for n, t in fields.items()}, **{f"{key}__avant": "2026-12-20"}) == 303
    on("2026-12-19")
    assert asked(lea) == (False, False)
    on("2026-12-20")
    assert asked(lea) == (True, True)
    lea.post(f"/mon-chemin/engagements/{item.id}", outcome="postponed")
    assert write(lea, **{f"{key}__{n}": t for n, t in fields.items()}, **{f"{key}__avant": "2027-01-15"}) == 303
    assert asked(lea) == (False, False)
    on("2027-01-15")
    assert asked(lea) == (True, True)
    lea.post(f"/mon-chemin/engagements/{item.id}", outcome="done")
    on("2027-06-01")
    assert asked(lea) == (False, False)


def test_an_answer_is_kept_once_and_may_change(lea: Client, engines: Engines) -> None:
    number = without_a_date(engines)
    on("2026-12-11")
    for _time in range(2):
        lea.post(f"/mon-chemin/engagements/{number}", outcome="dropped")
    clock.freeze(clock.now() + timedelta(hours=2))
    lea.post(f"/mon-chemin/engagements/{number}", outcome="dropped")
    with Session(engines.read) as db:
        kept = db.scalars(select(PlanItem)).one()
        assert kept.outcome_at == clock.now() - timedelta(hours=2)
    assert 'name="outcome" value="dropped" aria-pressed="true"' in lea.get("/mon-chemin").text
    lea.post(f"/mon-chemin/engagements/{number}", outcome="done")
    assert "fait, le 11" in said(lea, "/mon-chemin")
    assert lea.post(f"/mon-chemin/engagements/{number}", outcome="perhaps").status_code == 422


def test_the_day_is_that_of_the_person(lea: Client, cast: Cast, engines: Engines) -> None:
    without_a_date(engines)
    clock.freeze(datetime.fromisoformat("2026-12-09T23:30:00+00:00"))  # half past midnight in Paris
    assert asked(lea) == (True, True)
    with Session(engines.write) as db:
        db.get_one(Person, cast.lea).zone = "America/Martinique"
        db.commit()
    assert asked(lea) == (False, False)


def test_nobody_answers_for_another_nor_far_ahead(lea: Client, cast: Cast, engines: Engines) -> None:
    write(lea, n1__pour="18_months", n1__quoi="Un lieu ouvert")
    with Session(engines.write) as db:
        far = db.scalars(select(PlanItem.id).where(PlanItem.key == "n1")).one()
        near = db.scalars(select(PlanItem.id).where(PlanItem.key != "n1")).one()
        for person, number in ((cast.noe, near), (cast.lea, far)):
            with pytest.raises(Missing):
                plans.answer(db, person, number, "done")


def test_asking_costs_no_more_than_the_pages_may(lea: Client, app: Flask, engines: Engines) -> None:
    for number in range(8):
        write(lea, **{f"n{number}__pour": "15_days", f"n{number}__quoi": "Un pas"})
    on("2027-03-01")
    assert asked(lea) == (True, True)
    for path in ("/", "/mon-chemin"):
        assert len(cost(app, lea, path)) <= MOST, path
