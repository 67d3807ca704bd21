"""What one does with a bilan: the plan, the note to one's board, for ever one's own."""

from flask import redirect, render_template

from app import policy
from app.actions import enrolments, plans, writing
from app.learn import forms, pages, papers
from app.learn.blueprint import Answer, blueprint
from app.learn.pages.parts import summary_url
from app.outside import calendar
from app.steps import fields
from app.web import Door, allow, download
from app.web.address import own_path


@blueprint.post("/parcours/<slug:slug>/bilan/format")
@allow(policy.LEARN)
def create_shorter_summary(door: Door, slug: str) -> Answer:
    wanted = forms.minutes(door.form.get("format", ""))
    enrolments.issue_shorter(door.write, door.person_id(), slug, wanted)
    return redirect(f"{summary_url(slug)}?format={wanted}", 303)


@blueprint.get("/parcours/<slug:slug>/bilan/plan")
@allow(policy.LEARN)
def plan(door: Door, slug: str) -> Answer:
    page = pages.plan(door.read, door.person, slug)
    if page is None:
        return redirect(summary_url(slug), 303)
    return render_template("learn/plan.html", page=page, form=forms.plan(page))


@blueprint.post("/parcours/<slug:slug>/bilan/plan")
@allow(policy.LEARN)
def save_plan(door: Door, slug: str) -> Answer:
    page = pages.plan(door.read, door.person, slug, forms.plan_keys(door.form))
    if page is None:
        return redirect(summary_url(slug), 303)
    form = forms.plan(page, door.form)
    if not form.validate():
        return render_template("learn/plan.html", page=page, form=form), 422
    if met := plans.write_plan(door.write, door.person_id(), slug, form.lines()):
        page = pages.plan(door.write, door.person, slug, forms.plan_keys(door.form)) or page
        return render_template("learn/plan.html", page=page, form=forms.plan(page, door.form, met)), 409
    return redirect(f"{page.back}#plan", 303)


@blueprint.post("/mon-chemin/engagements/<id:number>")
@allow(policy.LEARN)
def answer_plan(door: Door, number: int) -> Answer:
    plans.answer(door.write, door.person_id(), number, door.form.get("outcome", ""))
    return redirect(own_path(door.form.get("suite", ""), "/mon-chemin"), 303)


@blueprint.get("/parcours/<slug:slug>/bilan/plan/<id:number>.ics")
@allow(policy.LEARN)
def export_deadline(door: Door, slug: str, number: int) -> Answer:
    """A line's day, for a calendar."""
    found = pages.deadline(door.read, door.person, slug, number, door.settings.public_url)
    return download.ics(calendar.deadline(found), f"engagement-{slug}")


@blueprint.get("/parcours/<slug:slug>/bilan/note")
@allow(policy.LEARN)
def board_note(door: Door, slug: str) -> Answer:
    page = pages.board_note(door.read, door.person, slug, forms.minutes(door.choice("format")))
    return render_template("learn/board_note.html", page=page, form=forms.board_note(page))


@blueprint.post("/parcours/<slug:slug>/bilan/note")
@allow(policy.LEARN)
def save_board_note(door: Door, slug: str) -> Answer:
    page = pages.board_note(door.read, door.person, slug, forms.minutes(door.query("format")))
    form = forms.board_note(page, door.form)
    if not form.validate():
        return render_template("learn/board_note.html", page=page, form=form), 422
    writing.save_board_note(door.write, door.person_id(), slug, page.format_minutes, fields.notes(form))
    return redirect(f"{page.url}#relire", 303)


@blueprint.get("/parcours/<slug:slug>/bilan/note.pdf")
@allow(policy.LEARN)
def export_board_note(door: Door, slug: str) -> Answer:
    page = pages.board_note(door.read, door.person, slug, forms.minutes(door.choice("format")))
    return download.pdf(papers.note_pdf(page), f"note-{slug}")


@blueprint.get("/parcours/<slug:slug>/bilan/note.odt")
@allow(policy.LEARN)
def export_board_note_odt(door: Door, slug: str) -> Answer:
    page = pages.board_note(door.read, door.person, slug, forms.minutes(door.choice("format")))
    return download.odt(papers.note_odt(page), f"note-{slug}")


@blueprint.get("/parcours/<slug:slug>/bilan.pdf")
@allow(policy.LEARN)
def export_summary(door: Door, slug: str) -> Answer:
    wanted = forms.minutes(door.choice("format"))
    page = pages.summary(door.read, door.person, door.settings.public_url, slug, wanted)
    return download.pdf(papers.bilan_pdf(page), f"bilan-{slug}")
