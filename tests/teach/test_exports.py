"""Files taken away of a cohort: what the page shows and no more, nothing that a spreadsheet would run, and a trace."""

import csv
import io
import re
import zipfile

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import Engines
from app.models import AuditEvent, Membership, Note
from app.outside import export
from tests.cast import Cast
from tests.client import Client
from tests.teach.test_cohort_page import cohort

__all__ = ["cohort"]


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig").replace("\u00a0", " "), newline=""), delimiter=";"))


def test_the_follow_up_is_taken_away_and_leaves_a_trace(
    client: Client, cast: Cast, engines: Engines, cohort: int
) -> None:
    answer = client.sign_in(cast.tarik).post(f"/cohortes/{cohort}/exports", what="suivi", how="csv")
    assert "suivi.csv" in answer.headers["Content-Disposition"]
    heads, lea, noe, invited = rows(answer.data)
    assert lea[:8] == ["Léa Martin", "La Maison bleue", "En cours", "24 min", "3", "12", "9", "24"]
    assert lea[8:10] == ["2026-11-24", "2026-12-18"]
    assert noe[3] == "12 min"
    assert invited[0] == "zoe@balises.example"
    assert len(heads) == len(lea)
    with Session(engines.read) as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.verb == "cohort.export")).one()
        assert (event.by_id, event.object, event.data) == (cast.tarik, f"cohort:{cohort}", {"what": "suivi"})


def test_hours_are_credited_within_the_dates(client: Client, cast: Cast, cohort: int) -> None:
    """Léa did her steps the day before the start."""
    client.sign_in(cast.tarik)
    _heads, lea, _noe = rows(client.post(f"/cohortes/{cohort}/exports", what="heures", how="csv").data)
    assert lea[:7] == ["Léa Martin", "La Maison bleue", "", "2026-11-25", "2026-12-18", "0", "0"]


def test_no_file_holds_what_was_not_shared(client: Client, cast: Cast, engines: Engines, cohort: int) -> None:
    with Session(engines.read) as db:
        written = list(db.scalars(select(Note.text).where(Note.person_id == cast.lea)))
    client.sign_in(cast.tarik)
    for what in ("suivi", "heures", "membres"):
        said = client.post(f"/cohortes/{cohort}/exports", what=what, how="csv").data.decode()
        assert [text for text in written if text in said] == []
        assert "lea@balises.example" not in said


def test_no_cell_of_a_file_is_a_formula(client: Client, cast: Cast, engines: Engines, cohort: int) -> None:
    with Session(engines.write) as db:
        db.execute(update(Membership).where(Membership.person_id == cast.lea).values(name='=HYPERLINK("x")'))
        db.commit()
    client.sign_in(cast.tarik)
    said = client.post(f"/cohortes/{cohort}/exports", what="membres", how="csv").data
    assert ['\'=HYPERLINK("x")'] in [row[:1] for row in rows(said)]
    held = client.post(f"/cohortes/{cohort}/exports", what="membres", how="xlsx").data
    sheet = zipfile.ZipFile(io.BytesIO(held)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'orientation="landscape"' in sheet  # printed, all its columns are on one page
    assert 'fitToHeight="0"' in sheet


def test_a_sheet_is_as_wide_as_what_it_holds_and_its_titles_are_read_whole() -> None:
    held = export.as_xlsx("Suivi", ["Nom", "Minutes prévues des étapes terminées"], [["Anne-Charlotte Le Goff", 12]])
    sheet = zipfile.ZipFile(io.BytesIO(held)).read("xl/worksheets/sheet1.xml").decode()
    wide, narrow = map(float, re.findall(r'<col [^>]*width="([\d.]+)"', sheet))
    assert narrow < 14 < 22 < wide
    assert int(re.findall(r'<row r="1"[^>]* ht="(\d+)"', sheet)[0]) >= 60  # four lines


def test_whatever_a_cell_begins_with_it_is_still() -> None:
    cells = ["=1", "+1", "-1", "@x", "\tx", "\rx"]
    assert rows(export.as_csv(["a"], [[cell] for cell in cells]))[1:] == [[f"'{cell}"] for cell in cells]


def test_another_trainer_takes_nothing_and_leaves_no_trace(
    client: Client, cast: Cast, engines: Engines, cohort: int
) -> None:
    assert client.sign_in(cast.tess).post(f"/cohortes/{cohort}/exports", what="suivi").status_code == 404
    with Session(engines.read) as db:
        assert db.scalars(select(AuditEvent).where(AuditEvent.verb == "cohort.export")).all() == []
