"""« Mon profil »: a few questions, none of which must be answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n import _
from app.policy import Me
from app.reads import profiles


@dataclass(frozen=True)
class ProfileLine:
    name: str
    label: str
    choices: tuple[tuple[str, str, bool], ...]
    """Value, label, chosen."""
    error: str = ""


@dataclass(frozen=True)
class ProfilePage:
    lines: tuple[ProfileLine, ...]
    suite: str


def profile(
    db: Session,
    me: Me,
    suite: str,
    *,
    posted: Mapping[str, str] | None = None,
    wrong: str | None = None,
    said: str = "",
) -> ProfilePage:
    """`posted`, `wrong`, `said`: of a form just refused, which line and why."""
    values = {name: (posted or {}).get(name, getattr(me.profile, name) or "") for name in profiles.LISTS}
    lines = (
        ProfileLine(
            name,
            _line_label(name),
            tuple((value, label, value == values[name]) for value, label in choices),
            said if name == wrong else "",
        )
        for name, choices in profiles.choices(db).items()
    )
    return ProfilePage(tuple(lines), suite)


def _line_label(name: str) -> str:
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
