"""Try what is written as a learner would: on a site of its own, for a day."""

from collections.abc import Iterator

from flask import redirect

from app import policy, trials
from app.author.blueprint import blueprint
from app.author.posting import FIELDS, sent
from app.content import folder
from app.content.outline import said
from app.content.trying import Tried, tried
from app.errors import Missing, Refused
from app.i18n import _
from app.reads import drafts
from app.steps import KINDS
from app.web import Answer, Door, allow


@blueprint.post("/atelier/parcours/<slug:slug>/essais")
@allow(policy.WRITE)
def try_pathway(door: Door, slug: str) -> Answer:
    return _begun(door, f"pathways/{slug}/pathway.md", {})


@blueprint.post("/atelier/textes/<id:number>/essais")
@allow(policy.WRITE, fields=FIELDS)
def try_text(door: Door, number: int) -> Answer:
    """With what is typed, whether it is kept or not."""
    path = drafts.draft(door.read, number).path
    return _begun(door, path, {path: sent(path, door.form).text.encode()})


def _begun(door: Door, path: str, typed: dict[str, bytes]) -> Answer:
    """`path`: of the text that is tried first."""
    kind, slug = path.split("/")[0].removesuffix("s"), path.split("/")[1]
    files = drafts.readable(door.read, door.settings.media_dir) | typed
    if kind not in trials.PAGES or f"{kind}s/{slug}/{kind}.md" not in files:
        raise Missing
    found = tried(files, kind, slug, KINDS)
    _refuse(found, path)
    trial = trials.begin(door.settings, found, kind, slug, tuple(_left(found)), by=door.person.id)
    uid = said(path, files[path].decode("utf-8", "replace")).get("uid", "") if kind == "pathway" else ""
    return redirect(f"{trial.first}{f'/etapes/{uid}' if uid else ''}", 303)


def _refuse(found: Tried, path: str) -> None:
    """Raises Refused, with what is to be put right first."""
    if wrong := [each.message for each in found.left if each.path == path]:
        raise Refused(_("Ce texte ne peut pas encore être essayé. À revoir d’abord : %(said)s.", said=wrong[0]))
    if found.faults:
        raise Refused(_("L’essai ne peut pas commencer. À revoir d’abord : %(said)s.", said=found.faults[0].message))
    if found.empty and found.left:
        said = found.left[0].message
        raise Refused(_("Aucune étape ne peut encore être essayée. À revoir d’abord : %(said)s.", said=said))
    if found.empty:
        raise Refused(_("Il n’y a encore rien à essayer : écrivez d’abord une étape."))


def _left(found: Tried) -> Iterator[str]:
    """A translation goes with its original, unsaid."""
    gone = {each.path for each in found.left}
    for each in found.left:
        if folder.original(each.path) not in gone - {each.path}:
            yield _("« %(title)s » : %(said)s", title=each.title, said=each.message)
