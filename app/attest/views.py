"""The doors of an attestation: one's own, and those of whoever holds a code."""

from datetime import timedelta

from flask import Blueprint, jsonify, redirect, render_template, url_for
from werkzeug.exceptions import TooManyRequests

from app import policy
from app.actions import attestations
from app.attest import documents, pages
from app.errors import Missing, Refused
from app.i18n import _, minutes
from app.models import Agreed
from app.reads.attestations import CODE_LENGTH, Standing, as_code
from app.web import Answer, Door, allow, download
from app.web.address import own_path

blueprint = Blueprint("attest", __name__)
WINDOW = timedelta(minutes=15)
CODES_BY_PLACE = 100
"""An office that checks a pile of them shares one address."""
NAMES_BY_PLACE, NAMES_BY_CODE = 10, 40
"""To compare a name, not to look for one."""
UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@blueprint.get("/verifier")
@allow(policy.PUBLIC)
def verify(door: Door) -> Answer:
    typed = door.query("code").strip()
    code = as_code(typed)
    if len(code) == CODE_LENGTH and code.isascii():
        return redirect(url_for("attest.verification", code=code), 303)
    return render_template("attest/verify.html", page=pages.verify(typed)), 422 if typed else 200


@blueprint.get("/verifier/<code>")
@allow(policy.PUBLIC)
def verification(door: Door, code: str) -> Answer:
    _slow_down(door.wait("code", door.place, CODES_BY_PLACE, WINDOW))
    if (kept := as_code(code)[:60]) != code:
        return redirect(url_for("attest.verification", code=kept or "0"), 303)
    page = pages.verification(door.read, code)
    return render_template("attest/verification.html", page=page), page.status, UNLISTED


@blueprint.post("/verifier/<code>")
@allow(policy.PUBLIC)
def check_name(door: Door, code: str) -> Answer:
    code = as_code(code)[:60]
    _slow_down(door.wait("name-place", f"{door.place} {code}", NAMES_BY_PLACE, WINDOW))
    _slow_down(door.wait("name-code", code, NAMES_BY_CODE, WINDOW))
    page = pages.verification(door.read, code, door.form.get("name", "")[:200])
    return render_template("attest/verification.html", page=page), page.status, UNLISTED


def _slow_down(wait: int) -> None:
    if wait:
        time = minutes(-(-wait // 60))
        raise TooManyRequests(_("Trop de vérifications d’ici. Réessayez dans %(time)s.", time=time), retry_after=wait)


@blueprint.get("/cles")
@allow(policy.PUBLIC)
def keys(door: Door) -> Answer:
    return render_template("attest/keys.html", page=pages.keys(door.read))


@blueprint.get("/cles.json")
@allow(policy.PUBLIC)
def export_keys(door: Door) -> Answer:
    found = pages.keys(door.read).keys
    named = ("key", "ed25519", "since", "retired")
    return jsonify([dict(zip(named, (str(value or "") for value in row), strict=True)) for row in found])


@blueprint.get("/parcours/<slug:slug>/bilan/attestation")
@allow(policy.LEARN)
def attestation(door: Door, slug: str) -> Answer:
    page = pages.attestation(door.read, door.person, door.settings, slug, _wanted(door.choice("format")))
    return render_template("attest/attestation.html", page=page)


@blueprint.get("/parcours/<slug:slug>/bilan/attestation.pdf")
@allow(policy.LEARN)
def export_attestation(door: Door, slug: str) -> Answer:
    page = pages.attestation(door.read, door.person, door.settings, slug, _wanted(door.choice("format")))
    if page.standing == Standing.UNSIGNED:
        raise Missing
    return download.pdf(documents.attestation(page), f"attestation-{slug}")


@blueprint.get("/parcours/<slug:slug>/bilan/attestation.json")
@allow(policy.LEARN)
def export_signature(door: Door, slug: str) -> Answer:
    statement, signature = pages.signed(door.read, door.person, slug, _wanted(door.choice("format")))
    return jsonify(statement=statement, signature=signature)


@blueprint.post("/parcours/<slug:slug>/bilan/attestation")
@allow(policy.LEARN)
def correct_attestation(door: Door, slug: str) -> Answer:
    wanted, name = _wanted(door.form.get("format", "")), door.form.get("name", "")
    page = pages.attestation(door.read, door.person, door.settings, slug, wanted, name=name)
    try:
        attestations.correct_own(door.write, door.person_id(), slug, page.format_minutes, name)
    except Refused as refusal:
        return render_template("attest/attestation.html", page=pages.refused(page, str(refusal))), 422
    return redirect(url_for("attest.attestation", slug=slug, format=page.format_minutes), 303)


@blueprint.post("/attestations/nom")
@allow(policy.LEARN)
def show_name(door: Door) -> Answer:
    agreed = Agreed.NAME_ON_VERIFICATION
    attestations.agree(door.write, door.person_id(), agreed, yes=door.form.get("show") == "oui")
    return redirect(own_path(door.form.get("suite", ""), "/mon-chemin"), 303)


def _wanted(text: str) -> int | None:
    """The minutes of a format as a form or an address gives them. Raises Missing."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Missing
    return int(text) if text else None
