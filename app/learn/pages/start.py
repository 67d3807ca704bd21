"""« Par où commencer ? »: five questions about oneself, all optional, then the self-diagnostic of one's chemin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n import _
from app.learn.pages.parts import person_id
from app.learn.pages.pieces import Choice
from app.policy import Me, Profile
from app.reads import diagnostics, profiles

LINES = {1: ("actor", "size", "role"), 2: ("domain",), 3: ("level", "region"), 4: ("chemin",), 5: ("time",)}
"""The lines of the profile that each question fills."""
OPEN = ("chemin", "time")
"""Lines whose few choices are all in sight."""


@dataclass(frozen=True)
class StartLine:
    name: str
    label: str
    nothing: str
    """What saying nothing is called."""
    choices: tuple[Choice, ...]
    error: str

    @property
    def open(self) -> bool:
        return self.name in OPEN

    @property
    def said(self) -> bool:
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class StartQuestion:
    number: int
    label: str
    lines: tuple[StartLine, ...]


@dataclass(frozen=True)
class StartPage:
    questions: tuple[StartQuestion, ...]
    asked: int
    """Questions of the self-diagnostic that follows."""
    minutes: int
    urls: Mapping[str, str]
    """Of the self-diagnostic of each chemin; "" for who does not know."""

    def leads(self, chemin: str) -> str:
        """Where the answers lead: the self-diagnostic of the chemin, else the first on the shelf."""
        return self.urls.get(chemin) or self.urls.get("", "/autodiagnostics")

    @property
    def wrong(self) -> tuple[StartLine, ...]:
        return tuple(line for question in self.questions for line in question.lines if line.error)


def start(
    db: Session,
    me: Me | None,
    *,
    posted: Mapping[str, str] | None = None,
    wrong: str | None = None,
    said: str = "",
) -> StartPage:
    """`posted`, `wrong`, `said`: of a form just refused, which line and why."""
    shelf = diagnostics.shelf(db, person_id(me))
    urls = {each.reading.doc.chemin: f"/autodiagnostics/{each.found.slug}" for each in reversed(shelf)}
    if shelf:
        urls[""] = f"/autodiagnostics/{shelf[0].found.slug}"
    profile = me.profile if me else Profile()
    values = {name: (posted or {}).get(name, getattr(profile, name) or "") for name in profiles.LISTS}
    lines = {line.name: line for line in _lines(profiles.choices(db), values, {wrong: said})}
    return StartPage(
        questions=tuple(
            StartQuestion(number, _question(number), tuple(lines[name] for name in names))
            for number, names in LINES.items()
        ),
        asked=len(shelf[0].doc.questions) if shelf else 0,
        minutes=shelf[0].doc.minutes if shelf else 0,
        urls=urls,
    )


def _lines(
    choices: profiles.Choices, values: Mapping[str, str], errors: Mapping[str | None, str]
) -> Iterator[StartLine]:
    for name, known in choices.items():
        nothing = _("Je ne sais pas encore") if name == "chemin" else _("Je ne précise pas")
        shown = tuple(Choice(value, label, value == values[name]) for value, label in known)
        yield StartLine(name, _label(name), nothing, shown, errors.get(name, ""))


def _question(number: int) -> str:
    return {
        1: _("Qui êtes-vous ?"),
        2: _("Quel domaine vous occupe le plus ?"),
        3: _("Où agissez-vous ?"),
        4: _("Qu’est-ce qui vous amène ?"),
        5: _("Quel temps avez-vous devant vous ?"),
    }[number]


def _label(name: str) -> str:
    return {
        "actor": _("Mon organisation est plutôt du côté des…"),
        "size": _("Si c’est une entreprise, sa taille"),
        "role": _("Moi, je suis aussi…"),
        "domain": _("Le domaine qui nous occupe le plus"),
        "level": _("L’échelon où nous agissons surtout"),
        "region": _("Notre région"),
        "chemin": _("Le chemin qui m’attire"),
        "time": _("Le temps que j’ai devant moi"),
    }[name]
