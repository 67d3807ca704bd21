"""A step: read it, write, try, sit, complete."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template

from app import policy
from app.actions import learning, sharing, timing, voices, writing
from app.errors import Missing, Refused
from app.i18n import _
from app.learn import forms, pages
from app.learn.blueprint import Answer, blueprint
from app.learn.pages.parts import step_url, summary_url
from app.models import Shared
from app.outside import calendar
from app.steps import Assessment
from app.web import Door, allow


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
    base = door.settings.public_url
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
    """The step that a form was sent from."""
    with _still_there(door, slug, uid):
        return pages.step(door.read, door.me, slug, uid, again=again)


def _asked(door: Door, slug: str, uid: str) -> pages.StepAsked:
    """What the form of that step asks."""
    with _still_there(door, slug, uid):
        return pages.asked(door.read, door.me, slug, uid)


@contextmanager
def _still_there(door: Door, slug: str, uid: str) -> Iterator[None]:
    """What was typed comes back where the step has left the edition meanwhile."""
    try:
        yield
    except Missing:
        pages.former_url(door.read, door.me, slug, uid)
        raise Refused(_("Cette étape n’est plus dans votre édition. Copiez votre texte : il est ci-dessous.")) from None


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/completion")
@allow(policy.LEARN)
def complete_step(door: Door, slug: str, uid: str) -> Answer:
    form = forms.notebook(_asked(door, slug, uid), door.form)
    if not form.validate():
        return _as_sent(door, slug, uid)
    done = learning.complete_step(door.write, door.person_id(), slug, uid, form.texts(uid), key=door.key)
    if not done.complete:
        return _as_sent(door, slug, uid, done)
    _send_word(door, uid)
    return redirect(step_url(slug, done.after) if done.after else summary_url(slug), 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/notes")
@allow(policy.LEARN)
def save_notes(door: Door, slug: str, uid: str) -> Answer:
    form = forms.notebook(_asked(door, slug, uid), door.form)
    if not form.validate():
        return _as_sent(door, slug, uid)
    writing.save_notes(door.write, door.person_id(), slug, form.texts(uid))
    _send_word(door, uid)
    return redirect(f"{step_url(slug, uid)}#discret", 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/avis")
@allow(policy.LEARN)
def voice_step(door: Door, slug: str, uid: str) -> Answer:
    """What the page holds is written first: the button is one of its form’s."""
    form = forms.notebook(_asked(door, slug, uid), door.form)
    if not form.validate():
        return _as_sent(door, slug, uid)
    try:
        writing.save_notes(door.write, door.person_id(), slug, form.texts(uid))
        voices.say(door.write, door.person_id(), slug, uid, door.form.get("avis", ""))
        _send_word(door, uid)
    except Refused as refusal:
        return _as_sent(door, slug, uid, refused=refusal.message)
    return redirect(f"{step_url(slug, uid)}#avis", 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/avis/fin")
@allow(policy.LEARN)
def withdraw_voice(door: Door, slug: str, uid: str) -> Answer:
    """Taken back whatever the page holds; what it holds is written when it can be."""
    form = forms.notebook(_step(door, slug, uid), door.form)
    voices.withdraw(door.write, door.person_id(), uid)
    if form.validate():
        writing.save_notes(door.write, door.person_id(), slug, form.texts(uid))
    return redirect(f"{step_url(slug, uid)}#avis", 303)


def _save_beside(door: Door, slug: str, uid: str, form: forms.Notebook) -> None:
    """Without script, what is typed beside the answers comes with them. Raises Refused for what is too long."""
    notes = form.own[forms.NOTES.name]
    if not notes.validate(form.own):
        raise Refused(" ".join(notes.errors))
    if texts := form.texts(uid):
        writing.save_notes(door.write, door.person_id(), slug, texts)


def _send_word(door: Door, uid: str) -> None:
    """The word to the authors goes with whatever button is pressed: what is typed there is not lost."""
    if "mot" in door.form:
        voices.add_word(door.write, door.person_id(), uid, door.form["mot"])


def _as_sent(door: Door, slug: str, uid: str, done: Assessment | None = None, refused: str = "") -> Answer:
    """The same page, with what was sent, what is to be put right in it and what is not done."""
    page = pages.unsent(_step(door, slug, uid), door.form.get("mot"), refused)
    form = forms.notebook(page, door.form)
    form.validate()
    if done is not None:
        page = pages.not_done(page, done.apart)
        form.blame(done.errors)
    return _again(page, form)


def _again(page: Any, form: forms.Notebook) -> Answer:
    return render_template("learn/step.html", page=page, form=form), 422


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/partages")
@allow(policy.LEARN)
def share_step(door: Door, slug: str, uid: str) -> Answer:
    """What the page holds is written first: what is shown is what was typed."""
    page = pages.unsent(_step(door, slug, uid), door.form.get("mot"))
    form = forms.notebook(page, door.form)
    if not form.validate():
        return _again(page, form)
    try:
        writing.save_notes(door.write, door.person_id(), slug, form.texts(uid))
        sharing.share(door.write, door.person_id(), forms.number(door.form.get("cohorte", "")), Shared.NOTES, uid)
        _send_word(door, uid)
    except Refused as refusal:
        return _again(replace(page, share_error=refusal.message), form)
    return redirect(f"{step_url(slug, uid)}#partage", 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/partages/fin")
@allow(policy.LEARN)
def unshare_step(door: Door, slug: str, uid: str) -> Answer:
    """Taken back whatever the page holds; what it holds is written when it can be."""
    form = forms.notebook(_step(door, slug, uid), door.form)
    sharing.unshare(door.write, door.person_id(), forms.number(door.form.get("cohorte", "")), Shared.NOTES, uid)
    _send_word(door, uid)
    if form.validate():
        writing.save_notes(door.write, door.person_id(), slug, form.texts(uid))
    return redirect(f"{step_url(slug, uid)}#partage", 303)


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
    form, asked = forms.beside(page, door.form), door.form.get("check")
    posted = {q.public.uid: door.form.getlist(q.public.uid) for q in page.quiz.questions} if page.quiz else {}
    try:
        learning.create_attempt(door.write, door.person_id(), slug, uid, posted, key=door.key, asked=asked)
        _save_beside(door, slug, uid, form)
    except Refused as refusal:
        return _again(pages.quiz_again(page, posted, asked, str(refusal)), form)
    return redirect(f"{step_url(slug, uid)}#{asked if asked in posted else 'quiz'}", 303)


@blueprint.post("/parcours/<slug:slug>/etapes/<uid:uid>/resultats")
@allow(policy.LEARN)
def create_result(door: Door, slug: str, uid: str) -> Answer:
    page = _step(door, slug, uid, again=True)
    form = forms.beside(page, door.form)
    answers, page = pages.sitting(page, door.form)
    if page.missing:
        return _again(page, form)
    number = learning.create_result(door.write, door.person_id(), slug, uid, answers, key=door.key)
    _save_beside(door, slug, uid, form)
    return redirect(f"/resultats/{number}", 303)


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
