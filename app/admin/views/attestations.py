"""An attestation found by its code: established again under another name, or revoked with a reason."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions.attestations import correct, revoke
from app.admin import pages
from app.admin.blueprint import blueprint
from app.errors import Refused
from app.i18n import _
from app.models import Revocation
from app.web import Answer, Door, allow


@blueprint.get("/administration/attestations")
@allow(policy.ADMINISTER)
def attestations(door: Door) -> Answer:
    page = pages.attestations(door.read, door.query("code"), done=door.choice("fait"))
    return render_template("admin/attestations.html", page=page), 422 if page.error else 200


@blueprint.post("/administration/attestations/correction")
@allow(policy.ADMINISTER)
def correct_name(door: Door) -> Answer:
    code, name = door.form.get("code", ""), door.form.get("name", "")
    try:
        new = correct(door.write, code, name, by=door.person.id)
    except Refused as refusal:
        page = pages.attestations(door.read, code, name=name, error=refusal.message, about="name")
        return render_template("admin/attestations.html", page=page), 422
    return redirect(url_for("admin.attestations", code=new, fait="correction"), 303)


@blueprint.post("/administration/attestations/revocation")
@allow(policy.ADMINISTER)
def revoke_attestation(door: Door) -> Answer:
    code, reason = door.form.get("code", ""), door.form.get("reason", "")
    try:
        if reason not in set(Revocation):
            raise Refused(_("Dites pourquoi."))
        revoke(door.write, code, Revocation(reason), by=door.person.id)
    except Refused as refusal:
        page = pages.attestations(door.read, code, error=refusal.message, about="reason")
        return render_template("admin/attestations.html", page=page), 422
    return redirect(url_for("admin.attestations", code=code, fait="revocation"), 303)
