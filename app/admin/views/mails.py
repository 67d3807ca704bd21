"""The outbox: read it, have a mail tried again, show a link where no mail leaves."""

from flask import redirect, render_template, url_for

from app import policy
from app.actions import delivery
from app.admin import pages
from app.admin.blueprint import blueprint
from app.admin.views.numbers import number as to_number
from app.errors import Missing, Refused
from app.web import Answer, Door, allow


@blueprint.get("/administration/courriels")
@allow(policy.ADMINISTER)
def mails(door: Door) -> Answer:
    page = pages.mails(door.read, door.settings, door.query("etat"), to_number(door.query("avant")))
    return render_template("admin/mails.html", page=page)


@blueprint.get("/administration/courriels/<id:number>")
@allow(policy.ADMINISTER)
def mail(door: Door, number: int) -> Answer:
    page = pages.mail(door.read, door.settings, number, done=door.query("fait") == "renvoi")
    return render_template("admin/mail.html", page=page)


@blueprint.post("/administration/courriels/<id:number>/renvoi")
@allow(policy.ADMINISTER)
def resend_mail(door: Door, number: int) -> Answer:
    if not delivery.resend(door.write, number, by=door.person.id):
        raise Missing
    return redirect(url_for("admin.mail", number=number, fait="renvoi"), 303)


@blueprint.post("/administration/courriels/<id:number>/lien")
@allow(policy.ADMINISTER)
def show_link(door: Door, number: int) -> Answer:
    """Only where no mail leaves, to hand the link over; the trace says who looked."""
    if door.settings.sends_mail:
        raise Missing
    try:
        token = delivery.show_link(door.write, number, by=door.person.id)
    except Refused as refusal:
        return render_template(
            "admin/mail.html", page=pages.mail(door.read, door.settings, number, alert=refusal.message)
        ), 422
    return render_template("admin/mail.html", page=pages.mail(door.read, door.settings, number, token=token))
