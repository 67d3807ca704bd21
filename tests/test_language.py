"""How sentences are set: French and English plurals, typography, minutes, dates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.i18n import _, day, minutes, moment, ngettext, set_lang, typo

N, T = "\u00a0", "\u202f"


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    set_lang("fr")
    yield
    set_lang("fr")


@pytest.mark.parametrize(
    ("typed", "set_so"),
    [
        ("Quoi ? Oui ! Bien ; voilà : fin", f"Quoi{T}? Oui{T}! Bien{T}; voilà{N}: fin"),
        ("Quoi? Oui! Bien; voilà: fin", f"Quoi{T}? Oui{T}! Bien{T}; voilà{N}: fin"),
        ("« oui » et «non»", f"«{N}oui{N}» et «{N}non{N}»"),
        ("l'ami d'« untel »", f"l’ami d’«{N}untel{N}»"),
        ("Attendez...", "Attendez…"),
        ("4 h 05, 45 min, 62 %, 30 km, 12 Ko", f"4{N}h{N}05, 45{N}min, 62{N}%, 30{N}km, 12{N}Ko"),
        ("12 000 € et 1 234 567 habitants", f"12{T}000{N}€ et 1{T}234{T}567 habitants"),
        ("en 2024 120 personnes, au 01 23 45 67 89", "en 2024 120 personnes, au 01 23 45 67 89"),
        (
            "à 12:30, voir https://x.fr/?b=c;d! ou a@x.fr : ok",
            f"à 12:30, voir https://x.fr/?b=c;d! ou a@x.fr{N}: ok",
        ),
        ("Vraiment ?! (oui ?)", f"Vraiment{T}?! (oui{T}?)"),
        ("3 hommes, 2 minutes", "3 hommes, 2 minutes"),
        ("une ligne\n; une autre", "une ligne\n; une autre"),
    ],
)
def test_french_typography(typed: str, set_so: str) -> None:
    assert typo(typed) == set_so


def test_english_typography_is_only_its_quotes() -> None:
    set_lang("en")
    assert typo("it's a \"word\" ('here') ; fine ?") == "it’s a “word” (‘here’) ; fine ?"


@given(st.text(alphabet="ab1 20h%€«»;:!?.'\"\u00a0\u202f…()/@", max_size=40), st.sampled_from(["fr", "en"]))
def test_setting_twice_is_setting_once(text: str, lang: str) -> None:
    set_lang(lang)
    once = typo(text)
    assert typo(once) == once


def test_zero_and_one_are_singular_in_french_and_only_one_in_english() -> None:
    assert [ngettext("%(n)s étape", "%(n)s étapes", n) for n in (0, 1, 2)] == ["0 étape", "1 étape", "2 étapes"]
    set_lang("en")
    assert [ngettext("%(n)s étape", "%(n)s étapes", n) for n in (0, 1, 2)] == ["0 steps", "1 step", "2 steps"]


def test_a_sentence_takes_its_values_and_never_reads_them_as_places() -> None:
    assert _("Bonjour %(name)s", name="100 %(name)s") == "Bonjour 100 %(name)s"
    assert _("Pourquoi pas 100 % ?") == f"Pourquoi pas 100{N}%{T}?"


def test_an_unwritten_sentence_is_said_in_french_rather_than_not_at_all() -> None:
    set_lang("en")
    assert _("Jamais écrite nulle part") == "Jamais écrite nulle part"


def test_an_unknown_language_is_french() -> None:
    set_lang("xx")
    assert i18n.get_lang() == "fr"


def test_minutes_are_read_as_hours() -> None:
    said = {n: minutes(n) for n in (0, 45, 60, 65, 240, 720)}
    assert said == {0: f"0{N}min", 45: f"45{N}min", 60: f"1{N}h", 65: f"1{N}h{N}05", 240: f"4{N}h", 720: f"12{N}h"}


def test_days_and_moments_are_written_out() -> None:
    noon = datetime(2026, 7, 1, 10, 5, tzinfo=UTC)
    assert day(date(2026, 12, 1)) == f"1er{N}décembre 2026"
    assert day(date(2026, 11, 25)) == f"25{N}novembre 2026"
    assert moment(noon, "Europe/Paris") == f"1er{N}juillet 2026 à 12{N}h{N}05"
    assert moment(noon, "Nowhere/Nowhere") == moment(noon, "Europe/Paris")
    set_lang("en")
    assert day(date(2026, 12, 1)) == f"1{N}December 2026"
    assert moment(noon, "America/Martinique") == f"1{N}July 2026 at 06:05"
