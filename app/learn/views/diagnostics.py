"""The self-diagnostics, open to everyone, and where each result leads."""

from datetime import timedelta

from flask import redirect, render_template
from werkzeug.exceptions import TooManyRequests

from app import policy
from app.actions import learning, profiles
from app.errors import Refused
from app.i18n import _, minutes
from app.learn import pages
from app.learn.blueprint import Answer, blueprint
from app.reads.profiles import LISTS
from app.web import Door, allow

WINDOW = timedelta(hours=1)
SITTINGS_BY_PERSON, SITTINGS_BY_PLACE = 20, 300
"""A room of learners shares one address; each sitting is kept, so that a machine could fill the house with them."""


@blueprint.get("/par-ou-commencer")
@allow(policy.PUBLIC)
def start(door: Door) -> Answer:
    return render_template("learn/start.html", page=pages.start(door.read, door.me))


@blueprint.post("/par-ou-commencer")
@allow(policy.PUBLIC)
def fill_start(door: Door) -> Answer:
    """A visitor who says nothing leaves no trace."""
    posted = {name: door.form[name] for name in LISTS if name in door.form}
    page = pages.start(door.read, door.me, posted=posted)
    try:
        if door.me or any(posted.values()):
            profiles.tell_profile(door.write, door.person_id(), posted)
    except Refused as no:
        page = pages.start(door.read, door.me, posted=posted, wrong=no.field, said=str(no))
        return render_template("learn/start.html", page=page), 422
    return redirect(page.leads(posted.get("chemin", "")), 303)


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
    _slow_down(door)
    number = learning.sit(door.write, door.person_id(), slug, answers, key=door.key)
    return redirect(f"/resultats/{number}", 303)


def _slow_down(door: Door) -> None:
    wait = door.wait("sitting", str(door.me.id), SITTINGS_BY_PERSON, WINDOW) if door.me else 0
    wait = wait or door.wait("sittings", door.place, SITTINGS_BY_PLACE, WINDOW)
    if wait:
        time = minutes(-(-wait // 60))
        said = _("Beaucoup d’autodiagnostics viennent d’être faits d’ici. Réessayez dans %(time)s.", time=time)
        raise TooManyRequests(said, retry_after=wait)


@blueprint.get("/resultats/<id:number>")
@allow(policy.LEARN)
def result(door: Door, number: int) -> Answer:
    return render_template("learn/result.html", page=pages.result(door.read, door.person, number))


@blueprint.post("/resultats/<id:number>/axe")
@allow(policy.LEARN)
def choose_axis(door: Door, number: int) -> Answer:
    learning.choose_axis(door.write, door.person_id(), number, door.form.get("axe", ""))
    return redirect(f"/resultats/{number}#commencer", 303)
