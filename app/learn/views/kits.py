"""Kits, their sheets and tools, examples; and the media that pages show."""

from dataclasses import replace

from flask import redirect, render_template, send_file

from app import policy
from app.actions import sharing, writing
from app.errors import Missing, Refused
from app.learn import documents, forms, pages
from app.learn.blueprint import Answer, blueprint
from app.models import Shared
from app.outside import store
from app.steps import fields
from app.web import Door, allow, download


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
        words = door.choice("mots") != "non"
        page = pages.sheet(door.read, door.me, slug, name, door.settings.public_url, with_words=words)
    except Missing:
        return redirect(pages.kit_instead(door.read, slug, name), 303)
    return render_template("learn/sheet.html", page=page)


@blueprint.get("/kits/<slug:slug>/outils/<slug:name>")
@allow(policy.PUBLIC)
def tool(door: Door, slug: str, name: str) -> Answer:
    try:
        page = pages.tool(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    except Missing:
        return redirect(pages.kit_instead(door.read, slug, name), 303)
    return render_template("learn/tool.html", page=page, form=forms.tool(page))


@blueprint.get("/kits/<slug:slug>.zip")
@allow(policy.PUBLIC)
def export_kit(door: Door, slug: str) -> Answer:
    return download.archive(documents.kit_archive(door.read, slug, door.settings.public_url), slug)


@blueprint.get("/kits/<slug:slug>/<slug:name>.pdf")
@allow(policy.PUBLIC)
def export_sheet(door: Door, slug: str, name: str) -> Answer:
    words = door.choice("mots") != "non"
    page = pages.sheet(door.read, door.me, slug, name, door.settings.public_url, with_words=words)
    return download.pdf(documents.sheet_pdf(door.read, page), name)


@blueprint.get("/kits/<slug:slug>/outils/<slug:name>.pdf")
@allow(policy.PUBLIC)
def export_tool(door: Door, slug: str, name: str) -> Answer:
    page = pages.tool(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    return download.pdf(documents.tool_pdf(door.read, page), name)


@blueprint.get("/kits/<slug:slug>/outils/<slug:name>.xlsx")
@allow(policy.PUBLIC)
def export_tool_table(door: Door, slug: str, name: str) -> Answer:
    page = pages.tool(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    return download.spreadsheet(documents.tool_workbook(page), name)


@blueprint.get("/kits/<slug:slug>/outils/<slug:name>.odt")
@allow(policy.PUBLIC)
def export_tool_text(door: Door, slug: str, name: str) -> Answer:
    page = pages.tool(door.read, door.me, slug, name, with_words=door.choice("mots") != "non")
    return download.odt(documents.tool_text(page), name)


@blueprint.post("/kits/<slug:slug>/outils/<slug:name>/notes")
@allow(policy.PUBLIC)
def save_tool(door: Door, slug: str, name: str) -> Answer:
    form = forms.tool(page := pages.tool(door.read, door.me, slug, name), door.form)
    if not form.validate():
        return render_template("learn/tool.html", page=page, form=form), 422
    writing.save_tool(door.write, door.person_id(), slug, name, fields.notes(form))
    return redirect(f"{page.url}#discret", 303)


@blueprint.post("/kits/<slug:slug>/outils/<slug:name>/partages")
@allow(policy.LEARN)
def share_tool(door: Door, slug: str, name: str) -> Answer:
    """What the page holds is written first: what is shown is what was typed."""
    form = forms.tool(page := pages.tool(door.read, door.person, slug, name), door.form)
    if not form.validate():
        return render_template("learn/tool.html", page=page, form=form), 422
    cohort = forms.number(door.form.get("cohorte", ""))
    try:
        writing.save_tool(door.write, door.person_id(), slug, name, fields.notes(form))
        sharing.share(door.write, door.person_id(), cohort, Shared.NOTES, page.doc.uid)
    except Refused as refusal:
        return render_template("learn/tool.html", page=replace(page, share_error=refusal.message), form=form), 422
    return redirect(f"{page.url}#partage", 303)


@blueprint.post("/kits/<slug:slug>/outils/<slug:name>/partages/fin")
@allow(policy.LEARN)
def unshare_tool(door: Door, slug: str, name: str) -> Answer:
    """Taken back whatever the page holds; what it holds is written when it can be."""
    form = forms.tool(page := pages.tool(door.read, door.person, slug, name), door.form)
    cohort = forms.number(door.form.get("cohorte", ""))
    sharing.unshare(door.write, door.person_id(), cohort, Shared.NOTES, page.doc.uid)
    if form.validate():
        writing.save_tool(door.write, door.person_id(), slug, name, fields.notes(form))
    return redirect(f"{page.url}#partage", 303)


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
