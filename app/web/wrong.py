"""What goes wrong becomes a page with a sentence: what happened, what is safe, what to do. Never a stack trace."""

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from app.errors import Conflict, Forbidden, Missing, Refused
from app.faults import is_away, is_busy
from app.i18n import _
from app.web.address import Unreadable
from app.web.door import SAFE, Ended, Foreign, Stale, choose_language, here
from app.web.trial import Outside, Over

log = logging.getLogger("balises.web")
RETRY_SECONDS = 5
LAST = '<!doctype html><html lang="fr"><title>Balises</title><h1>Balises</h1><p>Une courte pause. {mark}</p></html>'
"""When no template can be read."""
LINK_PART = "token"
"""The part of an address that opens a door by itself: the secret of a link."""
_UNKEPT = ("_token",)


@dataclass(frozen=True)
class Wrong:
    """A page about what went wrong."""

    status: int
    title: str
    text: str
    mark: str
    kept: tuple["Kept", ...] = ()
    """What was posted, to send again or to copy."""
    again: bool = False
    """Sending the same again may do."""
    theirs: str = ""
    """The other version, when two texts met."""
    ended: bool = False
    """Signing in elsewhere, then sending again from here, will do."""
    path: str = ""


@dataclass(frozen=True)
class Kept:
    name: str
    value: str
    shown: bool
    password: bool


def install(app: Flask) -> None:
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> AnyResponse:
    if isinstance(error, HTTPException) and (error.code or 0) < 400:
        return error.get_response()
    mark = f"B-{secrets.token_hex(3).upper()}"
    status = _status(error)
    if status == 500:
        log.error("%s %s %r", mark, request.method, _path(), exc_info=error)
    else:
        log.info("%s %s %s %s %r", mark, status, type(error).__name__, request.method, _path())
    _recognise(nobody=status >= 500 or isinstance(error, SecurityError))
    response = make_response(_page(error, status, mark), status)
    for name, value in _headers(error, status).items():
        response.headers[name] = value
    return response


def _path() -> str:
    """What was asked for, without the secret of a link: who reads the log must not enter by it."""
    token = (request.view_args or {}).get(LINK_PART)
    return request.path.replace(token, "…") if token else request.path


def _status(error: Exception) -> int:
    match error:
        case HTTPException():
            return error.code or 500
        case Missing():
            return 404
        case Forbidden() | Stale() | Ended() | Foreign():
            return 403
        case Conflict():
            return 409
        case Refused():
            return 422
    return 503 if is_away(error) or is_busy(error) else 500


def _headers(error: Exception, status: int) -> dict[str, str]:
    if status == 503:
        return {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(error, HTTPException):
        kept = ("Allow", "Retry-After", "Content-Range")
        return {name: value for name, value in error.get_headers() if name in kept}
    return {}


def _recognise(*, nobody: bool) -> None:
    """In whose name and language the page is, when that can be known without the database that failed."""
    door = here()
    door.lost = door.lost or nobody
    try:
        choose_language(door.me)
    except Exception as error:
        log.info("nobody can be recognised: %s", type(error).__name__)
        door.lost = True
        choose_language(None)


def _page(error: Exception, status: int, mark: str) -> str | Response:
    kept = _kept(error, status)
    title, text = _sentences(error, status, any(field.shown for field in kept))
    page = Wrong(
        status=status,
        title=title,
        text=text,
        mark=mark,
        kept=kept,
        again=bool(kept) or isinstance(error, Stale),
        theirs=error.theirs if isinstance(error, Conflict) else "",
        ended=isinstance(error, Ended),
        path=request.full_path.rstrip("?"),
    )
    if status != 500 and not isinstance(error, SecurityError):
        try:
            return render_template("errors/wrong.html", page=page)
        except Exception:
            log.exception("%s the page about it failed too", mark)
    try:
        return render_template("errors/plain.html", page=page)
    except Exception:
        log.exception("%s the plain page failed too", mark)
    return LAST.format(mark=mark)


def _sentences(error: Exception, status: int, written: bool) -> tuple[str, str]:
    match error:
        case Stale():
            title = _("Votre texte est là, rien n’est perdu") if written else _("Cette page a attendu trop longtemps")
            return title, _(
                "Cette page était ouverte depuis longtemps, ou votre navigateur refuse les cookies."
                " Rien n’a encore été enregistré : envoyez de nouveau."
            )
        case Foreign():
            return _("Cette demande vient d’un autre site"), _(
                "Rien n’a été enregistré. Pour faire ce que vous vouliez, passez par les pages de Balises."
            )
        case Ended():
            return _("Votre session est terminée"), _(
                "Rien n’a été enregistré. Connectez-vous dans un autre onglet, puis envoyez de nouveau"
                " depuis cette page ; ou copiez votre texte."
            )
        case Refused():
            return _("Ce n’est pas possible en l’état"), error.message
        case Unreadable():
            return _("Adresse illisible"), str(error.description)
        case Over():
            return _("Cet essai est terminé"), _(
                "Un essai dure un jour, puis s’efface. Lancez-en un autre depuis l’atelier."
            )
        case Outside():
            return _("Ceci est un essai"), _("On y suit le parcours, sans compte ni cohorte : revenez en arrière.")
        case TooManyRequests():
            return _("Trop d’essais"), str(error.description)
    return _by_status(status)


def _by_status(status: int) -> tuple[str, str]:
    safe = _("Votre avancement, lui, est bien enregistré.")
    match status:
        case 403:
            return _("Cette page ne vous est pas ouverte"), _("Votre compte ne donne pas accès à cette page.")
        case 404:
            return _("Ce sentier ne mène nulle part"), _("La page a été déplacée ou n’existe plus.") + " " + safe
        case 405:
            return _("Ce geste n’existe pas ici"), _("Revenez à la page précédente et recommencez.") + " " + safe
        case 409:
            return _("Ce texte a changé entre-temps"), _("Voici les deux versions : gardez celle qui convient.")
        case 413:
            return _("C’est trop long"), _("Ce que vous avez envoyé dépasse la taille permise : raccourcissez-le.")
        case 416:
            return _("Ce passage n’existe pas"), _("Le fichier est plus court que le passage demandé.")
        case 503:
            return _("Une courte pause"), _(
                "Le site ne peut pas répondre pour le moment. Ce qui était enregistré est en sûreté."
                " Réessayez dans quelques secondes."
            )
        case 500:
            return _("Quelque chose s’est mal passé"), _("La faute est de notre côté.") + " " + safe
    return _("Demande illisible"), _("Cette demande n’a pas été comprise. Revenez à la page précédente.") + " " + safe


def _kept(error: Exception, status: int) -> tuple[Kept, ...]:
    """What a person typed comes back with the page, except a password."""
    if request.method in SAFE or status in (404, 405, 413) or isinstance(error, Foreign | SecurityError):
        return ()
    try:
        fields = here().form.items(multi=True)
    except Exception:
        return ()
    return tuple(
        Kept(name, "" if "password" in name else value, _typed(value), "password" in name)
        for name, value in fields
        if name not in _UNKEPT
    )


def _typed(value: str) -> bool:
    """Rather a person's words than a button's value."""
    return any(character.isspace() for character in value) or len(value) > 40
