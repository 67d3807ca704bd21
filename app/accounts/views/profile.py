"""What one says of one’s organisation, with or without an account."""

from flask import redirect, render_template

from app import policy
from app.accounts import pages
from app.accounts.blueprint import blueprint
from app.actions import profiles
from app.errors import Refused
from app.reads.profiles import LISTS
from app.web import Answer, Door, allow
from app.web.address import own_path


@blueprint.get("/mon-profil")
@allow(policy.LEARN)
def profile(door: Door) -> Answer:
    page = pages.profile(door.read, door.person, own_path(door.query("suite"), pages.HOME))
    return render_template("accounts/profile.html", page=page)


@blueprint.post("/mon-profil")
@allow(policy.LEARN)
def fill_profile(door: Door) -> Answer:
    suite = own_path(door.form.get("suite", ""), pages.HOME)
    posted = {name: door.form[name] for name in LISTS if name in door.form}
    try:
        profiles.tell_profile(door.write, door.person.id, posted)
    except Refused as no:
        page = pages.profile(door.read, door.person, suite, posted=posted, wrong=no.field, said=str(no))
        return render_template("accounts/profile.html", page=page), 422
    return redirect(suite, 303)
