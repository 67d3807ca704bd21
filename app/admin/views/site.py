"""What there is to look after."""

from flask import render_template

from app import policy
from app.admin.blueprint import blueprint
from app.web import Answer, Door, allow


@blueprint.get("/administration")
@allow(policy.ADMINISTER)
def home(_door: Door) -> Answer:
    return render_template("admin/home.html")
