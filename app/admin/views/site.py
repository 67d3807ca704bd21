"""What there is to look after; what was done to others."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import mailed
from app.admin import pages
from app.admin.blueprint import blueprint
from app.admin.views.numbers import number
from app.web import Answer, Door, allow


@blueprint.get("/administration")
@allow(policy.ADMINISTER)
def home(door: Door) -> Answer:
    page = pages.home(door.read, door.settings, door.person.email or "", tested=door.query("fait") == "essai")
    return render_template("admin/home.html", page=page)


@blueprint.post("/administration/courriels/essai")
@allow(policy.ADMINISTER)
def test_mail(door: Door) -> Answer:
    mailed.test(door.write, door.person.id, door.person.email or "", key=door.key)
    return redirect(url_for("admin.home", fait="essai"), 303)


@blueprint.get("/administration/journal")
@allow(policy.ADMINISTER)
def journal(door: Door) -> Answer:
    page = pages.journal(
        door.read, verb=door.query("verbe"), person=number(door.query("personne")), before=number(door.query("avant"))
    )
    return render_template("admin/journal.html", page=page)
