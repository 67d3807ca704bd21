"""What the site says of itself: who runs it, who may have an account, its legal pages."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import site as verbs
from app.admin import forms, pages
from app.admin.blueprint import blueprint
from app.errors import Refused
from app.web import Answer, Door, allow


@blueprint.get("/administration/site")
@allow(policy.ADMINISTER)
def site(door: Door) -> Answer:
    page = pages.site(door.read, door.settings, done=door.query("fait") == "oui")
    return render_template("admin/site.html", page=page, form=forms.site(page.site))


@blueprint.post("/administration/site")
@allow(policy.ADMINISTER)
def save_site(door: Door) -> Answer:
    form = forms.SiteForm(door.form)
    if form.validate():
        try:
            verbs.save(door.write, form.wanted(), by=door.person.id)
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("admin.site", fait="oui"), 303)
    return render_template("admin/site.html", page=pages.site(door.read, door.settings), form=form), 422
