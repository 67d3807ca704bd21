"""What a member shows to the trainers of a cohort: see it, give it, take it back, answer about it."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import comments
from app.actions import sharing as verbs
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow
from app.web.address import own_path


@blueprint.get("/mes-cohortes/echanges")
@allow(policy.LEARN)
def threads(door: Door) -> Answer:
    """One's own, also about what is shown no more and in cohorts that one has left."""
    return render_template("teach/threads.html", page=pages.threads(door.read, door.person))


@blueprint.get("/mes-cohortes/<id:number>/partages")
@allow(policy.LEARN)
def sharings(door: Door, number: int) -> Answer:
    return render_template("teach/sharings.html", page=pages.sharings(door.read, door.person, number))


@blueprint.post("/mes-cohortes/<id:number>/partages")
@allow(policy.LEARN)
def share(door: Door, number: int) -> Answer:
    what, uid = forms.shared(door.form), door.form.get("uid", "")
    verbs.share(door.write, door.person.id, number, what, uid)
    return _back(door, number)


@blueprint.post("/mes-cohortes/<id:number>/partages/fin")
@allow(policy.LEARN)
def unshare(door: Door, number: int) -> Answer:
    what, uid = forms.shared(door.form), door.form.get("uid", "")
    verbs.unshare(door.write, door.person.id, number, what, uid)
    return _back(door, number)


@blueprint.post("/mes-cohortes/<id:number>/reponses")
@allow(policy.LEARN)
def answer_comment(door: Door, number: int) -> Answer:
    uid, text = door.form.get("uid", ""), door.form.get("text", "")
    try:
        comments.answer(door.write, door.person.id, number, uid, text, key=door.key)
    except Refused as no:
        page = pages.sharings(door.read, door.person, number, error=no.message, about=uid, text=text)
        return render_template("teach/sharings.html", page=page), 422
    return redirect(url_for("teach.sharings", number=number, _anchor=uid), 303)


def _back(door: Door, number: int) -> Answer:
    here = url_for("teach.sharings", number=number)
    return redirect(own_path(door.form.get("suite", ""), here) + "#partage", 303)
