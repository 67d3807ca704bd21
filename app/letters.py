"""What each mail says, in its reader's language; its links are made absolute here, from the public address alone."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.config import ROOT
from app.i18n import _, day, minutes, ngettext, speaking
from app.models import ASKED_FOR, MailKind, Message

TEMPLATES: Path = ROOT / "templates" / "mail"


HIDDEN = "token"
"""In the data of a mail: what opens the door of its link."""


@dataclass(frozen=True)
class Said:
    """A mail in words."""

    subject: str
    lines: tuple[str, ...]
    button: str = ""
    path: str = ""
    """Where the button leads, on this site."""
    quote: str = ""
    """What somebody wrote, as they wrote it."""
    after: str = ""
    """Said under it."""
    why: str = ""
    """Why they receive it."""


@dataclass(frozen=True)
class Letter:
    """A mail in words, in the two forms that it travels in."""

    said: Said
    url: str
    """Where the button leads."""
    text: str
    html: str

    @property
    def subject(self) -> str:
        return self.said.subject


def letter(kind: MailKind, lang: str, data: Mapping[str, Any], site: str, stop: str = "") -> Letter:
    """`site`: the public address; `stop`: the path that stops mails of that kind, « » where there is none."""
    with speaking(lang):
        said = _SAID[kind](_Given(data))
        url = f"{site}{said.path}" if said.button else ""
        foot = [said.why, *([_("Ne plus recevoir ce genre de courriel :")] if stop else [])]
        stop = f"{site}{stop}" if stop else ""
        html = _html().get_template("letter.html").render(said=said, url=url, lang=lang, foot=foot, stop=stop)
        return Letter(said, url, _text(said, url, foot, stop), html)


def stoppable(kind: MailKind) -> bool:
    return kind not in ASKED_FOR


def stop_path(message: Message, key: str) -> str:
    """Where its reader stops mails of that kind: only we can write this address."""
    return f"/desinscription/{message.id}/{_signature(message, key)}"


def signed(message: Message, proof: str, key: str) -> bool:
    """Whether `proof` is of that address."""
    return hmac.compare_digest(proof.encode(), _signature(message, key).encode())


def _signature(message: Message, key: str) -> str:
    said = f"stop {message.id} {message.kind.value} {message.address}".encode()
    return hmac.digest(key.encode(), said, hashlib.sha256).hex()[:32]


def _text(said: Said, url: str, foot: list[str], stop: str) -> str:
    quote = "\n".join(f"> {line}" for line in said.quote.splitlines())
    action = f"{said.button}\n{url}" if url else ""
    end = "\n".join(filter(None, ["-- ", "Balises", *foot, stop]))
    return "\n\n".join(filter(None, [*said.lines, quote, said.after, action, end])) + "\n"


@cache
def _html() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Given:
    """What the row holds for its words: absent is empty, and a mail is never lost for a word."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def __getitem__(self, name: str) -> str:
        return str(self._data.get(name) or "")

    def names(self, *names: str) -> dict[str, str]:
        return {name: self[name] for name in names}

    def number(self, name: str) -> int:
        found = self._data.get(name)
        return found if isinstance(found, int) else 0

    def rows(self, name: str) -> list["_Given"]:
        found = self._data.get(name)
        return [_Given(row) for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []

    def day(self, name: str) -> str:
        """As people write it."""
        try:
            return day(date.fromisoformat(self[name]))
        except ValueError:
            return self[name]

    @property
    def due(self) -> str:
        return self.day("due")

    @property
    def format(self) -> str:
        return minutes(self.number("format")) if self.number("format") else self["format"]

    def path(self, otherwise: str) -> str:
        return self["path"] if self["path"].startswith("/") else otherwise


def _invitation(given: _Given) -> Said:
    names, pathway = given.names("trainer", "cohort"), given["pathway"]
    asked = _("%(trainer)s vous invite à suivre un parcours avec la cohorte « %(cohort)s ».", **names)
    if pathway:
        named = names | {"pathway": pathway}
        asked = _("%(trainer)s vous invite à suivre « %(pathway)s » avec la cohorte « %(cohort)s ».", **named)
    until = _("Ce lien sert une fois, jusqu’au %(day)s. Aucun compte n’est nécessaire.", day=given.day("until"))
    seen = _("Avant de rejoindre, la page dit ce qui sera vu de vous, et ce qui ne le sera pas.")
    return Said(
        subject=_("%(trainer)s vous invite : %(cohort)s", **names),
        lines=(asked, seen, *([until] if given["until"] else [])),
        button=_("Voir l’invitation"),
        path=given.path(f"/rejoindre/{given['token']}"),
        why=_(
            "Cette invitation vous est adressée. Si elle ne vous dit rien, vous pouvez l’ignorer : rien ne se passe."
        ),
    )


def _assignment(given: _Given) -> Said:
    return Said(
        subject=_("Un parcours vous est proposé : %(pathway)s", pathway=given["pathway"]),
        lines=(
            _(
                "Dans la cohorte « %(cohort)s », on vous propose « %(pathway)s », format %(format)s.",
                cohort=given["cohort"],
                pathway=given["pathway"],
                format=given.format,
            ),
            _("À terminer le %(due)s au plus tard, à votre rythme d’ici là.", due=given.due),
        ),
        button=_("Ouvrir mon chemin"),
        path=given.path("/mon-chemin"),
        why=_member(given),
    )


def _reminder(given: _Given) -> Said:
    late, days = given["when"] == "late", given.number("days")
    if late:
        line = _("L’échéance de « %(pathway)s » était le %(due)s.", pathway=given["pathway"], due=given.due)
    else:
        line = _("« %(pathway)s » est à terminer le %(due)s au plus tard.", pathway=given["pathway"], due=given.due)
    soon = ngettext(
        "Plus que %(n)s jour : %(pathway)s", "Plus que %(n)s jours : %(pathway)s", days, pathway=given["pathway"]
    )
    return Said(
        subject=_("Échéance passée : %(pathway)s", pathway=given["pathway"]) if late else soon,
        lines=(
            line,
            _("Ce que vous avez fait est gardé : vous reprenez où vous en étiez.")
            if not late
            else _("Rien n’est perdu : vous pouvez encore terminer, ou demander un délai à qui anime."),
            *([_answered(given)] if late and given["trainer"] else []),
        ),
        button=_("Reprendre"),
        path=given.path("/mon-chemin"),
        why=_member(given),
    )


def _digest(given: _Given) -> Said:
    lines = []
    for row in given.rows("cohorts"):
        members = ngettext("%(n)s membre", "%(n)s membres", row.number("members"))
        active = ngettext(
            "%(n)s personne active cette semaine", "%(n)s personnes actives cette semaine", row.number("active")
        )
        joined = ngettext("%(n)s arrivée", "%(n)s arrivées", row.number("joined"))
        steps = ngettext("%(n)s étape terminée", "%(n)s étapes terminées", row.number("steps"))
        answers = ngettext("%(n)s réponse à lire", "%(n)s réponses à lire", row.number("answers"))
        counted = {"active": active, "steps": steps, "joined": joined, "answers": answers}
        said = [members, *(words for name, words in counted.items() if row.number(name))]
        lines.append(f"{row['name']} – {', '.join(said)}.")
    return Said(
        subject=_("La semaine de vos cohortes"),
        lines=(_("Voici ce qui s’est passé ces sept derniers jours."), *lines),
        button=_("Voir mes cohortes"),
        path="/cohortes",
        why=_("Vous recevez ce courriel une fois par semaine au plus, parce que vous animez une cohorte."),
    )


def _trainer(given: _Given) -> Said:
    names = given.names("trainer", "cohort")
    return Said(
        subject=_("%(trainer)s vous écrit (%(cohort)s)", **names),
        lines=(_("%(trainer)s, qui anime la cohorte « %(cohort)s », vous écrit :", **names),),
        quote=given["text"],
        after=_answered(given),
        button=_("Ouvrir mon chemin"),
        path=given.path("/mon-chemin"),
        why=_member(given),
    )


def _comment(given: _Given) -> Said:
    return Said(
        subject=_("Un commentaire sur votre exercice : %(step)s", step=given["step"]),
        lines=(
            _(
                "%(trainer)s a commenté ce que vous partagez dans « %(pathway)s » : « %(step)s ».",
                **given.names("trainer", "pathway", "step"),
            ),
        ),
        button=_("Lire le commentaire"),
        path=given.path("/mon-chemin"),
        why=_("Vous recevez ce courriel parce que vous partagez cet exercice avec qui anime votre cohorte."),
    )


def _answer(given: _Given) -> Said:
    return Said(
        subject=_("Une réponse dans « %(cohort)s » : %(step)s", cohort=given["cohort"], step=given["step"]),
        lines=(
            _(
                "%(name)s a répondu à propos de ce qui est partagé avec vous : « %(step)s ».",
                name=given["name"],
                step=given["step"],
            ),
        ),
        button=_("Lire la réponse"),
        path=given.path("/cohortes"),
        why=_("Vous recevez ce courriel parce que vous avez demandé à lire chaque réponse sans attendre le résumé."),
    )


def _plan(given: _Given) -> Said:
    return Said(
        subject=_("Est-ce arrivé ?"),
        lines=(
            _("Après « %(pathway)s », vous aviez décidé de faire quelque chose.", pathway=given["pathway"]),
            _("Fait, reporté, abandonné, on en parle : un geste suffit, et la réponse n’est vue que de vous."),
        ),
        button=_("Répondre"),
        path="/mon-chemin",
        why=_("Vous recevez ce courriel parce que votre bilan contient un engagement."),
    )


def _reset(given: _Given) -> Said:
    return Said(
        subject=_("Choisir un nouveau mot de passe"),
        lines=(
            _("Ce lien sert une fois, dans les 60 minutes, à choisir un nouveau mot de passe."),
            _("Si vous n’avez rien demandé, ignorez ce courriel : votre mot de passe ne change pas."),
        ),
        button=_("Choisir un nouveau mot de passe"),
        path=f"/mot-de-passe/{given['token']}",
        why=_("Quelqu’un, sans doute vous, a demandé ce lien sur le site."),
    )


def _set_up(given: _Given) -> Said:
    return Said(
        subject=_("Votre compte est prêt"),
        lines=(
            _("Un compte vous attend sur Balises. Il reste à choisir son mot de passe."),
            _("Ce lien sert une fois, dans les 7 jours."),
        ),
        button=_("Choisir mon mot de passe"),
        path=f"/mot-de-passe/{given['token']}",
        why=_("Une personne qui administre le site a créé ce compte pour vous."),
    )


def _confirm(given: _Given) -> Said:
    return Said(
        subject=_("Confirmer votre adresse"),
        lines=(
            _("Confirmez que cette adresse est la vôtre : elle sert à vous reconnaître et à recevoir les invitations."),
            _("Ce lien sert une fois, dans les 7 jours."),
        ),
        button=_("Confirmer mon adresse"),
        path=f"/mon-adresse/{given['token']}",
        why=_("Un compte porte cette adresse. Si ce n’est pas le vôtre, ignorez ce courriel."),
    )


def _sign_in(given: _Given) -> Said:
    return Said(
        subject=_("Votre lien de connexion"),
        lines=(
            _("Ce lien sert une fois, dans les 15 minutes, à vous connecter sans mot de passe."),
            _("Si vous n’avez rien demandé, ignorez ce courriel, et ne donnez ce lien à personne."),
        ),
        button=_("Se connecter"),
        path=f"/connexion/lien/{given['token']}",
        why=_("Quelqu’un, sans doute vous, a demandé ce lien sur le site."),
    )


def _test(_given: _Given) -> Said:
    return Said(
        subject=_("Essai d’envoi"),
        lines=(_("Si vous lisez ceci, le site envoie bien ses courriels."),),
        button=_("Ouvrir l’administration"),
        path="/administration",
        why=_("Vous avez demandé cet essai depuis l’administration."),
    )


def _answered(given: _Given) -> str:
    return _("Répondez à ce courriel : votre réponse va à %(trainer)s.", trainer=given["trainer"])


def _member(given: _Given) -> str:
    return _(
        "Vous recevez ce courriel parce que vous êtes membre de la cohorte « %(cohort)s ».", cohort=given["cohort"]
    )


_SAID = {
    MailKind.INVITATION: _invitation,
    MailKind.ASSIGNMENT: _assignment,
    MailKind.REMINDER: _reminder,
    MailKind.DIGEST: _digest,
    MailKind.TRAINER: _trainer,
    MailKind.COMMENT: _comment,
    MailKind.ANSWER: _answer,
    MailKind.PLAN: _plan,
    MailKind.RESET: _reset,
    MailKind.SET_UP: _set_up,
    MailKind.CONFIRM: _confirm,
    MailKind.SIGN_IN: _sign_in,
    MailKind.TEST: _test,
}
