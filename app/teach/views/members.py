"""One member of a cohort, for who leads it: see, comment, say a step done."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import comments
from app.actions import marking as verbs
from app.errors import Refused
from app.teach import forms, pages
from app.teach.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/cohortes/<id:number>/personnes/<id:membership>")
@allow(policy.TEACH)
def member(door: Door, number: int, membership: int) -> Answer:
    return render_template("teach/member.html", page=pages.member(door.read, door.person, number, membership))


@blueprint.post("/cohortes/<id:number>/personnes/<id:membership>/commentaires")
@allow(policy.TEACH)
def create_comment(door: Door, number: int, membership: int) -> Answer:
    me, uid, text = door.person, door.form.get("uid", ""), door.form.get("text", "")
    verdict = forms.verdict(door.form.get("verdict", ""))
    try:
        comments.comment(door.write, me.id, number, membership, uid, text, verdict=verdict, key=door.key)
    except Refused as no:
        page = pages.member(door.read, me, number, membership, error=no.message, about=uid, text=text)
        return render_template("teach/member.html", page=page), 422
    return redirect(url_for("teach.member", number=number, membership=membership, _anchor=uid), 303)


@blueprint.get("/cohortes/<id:number>/personnes/<id:membership>/<slug:slug>/<uid:uid>")
@allow(policy.TEACH)
def marking(door: Door, number: int, membership: int, slug: str, uid: str) -> Answer:
    page = pages.marking(door.read, door.person, number, membership, slug, uid)
    return render_template("teach/marking.html", page=page)


@blueprint.post("/cohortes/<id:number>/personnes/<id:membership>/<slug:slug>/<uid:uid>")
@allow(policy.TEACH)
def mark_step(door: Door, number: int, membership: int, slug: str, uid: str) -> Answer:
    me, text = door.person, door.form.get("text", "")
    try:
        verbs.mark_step(door.write, me.id, number, membership, slug, uid, text, key=door.key)
    except Refused as no:
        page = pages.marking(door.read, me, number, membership, slug, uid, error=no.message, text=text)
        return render_template("teach/marking.html", page=page), 422
    return redirect(url_for("teach.member", number=number, membership=membership, _anchor=f"etape-{uid}"), 303)
