"""One’s own chemin: resume, a stint, the notebook."""

from flask import redirect, render_template

from app import policy
from app.i18n import _
from app.learn import pages
from app.learn.blueprint import Answer, blueprint
from app.web import Door, allow


@blueprint.get("/continuer")
@allow(policy.PUBLIC)
def resume(door: Door) -> Answer:
    return redirect(pages.resume(door.read, door.me), 303)


@blueprint.get("/mon-chemin")
@allow(policy.PUBLIC)
def journey(door: Door) -> Answer:
    return render_template("learn/journey.html", page=pages.journey(door.read, door.me))


@blueprint.get("/mon-chemin/seance")
@allow(policy.PUBLIC)
def stint(door: Door) -> Answer:
    page = pages.stint(door.read, door.me, door.choice("minutes"), door.choice("parcours"))
    return render_template("learn/stint.html", page=page)


@blueprint.get("/mon-chemin/carnet")
@allow(policy.LEARN)
def notebook(door: Door) -> Answer:
    return render_template("learn/notebook.html", page=pages.notebook(door.read, door.person))


@blueprint.get("/mon-chemin/carnet.md")
@allow(policy.LEARN)
def export_notebook(door: Door) -> Answer:
    text = pages.as_markdown(pages.notebook(door.read, door.person), _("Mon carnet"))
    name = 'attachment; filename="carnet-balises.md"'
    return text, 200, {"Content-Type": "text/markdown; charset=utf-8", "Content-Disposition": name}
