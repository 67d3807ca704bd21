"""A list of people, however it was saved: taken line by line, or refused with a sentence; never half written."""

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.actions import cohorts, invitations, lists, memberships
from app.actions.cohorts import Wanted
from app.actions.invitations import By
from app.db import Engines
from app.errors import Missing, Refused
from app.models import Invitation, Message
from app.outside import tables
from app.reads.invitations import Line, Sorted
from tests.cast import Cast

KEY = "a key of the site, only for these tests"
ZOE = Line(2, "zoe@asso.example", "Zoé Bâ", "La Ruche", "salariée", "A-1")
HEAD = "E-mail;Nom;Structure;Statut;Identifiant"
ROW = "ZOE@asso.example ;Zoé Bâ;La Ruche;salariée;A-1"


def said(line: Line) -> tuple[str, ...]:
    return (line.email, line.name, line.structure, line.statut, line.external_id)


def sheet(*rows: tuple[object, ...], formula: str = "") -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value)
        if formula:
            page.write_formula(len(rows), 1, formula, value="Calculée")
    return held.getvalue()


def packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return held.getvalue()


CSV = f"{HEAD}\r\n{ROW}\r\n"
FILES = {
    "utf-8": CSV.encode(),
    "utf-8 with its mark": CSV.encode("utf-8-sig"),
    "windows-1252": CSV.encode("cp1252"),
    "utf-16": CSV.encode("utf-16"),
    "utf-16 without its mark": CSV.encode("utf-16-le"),
    "commas": CSV.replace(";", ",").encode(),
    "tabs": CSV.replace(";", "\t").encode(),
    "a separator told": f"sep=;\n{CSV}".encode(),
    "quotes": f'{HEAD}\n"zoe@asso.example";"Zoé Bâ";"La Ruche";"salariée";"A-1"\n'.encode(),
    "in English": f"Email,Full name,Organization,Status,External ID\n{ROW.replace(';', ',')}".encode(),
    "two columns for a name": CSV.replace("Nom;", "Nom;Prénom;").replace("Zoé Bâ", "Bâ;Zoé").encode(),
    "another order and a column too many": (
        "Identifiant;Téléphone;Nom complet;Courriel;Association;Fonction\n"
        "A-1;06 00 00 00 00;Zoé Bâ;zoe@asso.example;La Ruche;salariée"
    ).encode(),
    "addresses under a title of its own": CSV.replace("E-mail", "Mail pro").encode(),
    "streets under the title of addresses": CSV.replace("E-mail", "Adresse;Messagerie")
    .replace("ZOE", "1 rue du Puits;ZOE")
    .encode(),
    "an address as a directory copies it": CSV.replace("ZOE", "\u202aZOE")
    .replace(".example ;", ".example\u202c\u200b;")
    .encode(),
    "without titles": f"\n{ROW}".encode(),
    "a spreadsheet": sheet(tuple(HEAD.split(";")), tuple(ROW.split(";"))),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_person_is_read_however_the_file_was_saved(name: str) -> None:
    found = lists.read_table(FILES[name])
    assert [said(line) for line in found.new] == [said(ZOE)]
    assert not found.refused


BROKEN = {
    "empty": b"",
    "blank": b" \r\n\r\n;;;\r\n",
    "only titles": HEAD.encode(),
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a pdf": b"%PDF-1.7\n\x01\x02\x03",
    "a page of the web": b"<!DOCTYPE html>\n<table><tr><td>Nom</td></tr></table>",
    "a visiting card": b"BEGIN:VCARD\nFN:Zo\nEND:VCARD",
    "an old excel": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "a zip": packed(notes_xml=b"hello"),
    "half a spreadsheet": FILES["a spreadsheet"][:1500],
    "an empty spreadsheet": sheet(),
    "a bomb": packed(xl__workbook_xml=b"<a/>", xl__big_xml=b"0" * (tables.UNPACKED_MAX + 1)),
    "an entity bomb": packed(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'),
    "too many lines": b"\n".join(b"p%d@asso.example" % n for n in range(tables.ROWS_MAX + 1)),
    "a quote that stays open": b'nom\n"' + b"a" * 140_000,
    "a quote that stays open on little": b'nom;email\n"Ana;ana@asso.example\nBob;bob@asso.example\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_gets_a_sentence(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        lists.read_table(BROKEN[name])
    assert refusal.value.field == "file"


def test_each_line_is_refused_for_its_own_reason_and_the_others_stay() -> None:
    rows = ("email;nom;structure", "pas une adresse;Ana;", "=HYPERLINK(1);Bob;", ";;La Ruche", ";=1+1;", ";+33;")
    found = lists.read_table("\n".join((*rows, f";{'x' * 121};", "ok@asso.example;Léa;", ";Sans Adresse;")).encode())
    assert [line.name for line in found.new] == ["Léa", "Sans Adresse"]
    assert [refused.number for refused in found.refused] == [2, 3, 4, 5, 6, 7]
    assert "nom@exemple.fr" in found.refused[0].reason
    assert found.refused[2].reason == "Ni adresse ni nom."
    assert "formule" in found.refused[3].reason


def test_the_name_of_a_list_above_its_titles_invites_nobody() -> None:
    rows = ("Participants, automne 2026;;", ";;", "Nom;Prénom;Mail", "Roux;Léa;lea@asso.example")
    found = lists.read_table("\n".join(rows).encode())
    assert [said(line)[:2] for line in found.new] == [("lea@asso.example", "Léa Roux")]
    assert [(line.number, line.words) for line in found.refused] == [(1, "Participants, automne 2026")]


def test_without_titles_an_address_left_blank_leaves_the_name_its_place() -> None:
    found = lists.read_table(b"lea@asso.example;Lea R;La Ruche;;A-1\n;Max Bo;La Pelle;salarie\nAna;;La Pelle\n")
    assert [said(line) for line in found.new] == [
        ("lea@asso.example", "Lea R", "La Ruche", "", "A-1"),
        ("", "Max Bo", "La Pelle", "salarie", ""),
        ("", "Ana", "La Pelle", "", ""),
    ]


def test_two_addresses_on_a_line_are_two_people_or_are_refused_and_never_a_name() -> None:
    found = lists.read_table(b"ana@asso.example;bob@asso.example\nMax;max@asso.example;m@perso.example\n")
    assert [said(line)[:2] for line in found.new] == [("ana@asso.example", ""), ("bob@asso.example", "")]
    assert [(line.number, "une seule personne" in line.reason) for line in found.refused] == [(2, True)]


def test_a_formula_of_a_spreadsheet_counts_for_what_it_last_gave() -> None:
    found = lists.read_table(sheet(("email", "nom"), ("a@asso.example", "Ana"), formula='=CONCAT("x")'))
    assert [line.name for line in found.new] == ["Ana", "Calculée"]


def test_pasted_addresses_are_read_with_or_without_a_name() -> None:
    found = lists.read_text("Léa Roux <LEA@asso.example>, noe@asso.example;\n\n zoe@ \n mailto:max@asso.example")
    assert [said(line)[:2] for line in found.new] == [
        ("lea@asso.example", "Léa Roux"),
        ("noe@asso.example", ""),
        ("max@asso.example", ""),
    ]
    assert [refused.words for refused in found.refused] == ["zoe@"]


def test_lines_pasted_from_a_table_keep_their_names_and_what_is_wrong_is_said_at_its_line() -> None:
    found = lists.read_text(
        "zoe@asso.example;Zoé K\n\nMax Bo\tmax@asso.example\tLa Pelle\npas une adresse\nana@asso.example, x@"
    )
    assert [said(line)[:3] for line in found.new] == [
        ("zoe@asso.example", "Zoé K", ""),
        ("max@asso.example", "Max Bo", "La Pelle"),
        ("ana@asso.example", "", ""),
    ]
    assert [(refused.number, refused.words) for refused in found.refused] == [(4, "pas une adresse"), (5, "x@")]


def test_what_is_sent_back_to_be_confirmed_reads_as_it_was() -> None:
    lines = [ZOE, Line(3, "", 'Un "nom"; avec, tout', "x\ty".replace("\t", " "))]
    assert [said(line) for line in lists.read_table(lists.as_text(lines).encode()).new] == [
        said(line) for line in lines
    ]


anything = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(st.sampled_from('a@é.;,\t\n"=é-\x00<> '), max_size=120).map(str.encode),
    st.tuples(st.integers(0, len(FILES["a spreadsheet"]) - 1), st.binary(min_size=1, max_size=8)).map(
        lambda cut: FILES["a spreadsheet"][: cut[0]] + cut[1] + FILES["a spreadsheet"][cut[0] + len(cut[1]) :]
    ),
)


def test_any_bytes_give_lines_or_a_sentence_and_all_or_nothing_is_written(engines: Engines, cast: Cast) -> None:
    with Session(engines.write) as db:
        cohort, by = opened(db, cast)
        db.commit()

    @rules(max_examples=80 if engines.write.dialect.name == "sqlite" else 8)
    @given(anything)
    def check(content: bytes) -> None:
        try:
            sent = lists.read_table(content)
        except Refused:
            return
        again = lists.read_table(lists.as_text(sent.new).encode()).new if sent.new else ()
        assert [said(line) for line in again] == [said(line) for line in sent.new]
        with Session(engines.write) as db:
            people = invitations.invite(db, by, cohort, sent)
            assert db.scalar(select(func.count()).select_from(Invitation)) == people
            assert invitations.invite(db, by, cohort, sent) == 0

    check()


# What is there already


def opened(db: Session, cast: Cast) -> tuple[int, By]:
    cohort = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="the first one")
    return cohort, By(cast.tarik, "Tarik", "tarik@balises.example", "fr", KEY)


def sorted_numbers(found: Sorted) -> tuple[list[int], list[int], list[int]]:
    return (
        [line.number for line in found.new],
        [line.number for line in found.there],
        [line.number for line in found.refused],
    )


def test_a_list_sent_twice_invites_once(db: Session, cast: Cast) -> None:
    cohort, by = opened(db, cast)
    memberships.join(db, cohort, cast.lea, name="Léa")
    rows = (
        HEAD,
        ROW,
        ROW.upper(),
        "lea@balises.example;;;;",
        ";Max;;;",
        ";MÀX;;;",
        ";Ana;;;A-1",
        "x@asso.example;;;;A-1",
    )
    sent = lists.read_table("\n".join(rows).encode())
    found = invitations.check(db, cast.tarik, cohort, sent)
    assert sorted_numbers(found) == ([2, 5], [3, 4, 6], [7, 8])
    assert "ligne 2" in found.there[0].reason
    assert db.scalar(select(func.count()).select_from(Invitation)) == 0
    assert invitations.invite(db, by, cohort, sent) == 2
    assert invitations.invite(db, by, cohort, sent) == 0
    assert sorted_numbers(invitations.check(db, cast.tarik, cohort, sent))[0] == []
    mails = db.scalars(select(Message)).all()
    assert [(mail.address, mail.data["cohort"], mail.reply_to) for mail in mails] == [
        ("zoe@asso.example", "Les maisons", "tarik@balises.example")
    ]


def test_only_who_leads_the_cohort_invites(db: Session, cast: Cast) -> None:
    cohort, _by = opened(db, cast)
    sent = lists.read_text("zoe@asso.example")
    with pytest.raises(Missing):
        invitations.check(db, cast.tess, cohort, sent)
    with pytest.raises(Missing):
        invitations.invite(db, By(cast.tess, "Tess", None, "fr", KEY), cohort, sent)


def test_five_thousand_lines_take_as_many_statements_as_five(db: Session, cast: Cast) -> None:
    cohort, by = opened(db, cast)
    db.commit()
    most = tables.ROWS_MAX if db.get_bind().dialect.name == "sqlite" else 500
    counted = []
    for few, many in ((0, 5), (5, 5 + most)):
        text = "\n".join(f"p{n}@asso.example;Personne {n};La Ruche;;N-{n}" for n in range(few, many))
        statements: list[str] = []

        def count(*args: object, kept: list[str] = statements) -> None:
            kept.append(str(args[2]))

        engine = db.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        assert invitations.invite(db, by, cohort, lists.read_table(text.encode())) == many - few
        event.remove(engine, "before_cursor_execute", count)
        counted.append(len([words for words in statements if not words.startswith("INSERT")]))
    assert counted[1] <= counted[0] <= 7
    assert db.scalar(select(func.count()).select_from(Invitation)) == 5 + most
