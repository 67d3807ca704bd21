"""Choose a pathway, begin it, change its format or edition, place oneself, hold its bilan."""

from flask import redirect, render_template

from app import policy
from app.actions import enrolments, learning, placements, summaries
from app.errors import Missing, Refused
from app.learn import forms, pages
from app.learn.blueprint import Answer, blueprint
from app.learn.pages.parts import pathway_url, step_url, summary_url
from app.web import Door, allow
from app.web.address import own_path


@blueprint.get("/")
@allow(policy.PUBLIC)
def home(door: Door) -> Answer:
    return render_template("learn/home.html", page=pages.home(door.read, door.me))


@blueprint.get("/parcours")
@allow(policy.PUBLIC)
def catalogue(door: Door) -> Answer:
    wanted = pages.Wanted(door.choice("chemin"), door.choice("temps"), door.choice("profil"))
    return render_template("learn/catalogue.html", page=pages.catalogue(door.read, door.me, wanted))


@blueprint.get("/parcours/<slug:slug>")
@allow(policy.PUBLIC)
def pathway(door: Door, slug: str) -> Answer:
    try:
        return render_template("learn/pathway.html", page=pages.pathway(door.read, door.me, slug))
    except Missing:
        return redirect(pages.pathway_instead(door.read, slug), 303)


@blueprint.post("/parcours/<slug:slug>/inscription")
@allow(policy.PUBLIC)
def create_enrolment(door: Door, slug: str) -> Answer:
    uid = learning.enrol(door.write, door.person_id(), slug, forms.minutes(door.form.get("format", "")))
    return redirect(step_url(slug, uid) if uid else summary_url(slug), 303)


@blueprint.get("/parcours/<slug:slug>/format")
@allow(policy.PUBLIC)
def format(door: Door, slug: str) -> Answer:
    suite = own_path(door.query("suite"), "")
    page = pages.format(door.read, door.me, slug, forms.minutes(door.choice("vers")), suite=suite)
    return render_template("learn/format.html", page=page) if page else redirect(pathway_url(slug), 303)


@blueprint.post("/parcours/<slug:slug>/format")
@allow(policy.LEARN)
def change_format(door: Door, slug: str) -> Answer:
    wanted, suite = forms.minutes(door.form.get("format", "")), own_path(door.form.get("suite", ""), "")
    try:
        uid = enrolments.change_format(door.write, door.person_id(), slug, wanted, key=door.key)
    except Refused as refusal:
        page = pages.format(door.read, door.me, slug, wanted, suite=suite, refused=str(refusal))
        return render_template("learn/format.html", page=page), 422
    return redirect(suite or (step_url(slug, uid) if uid else summary_url(slug)), 303)


@blueprint.get("/parcours/<slug:slug>/edition")
@allow(policy.PUBLIC)
def edition(door: Door, slug: str) -> Answer:
    page = pages.edition(door.read, door.me, slug)
    return render_template("learn/edition.html", page=page) if page else redirect(pathway_url(slug), 303)


@blueprint.post("/parcours/<slug:slug>/edition")
@allow(policy.LEARN)
def move_edition(door: Door, slug: str) -> Answer:
    number, wanted = forms.minutes(door.form.get("edition", "")), forms.minutes(door.form.get("format", ""))
    try:
        uid = enrolments.move_edition(door.write, door.person_id(), slug, number, key=door.key, format_minutes=wanted)
    except Refused as refusal:
        page = pages.edition(door.read, door.me, slug, refused=str(refusal))
        if page is None:
            raise
        return render_template("learn/edition.html", page=page), 422
    return redirect(step_url(slug, uid) if uid else summary_url(slug), 303)


@blueprint.get("/parcours/<slug:slug>/reperes")
@allow(policy.LEARN)
def placement(door: Door, slug: str) -> Answer:
    page = pages.placement(door.read, door.person, slug, door.choice("moment"))
    return render_template("learn/placement.html", page=page)


@blueprint.post("/parcours/<slug:slug>/reperes")
@allow(policy.LEARN)
def create_placement(door: Door, slug: str) -> Answer:
    word, levels = door.form.get("moment", ""), forms.levels(door.form)
    page = pages.placement(door.read, door.person, slug, word, posted=levels)
    try:
        placements.place_oneself(door.write, door.person_id(), slug, pages.MOMENTS[page.moment], levels)
    except Refused as refusal:
        page = pages.placement(door.read, door.person, slug, word, posted=levels, refused=str(refusal))
        return render_template("learn/placement.html", page=page), 422
    return redirect(page.skip_url, 303)


@blueprint.get("/parcours/<slug:slug>/bilan")
@allow(policy.LEARN)
def summary(door: Door, slug: str) -> Answer:
    wanted = forms.minutes(door.choice("format"))
    page = pages.summary(door.read, door.person, door.settings.public_url, slug, wanted)
    return render_template("learn/summary.html", page=page)


@blueprint.post("/parcours/<slug:slug>/bilan")
@allow(policy.LEARN)
def create_summary(door: Door, slug: str) -> Answer:
    try:
        summaries.give_name(door.write, door.person_id(), door.form.get("name", ""))
    except Refused as refusal:
        posted, base = door.form.get("name", ""), door.settings.public_url
        page = pages.summary(door.read, door.person, base, slug, error=str(refusal), name=posted)
        return render_template("learn/summary.html", page=page), 422
    return redirect(summary_url(slug), 303)
