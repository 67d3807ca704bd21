"""What the site says of itself."""

from flask import render_template

from app import policy
from app.learn import news, pages
from app.learn.blueprint import Answer, blueprint
from app.web import Door, allow, download


@blueprint.get("/accessibilite")
@allow(policy.PUBLIC)
def accessibility(door: Door) -> Answer:
    return render_template("learn/accessibility.html")


@blueprint.get("/mentions-legales")
@allow(policy.PUBLIC)
def legal(door: Door) -> Answer:
    return render_template("learn/legal.html")


@blueprint.get("/donnees-personnelles")
@allow(policy.PUBLIC)
def privacy(door: Door) -> Answer:
    return render_template("learn/privacy.html")


@blueprint.get("/temps-mesure")
@allow(policy.PUBLIC)
def measured_time(door: Door) -> Answer:
    return render_template("learn/measured_time.html", page=pages.measured_time())


@blueprint.get("/nouveautes.atom")
@allow(policy.PUBLIC)
def export_news(door: Door) -> Answer:
    return download.atom(news.feed(door.read, door.settings.public_url, door.site.organisation))
