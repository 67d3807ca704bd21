"""The cohorts of the site: who leads each, and handing one over when somebody leaves."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import trainers
from app.admin import pages
from app.admin.blueprint import blueprint
from app.errors import Refused
from app.web import Answer, Door, allow


@blueprint.get("/administration/cohortes")
@allow(policy.ADMINISTER)
def cohorts(door: Door) -> Answer:
    before = door.choice("avant")
    page = pages.cohorts(door.read, int(before) if before.isdigit() and len(before) < 19 else None)
    return render_template("admin/cohorts.html", page=page)


@blueprint.get("/administration/cohortes/<id:number>")
@allow(policy.ADMINISTER)
def cohort(door: Door, number: int) -> Answer:
    page = pages.cohort(door.read, number, done=door.choice("fait") == "oui")
    return render_template("admin/cohort.html", page=page, email="", error="")


@blueprint.post("/administration/cohortes/<id:number>")
@allow(policy.ADMINISTER)
def hand_over_cohort(door: Door, number: int) -> Answer:
    email = door.form.get("email", "")
    try:
        trainers.hand_over(door.write, number, email, by=door.person.id)
    except Refused as refusal:
        page = pages.cohort(door.read, number)
        return render_template("admin/cohort.html", page=page, email=email, error=refusal.message), 422
    return redirect(url_for("admin.cohort", number=number, fait="oui"), 303)
