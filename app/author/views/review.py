"""Reading a draft over: links, remarks and answers, agreements."""

from datetime import timedelta

from flask import redirect, render_template, url_for

from app import policy
from app.actions import reviews as verbs
from app.author import forms, pages
from app.author.blueprint import blueprint
from app.errors import Refused
from app.web import Answer, Door, allow

REMARKS_BY_PLACE, WINDOW = 200, timedelta(hours=1)
"""A whole lab may share one address."""


@blueprint.get("/relecture/<secret:token>")
@allow(policy.PUBLIC)
def review(door: Door, token: str) -> Answer:
    page = pages.review(door.read, token, done=door.query("fait") == "accord")
    return render_template("author/review.html", page=page, form=forms.AgreementForm())


@blueprint.post("/relecture/<secret:token>")
@allow(policy.PUBLIC)
def agree(door: Door, token: str) -> Answer:
    form = forms.AgreementForm(door.form)
    if form.validate():
        try:
            verbs.agree(door.write, token, form.wanted_name, form.seen.data or "")
        except Refused as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("author.review", token=token, fait="accord"), 303)
    return render_template("author/review.html", page=pages.review(door.read, token), form=form), 422


@blueprint.get("/relecture/<secret:token>/<id:number>")
@allow(policy.PUBLIC)
def review_text(door: Door, token: str, number: int) -> Answer:
    media, done = door.settings.media_dir, door.query("fait") == "remarque"
    page = pages.review_text(door.read, media, token, number, done=done)
    return render_template("author/review_text.html", page=page, form=forms.RemarkForm())


@blueprint.post("/relecture/<secret:token>/<id:number>")
@allow(policy.PUBLIC)
def create_remark(door: Door, token: str, number: int) -> Answer:
    form, page = forms.RemarkForm(door.form), pages.review_text(door.read, door.settings.media_dir, token, number)
    passage = next((block.passage for block in page.blocks if block.passage.place == form.place.data), None)
    if wait := door.wait("remark", door.place, REMARKS_BY_PLACE, WINDOW):
        form.text.errors = [forms.too_many_remarks(wait)]
    elif form.validate() and passage is not None:
        about = (token, number, passage.place, passage.words, form.wanted_text, form.wanted_name)
        verbs.create_remark(door.write, *about, key=door.key)
        done = url_for("author.review_text", token=token, number=number, fait="remarque")
        return redirect(f"{done}#{passage.place}", 303)
    return render_template("author/review_text.html", page=page, form=form), 422


@blueprint.get("/atelier/parcours/<slug>/relecture")
@allow(policy.WRITE)
def reviews(door: Door, slug: str) -> Answer:
    page = pages.reviews(door.read, slug, days=verbs.DAYS)
    return render_template("author/reviews.html", page=page, form=forms.ReviewForm())


@blueprint.post("/atelier/parcours/<slug>/relecture")
@allow(policy.WRITE)
def open_review(door: Door, slug: str) -> Answer:
    """The secret is shown once, on this answer alone."""
    form, address = forms.ReviewForm(door.form), ""
    if form.validate():
        try:
            token = verbs.open_review(door.write, slug, form.wanted_for, form.wanted_days, by=door.person.id)
            address = f"{door.settings.public_url}{url_for('author.review', token=token)}"
        except Refused as refusal:
            form.blame(refusal)
    page = pages.reviews(door.write if address else door.read, slug, address=address, days=verbs.DAYS)
    return render_template("author/reviews.html", page=page, form=form), 200 if address else 422


@blueprint.post("/atelier/parcours/<slug>/relecture/liens/<id:number>/fin")
@allow(policy.WRITE)
def end_review(door: Door, slug: str, number: int) -> Answer:
    verbs.end_review(door.write, slug, number, by=door.person.id)
    return redirect(url_for("author.reviews", slug=slug), 303)


@blueprint.post("/atelier/parcours/<slug>/relecture/remarques/<id:number>")
@allow(policy.WRITE)
def answer_remark(door: Door, slug: str, number: int) -> Answer:
    answer, close = forms.words(door.form.get("answer", "")), door.form.get("do") == "close"
    verbs.answer_remark(door.write, slug, number, answer, close=close, by=door.person.id)
    return redirect(url_for("author.reviews", slug=slug) + f"#remarque-{number}", 303)
