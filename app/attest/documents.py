"""The attestation as one sheet of paper: every word that it bears."""

from typing import Any

from app.attest.pages import AttestationPage
from app.i18n import _, day, get_lang, minutes, steps_done, typo
from app.outside import pdf
from app.reads.attestations import Standing


def attestation(page: AttestationPage) -> bytes:
    return pdf.document("attestation", words(page))


def words(page: AttestationPage) -> dict[str, Any]:
    facts = page.facts
    pathway, said = typo(facts.pathway, facts.lang), facts.lang
    return {
        "lang": get_lang(),
        "title": f"{_('Attestation de suivi')} – {facts.name}",
        "heading": _("Attestation de suivi"),
        "organisation": facts.organisation,
        "attests": _("%(organisation)s atteste que", organisation=facts.organisation),
        "name": facts.name,
        "followed": _(
            "a suivi toutes les étapes du parcours « %(pathway)s », format %(format)s.",
            pathway=pathway,
            format=facts.format_label,
        ),
        "standing": standing(page),
        "facts": rows(page),
        "objectives_label": _("Objectifs du parcours"),
        "objectives": [typo(objective, said) for objective in facts.objectives],
        "provenance": typo(facts.provenance, said),
        "check": _("Vérifier à cette adresse, ou avec ce code :"),
        "url": page.url,
        "address": page.url.partition("://")[2],
        "code": page.code,
        "nature": nature(),
        "square": page.square.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "square_alt": _("Carré à photographier, qui mène à la vérification : %(url)s", url=page.url),
    }


def rows(page: AttestationPage) -> list[tuple[str, str]]:
    """Each fact beside its name."""
    facts = page.facts
    found = [
        (_("Heures créditées"), _("%(time)s, durée prévue", time=minutes(facts.credited_minutes))),
        (_("Étapes terminées"), steps_done(facts.steps, facts.steps, facts.confirmed)),
        (_("Édition"), str(facts.edition)),
        (_("Du"), day(facts.started)),
        (_("Au"), day(facts.finished)),
        (_("Établie le"), day(facts.issued)),
    ]
    if facts.signatory:
        found.append((_("Signataire"), facts.signatory))
    if facts.evidence:
        traces = ", ".join(_("%(kind)s : %(n)s", kind=kind, n=n) for kind, n in facts.evidence)
        found.append((_("Étapes qui en gardent la trace"), traces))
    return found


def standing(page: AttestationPage) -> str:
    """What must be said on a document that no longer holds."""
    if page.standing == Standing.REVOKED:
        return _("Révoquée : %(reason)s. Elle ne vaut plus.", reason=page.reason)
    if page.standing == Standing.ALTERED:
        return _("Ce document ne correspond pas à sa signature : il ne vaut rien.")
    return ""


def nature() -> str:
    return _("Ce document atteste un suivi. Il ne constitue ni un diplôme ni une certification.")
