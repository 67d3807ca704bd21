"""The doors of a visitor and of a learner: each fetches one page or does one verb."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, send_file
from werkzeug.wrappers import Response

from app import policy
from app.actions import enrolments, learning, placements, summaries, timing
from app.errors import Missing, Refused
from app.i18n import _
from app.learn import forms, pages
from app.learn.pages.parts import pathway_url, step_url, summary_url
from app.outside import calendar, store
from app.steps import fields
from app.web import Door, allow
from app.web.address import own_path

blueprint = Blueprint("learn", __name__)
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


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
    number = forms.minutes(door.form.get("edition", ""))
    try:
        uid = enrolments.move_edition(door.write, door.person_id(), slug, number, key=door.key)
    except Refused as refusal:
        page = pages.edition(door.read, door.me, slug, refused=str(refusal))
        if page is None:
            raise
        return render_template("learn/edition.html", page=page), 422
    return redirect(step_url(slug, uid) if uid else summary_url(slug), 303)


@blueprint.get("/parcours/<slug:slug>/etapes/<uid:uid>")
@allow(policy.PUBLIC)
def step(door: Door, slug: str, uid: str) -> Answer:
    again = door.choice("recommencer") == "oui"
    try:
        page = pages.step(door.read, door.me, slug, uid, shown=door.choice("cas"), again=again)
    except Missing:
        return redirect(pages.former_url(door.read, door.me, slug, uid), 303)
    return render_template("learn/step.html", page=page, form=forms.notebook(page))


@blueprint.get("/parcours/<slug:slug>/etapes/<uid:uid>.ics")
@allow(policy.PUBLIC)
def export_meeting(door: Door, slug: str, uid: str) -> Answer:
    """A live step's date, for a calendar."""
    live = (page := pages.step(door.read, door.me, slug, uid)).live
    if live is None or live.starts is None or live.ends is None:
        raise Missing
    base = door.settings.base_url
    meeting = calendar.Meeting(
        uid=f"{uid}@{urlsplit(base).hostname or 'balises'}",
        title=page.title,
        text="\n\n".join(part for part in (live.about, live.link, base + step_url(slug, uid)) if part),
        place=live.place or live.link,
        starts=live.starts,
        ends=live.ends,
    )
    name = f'attachment; filename="{uid}.ics"'
    return calendar.ics(meeting), 200, {"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": name}


@blueprint.get("/parcours/<slug:slug>/etapes/<uid:uid>/ancienne")
@allow(policy.PUBLIC)
def former_step(door: Door, slug: str, uid: str) -> Answer:
    page = pages.former_step(door.read, door.me, slug, uid)
    return render_template("learn/former_step.html", page=page) if page else redirect(step_url(slug, uid), 303)


def _step(door: Door, slug: str, uid: str, *, again: bool = False) -> pages.StepPage:
    """The step that a form was sent from; what was typed comes back where it has left the edition meanwhile."""
    try:
        return pages.step(door.read, door.me, slug, uid, again=again)
    except Missing:
        pages.former_url(door.read, door.me, slug, uid)
        raise Refused(_("Cette étape n’est plus dans votre édition. Copiez votre texte : il est ci-dessous.")) from None


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/completion")
@allow(policy.LEARN)
def complete_step(door: Door, slug: str, uid: str) -> Answer:
    page = _step(door, slug, uid)
    form = forms.notebook(page, door.form)
    if not form.validate():
        return _again(page, form)
    done = learning.complete_step(door.write, door.person_id(), slug, uid, form.texts(uid), key=door.key)
    if not done.complete:
        form.blame(done.errors)
        return _again(pages.not_done(page, done.missing), form)
    return redirect(page.next.url if page.next else summary_url(slug), 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/notes")
@allow(policy.LEARN)
def save_notes(door: Door, slug: str, uid: str) -> Answer:
    page = _step(door, slug, uid)
    form = forms.notebook(page, door.form)
    if not form.validate():
        return _again(page, form)
    learning.save_notes(door.write, door.person_id(), slug, form.texts(uid))
    return redirect(f"{step_url(slug, uid)}#discret", 303)


def _again(page: Any, form: forms.Notebook) -> Answer:
    return render_template("learn/step.html", page=page, form=form), 422


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/temps")
@allow(policy.LEARN, unseen=True)
def beat(door: Door, slug: str, uid: str) -> Answer:
    seconds = forms.minutes(door.form.get("seconds", ""))
    if seconds is None:
        raise Refused(_("Cette durée ne se lit pas."))
    timing.beat(door.write, door.person_id(), slug, uid, door.key, seconds)
    return "", 204


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/essais")
@allow(policy.LEARN)
def create_attempt(door: Door, slug: str, uid: str) -> Answer:
    page = _step(door, slug, uid)
    asked = door.form.get("check")
    posted = {q.public.uid: door.form.getlist(q.public.uid) for q in page.quiz.questions} if page.quiz else {}
    try:
        learning.create_attempt(door.write, door.person_id(), slug, uid, posted, key=door.key, asked=asked)
    except Refused as refusal:
        return _again(pages.quiz_again(page, posted, asked, str(refusal)), forms.notebook(page))
    return redirect(f"{step_url(slug, uid)}#{asked if asked in posted else 'quiz'}", 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/resultats")
@allow(policy.LEARN)
def create_result(door: Door, slug: str, uid: str) -> Answer:
    page = _step(door, slug, uid, again=True)
    answers, page = pages.sitting(page, door.form)
    if page.missing:
        return _again(page, forms.notebook(page))
    number = learning.create_result(door.write, door.person_id(), slug, uid, answers, key=door.key)
    return redirect(f"/resultats/{number}", 303)


@blueprint.get("/resultats/<id:number>")
@allow(policy.LEARN)
def result(door: Door, number: int) -> Answer:
    return render_template("learn/result.html", page=pages.result(door.read, door.person, number))


@blueprint.post("/resultats/<id:number>/completion")
@allow(policy.LEARN)
def complete_result(door: Door, number: int) -> Answer:
    surprise = door.form.get("surprise", "")
    page = pages.result(door.read, door.person, number, surprise)
    if page.surprise_error:
        return render_template("learn/result.html", page=page), 422
    _step(door, page.slug, page.uid)
    texts = {(page.uid, "surprise"): page.surprise}
    done = learning.complete_step(door.write, door.person_id(), page.slug, page.uid, texts, key=door.key)
    if not done.complete:
        raise Refused(" ".join(done.missing))
    return redirect(page.next.url if page.next else summary_url(page.slug), 303)


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


@blueprint.get("/parcours/<slug:slug>/bilan")
@allow(policy.LEARN)
def summary(door: Door, slug: str) -> Answer:
    return render_template(
        "learn/summary.html", page=pages.summary(door.read, door.person, slug, forms.minutes(door.choice("format")))
    )


@blueprint.post("/parcours/<slug:slug>/bilan")
@allow(policy.LEARN)
def create_summary(door: Door, slug: str) -> Answer:
    try:
        summaries.give_name(door.write, door.person_id(), door.form.get("name", ""))
    except Refused as refusal:
        page = pages.summary(door.read, door.person, slug, error=str(refusal), name=door.form.get("name", ""))
        return render_template("learn/summary.html", page=page), 422
    return redirect(summary_url(slug), 303)


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


@blueprint.get("/kits")
@allow(policy.PUBLIC)
def kits(door: Door) -> Answer:
    return render_template("learn/kits.html", page=pages.kits(door.read))


@blueprint.get("/kits/<slug:slug>")
@allow(policy.PUBLIC)
def kit(door: Door, slug: str) -> Answer:
    try:
        return render_template("learn/kit.html", page=pages.kit(door.read, slug))
    except Missing:
        return redirect(pages.kit_instead(door.read, slug), 303)


@blueprint.get("/kits/<slug:slug>/<slug:name>")
@allow(policy.PUBLIC)
def sheet(door: Door, slug: str, name: str) -> Answer:
    try:
        page = pages.sheet(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    except Missing:
        return redirect(pages.kit_instead(door.read, slug, name), 303)
    return render_template("learn/sheet.html", page=page)


@blueprint.get("/kits/<slug:slug>/outils/<slug:name>")
@allow(policy.PUBLIC)
def tool(door: Door, slug: str, name: str) -> Answer:
    page = pages.tool(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    return render_template("learn/tool.html", page=page, form=forms.tool(page))


@blueprint.post("/kits/<slug:slug>/outils/<slug:name>/notes")
@allow(policy.PUBLIC)
def save_tool(door: Door, slug: str, name: str) -> Answer:
    form = forms.tool(page := pages.tool(door.read, door.me, slug, name), door.form)
    if not form.validate():
        return render_template("learn/tool.html", page=page, form=form), 422
    learning.save_tool(door.write, door.person_id(), slug, name, fields.notes(form))
    return redirect(f"{page.url}#discret", 303)


@blueprint.get("/exemples/<slug:slug>")
@allow(policy.PUBLIC)
def case(door: Door, slug: str) -> Answer:
    try:
        return render_template("learn/case.html", page=pages.case(door.read, slug))
    except Missing:
        return redirect(pages.case_instead(door.read, slug), 303)


@blueprint.get("/media/<name>")
@allow(policy.PUBLIC)
def media(door: Door, name: str) -> Answer:
    """Whole or in part, as a player asks; never read whole into memory."""
    if (found := store.served(door.settings.media_dir, name)) is None:
        raise Missing
    answer = send_file(found.path, mimetype=found.mime, download_name=name, etag=found.sha256)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


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
