"""The self-diagnostics, open to everyone, and where each result leads."""

from flask import redirect, render_template

from app import policy
from app.actions import learning
from app.learn import pages
from app.learn.blueprint import Answer, blueprint
from app.web import Door, allow


@blueprint.get("/autodiagnostics")
@allow(policy.PUBLIC)
def diagnostics(door: Door) -> Answer:
    return render_template("learn/diagnostics.html", page=pages.diagnostics(door.read, door.me))


@blueprint.get("/autodiagnostics/<slug:slug>")
@allow(policy.PUBLIC)
def diagnostic(door: Door, slug: str) -> Answer:
    return render_template("learn/diagnostic.html", page=pages.diagnostic(door.read, door.me, slug))


@blueprint.post("/autodiagnostics/<slug:slug>/resultats")
@allow(policy.PUBLIC)
def create_sitting(door: Door, slug: str) -> Answer:
    answers, page = pages.sat(pages.diagnostic(door.read, door.me, slug), door.form)
    if page.error:
        return render_template("learn/diagnostic.html", page=page), 422
    number = learning.sit(door.write, door.person_id(), slug, answers, key=door.key)
    return redirect(f"/resultats/{number}", 303)


@blueprint.get("/resultats/<id:number>")
@allow(policy.LEARN)
def result(door: Door, number: int) -> Answer:
    return render_template(
        "learn/result.html", page=pages.result(door.read, door.person, number, chosen=door.choice("axe"))
    )
