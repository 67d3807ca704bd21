"""Who gets what, as a table anyone can read: every endpoint, every person. A route that is not here fails."""

from datetime import date, time

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import assignments, cohorts, invitations, learning, lists, memberships, sessions
from app.actions.cohorts import Wanted
from app.actions.sessions import WantedSession
from app.config import Settings
from app.db import Engines
from app.models import Draft, Invitation, PlanItem, Summary
from app.models.assigned import Dates
from app.models.assigned import Wanted as Asking
from tests.build import load_demo, walk
from tests.cast import make_cast
from tests.client import Client

PEOPLE = ("visitor", "gus", "lea", "noe", "tarik", "tess", "aude", "ada")
ALL = (200,) * 8
TO_SIGN_IN = 303
"""A visitor who asks for a personal page is led to sign in; who posts to one is refused."""

TRAINERS = (TO_SIGN_IN, TO_SIGN_IN, 403, 403, 200, 200, 403, 403)
LEADS = (TO_SIGN_IN, TO_SIGN_IN, 403, 403, 200, 404, 403, 403)
"""Tarik, of his own cohort; to Tess it does not exist."""
SEEN = (TO_SIGN_IN, 404, 200, 404, 200, 404, 404, 404)
"""For who leads it and who is in it: Léa."""
LEADS_DONE = (403, 403, 403, 403, 303, 404, 403, 403)
LEADS_GONE = (403, 403, 403, 403, 404, 404, 403, 403)
"""What is not in the cohort, asked by each."""
LEADS_POST = (403, 403, 403, 403, 422, 404, 403, 403)
"""A form without anything in it, sent by each."""
ACTS = (403, 403, 403, 403, 303, 404, 403, 403)
ASKS = (403, 403, 403, 403, 422, 404, 403, 403)
"""The same of what they post, and of what a rule refuses them."""
LEADS_DO = (403, 403, 403, 403, 303, 404, 403, 403)
AUTHORS = (TO_SIGN_IN, TO_SIGN_IN, *(403,) * 4, 200, 403)
ADMINS = (TO_SIGN_IN, TO_SIGN_IN, *(403,) * 5, 200)

NO = (403,) * 4
"""The first four people, who lead nothing, post in vain."""

# Léa has finished the demonstration, her result is number 1; Tarik leads the cohort; the others have done nothing.
# fmt: off
MATRIX: dict[str, tuple[str, tuple[int, ...]]] = {
    #                               address                                  visitor gus  léa  noé tarik tess aude ada
    "learn.home":                  ("/",                                     ALL),
    "learn.catalogue":             ("/parcours",                             ALL),
    "learn.pathway":               ("/parcours/demo",                        ALL),
    "learn.step":                  ("/parcours/demo/etapes/demo-lecture",    ALL),
    "learn.format":                ("/parcours/demo/format",                 (303, 303, 200, *(303,) * 5)),
    "learn.edition":               ("/parcours/demo/edition",                (303,) * 8),
    "learn.former_step":           ("/parcours/demo/etapes/demo-lecture/ancienne",   (303,) * 8),
    "learn.kits":                  ("/kits",                                 ALL),
    "learn.kit":                   ("/kits/kit-demo",                        ALL),
    "learn.export_kit":            ("/kits/kit-demo.zip",                    ALL),
    "learn.export_sheet":          ("/kits/kit-demo/{sheet}.pdf",            ALL),
    "learn.export_tool":           ("/kits/kit-demo/outils/carte-de-pret.pdf", ALL),
    "learn.export_tool_table":     ("/kits/kit-demo/outils/carte-de-pret.xlsx", ALL),
    "learn.export_tool_text":      ("/kits/kit-demo/outils/carte-de-pret.odt", ALL),
    "learn.tool":                  ("/kits/kit-demo/outils/carte-de-pret",   ALL),
    "learn.sheet":                 ("/kits/kit-demo/{sheet}",                ALL),
    "learn.case":                  ("/exemples/demo-voisins",                ALL),
    "learn.export_meeting":        ("/parcours/demo/etapes/demo-debout.ics", ALL),
    "learn.media":                 ("/media/" + "0" * 64 + ".png",           (404,) * 8),
    "learn.accessibility":         ("/accessibilite",                        ALL),
    "learn.legal":                 ("/mentions-legales",                     ALL),
    "learn.privacy":               ("/donnees-personnelles",                 ALL),
    "learn.export_news":           ("/nouveautes.atom",                      ALL),
    "learn.measured_time":         ("/temps-mesure",                         ALL),
    "learn.journey":               ("/mon-chemin",                           ALL),
    "learn.stint":                 ("/mon-chemin/seance",                    ALL),
    "learn.resume":                ("/continuer",                            (303,) * 8),
    "learn.notebook":              ("/mon-chemin/carnet",                    (TO_SIGN_IN, *(200,) * 7)),
    "learn.export_notebook":       ("/mon-chemin/carnet.md",                 (TO_SIGN_IN, *(200,) * 7)),
    "learn.summary":               ("/parcours/demo/bilan",                  (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.plan":                  ("/parcours/demo/bilan/plan",             (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.export_deadline":       ("/parcours/demo/bilan/plan/{plan}.ics",  (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.export_summary":        ("/parcours/demo/bilan.pdf",              (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.board_note":            ("/parcours/demo/bilan/note",             (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.export_board_note":     ("/parcours/demo/bilan/note.pdf",         (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.export_board_note_odt": ("/parcours/demo/bilan/note.odt",         (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.placement":             ("/parcours/demo/reperes",                (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "learn.start":                 ("/par-ou-commencer",                     ALL),
    "learn.diagnostics":           ("/autodiagnostics",                      ALL),
    "learn.diagnostic":            ("/autodiagnostics/demo",                 ALL),
    "learn.result":                ("/resultats/{result}",                   (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "attest.verify":               ("/verifier",                             ALL),
    "attest.verification":         ("/verifier/{code}",                      ALL),
    "attest.keys":                 ("/cles",                                 ALL),
    "attest.export_keys":          ("/cles.json",                            ALL),
    "attest.attestation":          ("/parcours/demo/bilan/attestation",      (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "attest.export_attestation":   ("/parcours/demo/bilan/attestation.pdf",  (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "attest.export_signature":     ("/parcours/demo/bilan/attestation.json", (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "accounts.sign_in":            ("/connexion",                            (200, 200, *(303,) * 6)),
    "accounts.joining":            ("/connexion/reprendre",                  (303,) * 8),
    "accounts.elsewhere":          ("/continuer/ailleurs",                   (TO_SIGN_IN, *(200,) * 7)),
    "accounts.passage":            ("/continuer/" + "x" * 22,                (410,) * 8),
    "accounts.sign_up":            ("/inscription",                          (200, 200, *(303,) * 6)),
    "accounts.account":            ("/mon-compte",                           (TO_SIGN_IN, TO_SIGN_IN, *(200,) * 6)),
    "accounts.new_password":       ("/mot-de-passe/" + "x" * 22,             (404,) * 8),
    "accounts.forgotten":          ("/mot-de-passe-oublie",                  ALL),
    "accounts.sign_in_link":       ("/connexion/lien",                       ALL),
    "accounts.mailed_sign_in":     ("/connexion/lien/" + "x" * 22,           (404,) * 8),
    "accounts.confirmation":       ("/mon-adresse/" + "x" * 22,              (404,) * 8),
    "accounts.unsubscribe":        ("/desinscription/1/" + "0" * 32,         (404,) * 8),
    "accounts.profile":            ("/mon-profil",                           (TO_SIGN_IN, *(200,) * 7)),
    "accounts.language":           ("/langue",                               ALL),
    "teach.cohorts":               ("/cohortes",                             TRAINERS),
    "teach.cohort":                ("/cohortes/{cohort}",                    LEADS),
    "teach.assign":                ("/cohortes/{cohort}/attribuer",          LEADS),
    "teach.assignment":            ("/cohortes/{cohort}/attributions/{assignment}", LEADS),
    "teach.coming_mails":          ("/cohortes/{cohort}/attributions/{assignment}/courriels", LEADS),
    "teach.cohort_settings":       ("/cohortes/{cohort}/reglages",           LEADS),
    "teach.member":                ("/cohortes/{cohort}/personnes/{place}",  LEADS),
    "teach.marking":               ("/cohortes/{cohort}/personnes/{place}/demo/demo-lecture", LEADS),
    "teach.message":               ("/cohortes/{cohort}/ecrire",             LEADS),
    "teach.averages":              ("/cohortes/{cohort}/moyennes",           LEADS),
    "teach.sharings":              ("/mes-cohortes/{cohort}/partages",       (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "teach.sessions":              ("/cohortes/{cohort}/seances",            LEADS),
    "teach.session":               ("/cohortes/{cohort}/seances/{session}",  LEADS),
    "teach.export_session":        ("/cohortes/{cohort}/seances/{session}.ics", SEEN),
    "admin.cohorts":               ("/administration/cohortes",              ADMINS),
    "admin.cohort":                ("/administration/cohortes/{cohort}",     ADMINS),
    "author.workshop":             ("/atelier",                              AUTHORS),
    "author.pathway":              ("/atelier/parcours/demo",                AUTHORS),
    "author.publication":          ("/atelier/parcours/demo/publication",    AUTHORS),
    "author.publish":              ("/atelier/parcours/demo/editions",       (*(403,) * 6, 409, 403)),
    "author.text_publication":     ("/atelier/textes/{kit_text}/publication", AUTHORS),
    "author.publish_text":         ("/atelier/textes/{kit_text}/publication", (*(403,) * 6, 409, 403)),
    "author.export_folder":        ("/atelier/textes/{kit_text}/dossier.zip", AUTHORS),
    "author.import_folder":        ("/atelier/import",                       AUTHORS),
    "author.check_import":         ("/atelier/import",                       (*(403,) * 6, 422, 403)),
    "author.create_import":        ("/atelier/imports",                      (*(403,) * 6, 422, 403)),
    "author.withdraw_edition":     ("/atelier/parcours/demo/editions/9/retrait", (*(403,) * 6, 404, 403)),
    "author.archive_pathway":      ("/atelier/parcours/absent/archive",      (*(403,) * 6, 404, 403)),
    "author.reinstate_pathway":    ("/atelier/parcours/absent/archive/fin",  (*(403,) * 6, 404, 403)),
    "author.create_pathway":       ("/atelier/parcours",                     (*(403,) * 6, 422, 403)),
    "author.create_document":      ("/atelier/textes",                       (*(403,) * 6, 422, 403)),
    "author.create_page":          ("/atelier/textes/{kit_text}/pages",      (*(403,) * 6, 422, 403)),
    "author.remove_document":      ("/atelier/textes/{kit_text}/retrait",    (*(403,) * 6, 422, 403)),
    "author.restore_document":     ("/atelier/textes/{kit_text}/retour",     (*(403,) * 6, 303, 403)),
    "author.text":                 ("/atelier/textes/{text}",                AUTHORS),
    "author.write_text":           ("/atelier/textes/{text}",                (*(403,) * 6, 409, 403)),
    "author.propose":              ("/atelier/parcours/demo/propositions",   (*(403,) * 6, 409, 403)),
    "author.withdraw_proposal":    ("/atelier/parcours/demo/propositions/fin", (*(403,) * 6, 303, 403)),
    "author.propose_text":         ("/atelier/textes/{text}/propositions",   (*(403,) * 6, 404, 403)),
    "author.withdraw_text_proposal": ("/atelier/textes/{text}/propositions/fin", (*(403,) * 6, 303, 403)),
    "author.borrow_module":        ("/atelier/parcours/demo/modules/reprises", (*(403,) * 6, 422, 403)),
    "author.detach_module":        ("/atelier/parcours/demo/modules/{module}/copie", (*(403,) * 6, 404, 403)),
    "author.try_pathway":          ("/atelier/parcours/demo/essais",         (*(403,) * 6, 303, 403)),
    "author.try_text":             ("/atelier/textes/{text}/essais",         (*(403,) * 6, 422, 403)),
    "author.preview_text":         ("/atelier/textes/{text}/apercu",         (*(403,) * 6, 200, 403)),
    "author.questions":             ("/atelier/textes/{quiz}/questions",      AUTHORS),
    "author.export_questions":      ("/atelier/textes/{quiz}/questions.txt",  AUTHORS),
    "author.preview_questions":     ("/atelier/textes/{quiz}/questions/apercu", (*(403,) * 6, 422, 403)),
    "author.add_questions":         ("/atelier/textes/{quiz}/questions",      (*(403,) * 6, 422, 403)),
    "author.create_module":        ("/atelier/parcours/demo/modules",        (*(403,) * 6, 422, 403)),
    "author.new_step":             ("/atelier/parcours/demo/modules/{module}/etape", AUTHORS),
    "author.create_step":          ("/atelier/parcours/demo/modules/{module}/etapes", (*(403,) * 6, 422, 403)),
    "author.arrangement":          ("/atelier/parcours/demo/rangement/{module}", AUTHORS),
    "author.shift":                ("/atelier/parcours/demo/rangement/{module}/rang", (*(403,) * 6, 303, 403)),
    "author.place":                ("/atelier/parcours/demo/rangement/{module}/place", (*(403,) * 6, 422, 403)),
    "author.rename":               ("/atelier/parcours/demo/rangement/{module}/titre", (*(403,) * 6, 422, 403)),
    "author.duplicate":            ("/atelier/parcours/demo/rangement/{module}/copie", (*(403,) * 6, 303, 403)),
    "author.remove":               ("/atelier/parcours/demo/rangement/{module}/retrait", (*(403,) * 6, 303, 403)),
    "author.restore":              ("/atelier/parcours/demo/rangement/{module}/retour", (*(403,) * 6, 303, 403)),
    "author.remove_pathway":       ("/atelier/parcours/demo/retrait",        (*(403,) * 6, 422, 403)),
    "author.restore_pathway":      ("/atelier/parcours/demo/retour",         (*(403,) * 6, 303, 403)),
    "author.replacement":          ("/atelier/parcours/demo/remplacer",      AUTHORS),
    "author.preview_replacement":  ("/atelier/parcours/demo/remplacer/apercu", (*(403,) * 6, 422, 403)),
    "author.replace":              ("/atelier/parcours/demo/remplacer",      (*(403,) * 6, 422, 403)),
    "author.add_picture":          ("/atelier/textes/{text}/images",          (*(403,) * 6, 422, 403)),
    "author.keep_text":            ("/atelier/textes/{text}/brouillon",       (*(403,) * 6, 409, 403)),
    "author.versions":             ("/atelier/textes/{text}/versions",        AUTHORS),
    "author.restore_text":         ("/atelier/textes/{text}/versions/999999/retour", (*(403,) * 6, 404, 403)),
    "admin.home":                  ("/administration",                       ADMINS),
    "teach.create_comment":        ("/cohortes/{cohort}/personnes/{place}/commentaires", (*NO, 422, 404, 403, 403)),
    "teach.mark_step":             ("/cohortes/{cohort}/personnes/{place}/demo/demo-quiz", (*NO, 303, 404, 403, 403)),
    "teach.preview_message":       ("/cohortes/{cohort}/ecrire",             (*NO, 200, 404, 403, 403)),
    "teach.send_message":          ("/cohortes/{cohort}/envois",             (*NO, 422, 404, 403, 403)),
    "teach.establish_average":     ("/cohortes/{cohort}/moyennes",           (*NO, 404, 404, 403, 403)),
    "teach.share":                 ("/mes-cohortes/{cohort}/partages",       (403, *(422,) * 7)),
    "teach.unshare":               ("/mes-cohortes/{cohort}/partages/fin",   (403, *(422,) * 7)),
    "teach.answer_comment":        ("/mes-cohortes/{cohort}/reponses",       (403, 404, 422, *(404,) * 5)),
    "learn.share_step":            ("/parcours/demo/etapes/demo-lecture/partages", (403, 404, 404, *(404,) * 5)),
    "learn.unshare_step":          ("/parcours/demo/etapes/demo-lecture/partages/fin", (403, 404, 303, *(404,) * 5)),
    "learn.voice_step":            ("/parcours/demo/etapes/demo-lecture/avis", (403, 404, 422, *(404,) * 5)),
    "learn.withdraw_voice":        ("/parcours/demo/etapes/demo-lecture/avis/fin", (403, 404, 303, *(404,) * 5)),
    "learn.share_tool":            ("/kits/kit-demo/outils/carte-de-pret/partages", (403, *(404,) * 7)),
    "learn.unshare_tool":          ("/kits/kit-demo/outils/carte-de-pret/partages/fin", (403, *(303,) * 7)),
    "teach.invite":                ("/cohortes/{cohort}/inviter",            LEADS),
    "teach.invite_card":           ("/cohortes/{cohort}/inviter/affiche",    LEADS),
    "teach.code":                  ("/rejoindre",                            ALL),
    "teach.join":                  ("/rejoindre/" + "x" * 22,                (410,) * 8),
    "teach.threads":               ("/mes-cohortes/echanges",                (TO_SIGN_IN, *(200,) * 7)),
    "teach.own_cohorts":           ("/mes-cohortes",                         (TO_SIGN_IN, *(200,) * 7)),
    "teach.leaving":               ("/mes-cohortes/{cohort}/quitter",        (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "teach.resume_card":           ("/mes-cohortes/{cohort}/carte",          (TO_SIGN_IN, 404, 200, *(404,) * 5)),
    "teach.resume":                ("/reprendre/" + "x" * 22,                (410,) * 8),
    "teach.open_link":             ("/cohortes/{cohort}/inviter/lien",       ASKS),
    "teach.check_invitations":     ("/cohortes/{cohort}/inviter/verification", ASKS),
    "teach.create_invitations":    ("/cohortes/{cohort}/inviter/invitations", ASKS),
    "teach.match_invitations":     ("/cohortes/{cohort}/inviter/reconnues",  ACTS),
    "teach.resend_invitation":     ("/cohortes/{cohort}/inviter/{invited}/renvoi", ACTS),
    "teach.withdraw_invitation":   ("/cohortes/{cohort}/inviter/{invited}/retrait", ACTS),
    "teach.restore_invitation":    ("/cohortes/{cohort}/inviter/{invited}/retablissement", ACTS),
    "teach.revoke_link":           ("/cohortes/{cohort}/inviter/lien/fermeture", ACTS),
    "teach.find_code":             ("/rejoindre",                            (422,) * 8),
    "teach.open_invitation":       ("/rejoindre/" + "x" * 22 + "/ouverture", (204,) * 8),
    "teach.create_membership":     ("/rejoindre/" + "x" * 22,                (410,) * 8),
    "teach.create_card":           ("/mes-cohortes/{cohort}/carte",          (403, 404, 422, *(422,) * 5)),
    "teach.create_resume":         ("/reprendre/" + "x" * 22,                (410,) * 8),
    "teach.leave":                 ("/mes-cohortes/{cohort}/quitter",        (403, 404, 303, *(404,) * 5)),
    "author.review":               ("/relecture/" + "x" * 22,                (404,) * 8),
    "author.review_text":          ("/relecture/" + "x" * 22 + "/1",         (404,) * 8),
    "author.export_module":         ("/atelier/textes/{module}/module.pdf",   AUTHORS),
    "author.export_module_odt":     ("/atelier/textes/{module}/module.odt",   AUTHORS),
    "author.export_reviewed_module": ("/relecture/" + "x" * 22 + "/1/module.pdf", (404,) * 8),
    "author.export_reviewed_module_odt": ("/relecture/" + "x" * 22 + "/1/module.odt", (404,) * 8),
    "author.agree":                ("/relecture/" + "x" * 22,                (404,) * 8),
    "author.create_remark":        ("/relecture/" + "x" * 22 + "/1",         (404,) * 8),
    "author.improve":              ("/atelier/parcours/demo/suivi",          AUTHORS),
    "author.reviews":              ("/atelier/parcours/demo/relecture",      AUTHORS),
    "author.open_review":          ("/atelier/parcours/demo/relecture",      (*(403,) * 6, 422, 403)),
    "author.end_review":           ("/atelier/parcours/demo/relecture/liens/999999/fin", (*(403,) * 6, 404, 403)),
    "author.answer_remark":        ("/atelier/parcours/demo/relecture/remarques/999999", (*(403,) * 6, 404, 403)),
    "admin.people":                ("/administration/personnes",             ADMINS),
    "admin.person":                ("/administration/personnes/{lea}",       ADMINS),
    "admin.create_person":         ("/administration/personnes",             (*(403,) * 7, 422)),
    "admin.set_roles":             ("/administration/personnes/{lea}/droits", (*(403,) * 7, 303)),
    "admin.close_account":         ("/administration/personnes/999999/fermeture", (*(403,) * 7, 404)),
    "admin.reopen_account":        ("/administration/personnes/999999/ouverture", (*(403,) * 7, 404)),
    "admin.issue_set_up_link":     ("/administration/personnes/{lea}/lien",  (*(403,) * 7, 200)),
    "admin.mails":                 ("/administration/courriels",             ADMINS),
    "admin.mail":                  ("/administration/courriels/999999",      (*ADMINS[:-1], 404)),
    "admin.attestations":          ("/administration/attestations",          ADMINS),
    "admin.correct_name":          ("/administration/attestations/correction", (*(403,) * 7, 422)),
    "admin.revoke_attestation":    ("/administration/attestations/revocation", (*(403,) * 7, 422)),
    "admin.journal":               ("/administration/journal",               ADMINS),
    "admin.site":                  ("/administration/site",                  ADMINS),
    "admin.save_site":             ("/administration/site",                  (*(403,) * 7, 422)),
    "admin.test_mail":             ("/administration/courriels/essai",       (*(403,) * 7, 303)),
    "admin.resend_mail":           ("/administration/courriels/999999/renvoi", (*(403,) * 7, 404)),
    "admin.show_link":             ("/administration/courriels/999999/lien", (*(403,) * 7, 404)),
    "learn.complete_step":         ("/parcours/demo/etapes/demo-lecture/completion", (403, 404, 303, *(404,) * 5)),
    "learn.beat":                  ("/parcours/demo/etapes/demo-lecture/temps",      (403, *(422,) * 7)),
    "learn.save_notes":            ("/parcours/demo/etapes/demo-lecture/notes",      (403, 404, 303, *(404,) * 5)),
    "learn.create_attempt":        ("/parcours/demo/etapes/demo-quiz/essais",        (403, 404, 422, *(404,) * 5)),
    "learn.create_result":         ("/parcours/demo/etapes/{diagnostic}/resultats",  (403, 422, 422, *(422,) * 5)),
    "learn.create_sitting":        ("/autodiagnostics/demo/resultats",       (422,) * 8),
    "learn.fill_start":            ("/par-ou-commencer",                     (303,) * 8),
    "learn.choose_axis":           ("/resultats/{result}/axe",               (403, 404, 422, *(404,) * 5)),
    "learn.complete_result":       ("/resultats/{result}/completion",        (403, 404, 422, *(404,) * 5)),
    "learn.create_summary":        ("/parcours/demo/bilan",                  (403, 404, 422, *(404,) * 5)),
    "learn.save_plan":             ("/parcours/demo/bilan/plan",             (403, 404, 303, *(404,) * 5)),
    "learn.answer_plan":           ("/mon-chemin/engagements/{plan}",        (403, 404, 422, *(404,) * 5)),
    "learn.save_board_note":       ("/parcours/demo/bilan/note",             (403, 404, 303, *(404,) * 5)),
    "learn.create_shorter_summary": ("/parcours/demo/bilan/format",          (403, 404, 422, *(404,) * 5)),
    "learn.create_placement":      ("/parcours/demo/reperes",                (403, 404, 422, *(404,) * 5)),
    "learn.change_format":         ("/parcours/demo/format",                 (403, 404, 422, *(404,) * 5)),
    "learn.move_edition":          ("/parcours/demo/edition",                (403, 404, 422, *(404,) * 5)),
    "attest.check_name":           ("/verifier/{code}",                      (422,) * 8),
    "attest.correct_attestation":  ("/parcours/demo/bilan/attestation",      (403, 404, 422, *(404,) * 5)),
    "attest.show_name":            ("/attestations/nom",                     (403, *(303,) * 7)),
    "accounts.ask_reset":          ("/mot-de-passe-oublie",                  (422,) * 8),
    "accounts.ask_sign_in_link":   ("/connexion/lien",                       (422,) * 8),
    "accounts.create_mailed_sign_in": ("/connexion/lien/" + "x" * 22,        (404,) * 8),
    "accounts.confirm_address":    ("/mon-adresse/" + "x" * 22,              (404,) * 8),
    "accounts.stop_mail":          ("/desinscription/1/" + "0" * 32,         (404,) * 8),
    "accounts.ask_confirmation":   ("/mon-compte/adresse/confirmation",      (403, 403, *(303,) * 6)),
    "accounts.choose_mail":        ("/mon-compte/courriels",                 (403, 403, *(303,) * 6)),
    "accounts.fill_profile":       ("/mon-profil",                           (403, *(303,) * 7)),
    "accounts.create_elsewhere":   ("/continuer/ailleurs",                   (403, 200, *(303,) * 6)),
    "learn.create_enrolment":      ("/parcours/demo/inscription",            (303,) * 8),
    "learn.save_tool":             ("/kits/kit-demo/outils/carte-de-pret/notes", (303,) * 8),
    "accounts.choose_language":    ("/langue",                               (303,) * 8),
    "accounts.create_joining":     ("/connexion/reprendre",                  (303,) * 8),
    "accounts.create_passage":     ("/continuer/" + "x" * 22,                (410,) * 8),
    "accounts.create_account":     ("/inscription",                          (422, 422, *(303,) * 6)),
    "accounts.change_password":    ("/mon-compte/mot-de-passe",              (403, 403, *(422,) * 6)),
    "accounts.change_email":       ("/mon-compte/adresse",                   (403, 403, *(422,) * 6)),
    "accounts.change_name":        ("/mon-compte/nom",                       (403, 403, *(422,) * 6)),
    "accounts.end_sign_in":        ("/mon-compte/connexions/999999/fin",     (403, 403, *(404,) * 6)),
    "accounts.end_sign_ins":       ("/mon-compte/connexions/fin",            (403, 403, *(303,) * 6)),
    "accounts.reset_password":     ("/mot-de-passe/" + "x" * 22,             (404,) * 8),
    "accounts.create_sign_in":     ("/connexion",                            (422,) * 8),
    "teach.create_cohort":         ("/cohortes",                             (403, 403, 403, 403, 422, 422, 403, 403)),
    "teach.preview_assignment":    ("/cohortes/{cohort}/attribuer",          LEADS_POST),
    "teach.create_assignment":     ("/cohortes/{cohort}/attributions",       LEADS_POST),
    "teach.change_assignment":     ("/cohortes/{cohort}/attributions/{assignment}/dates",  LEADS_POST),
    "teach.move_assignment":       ("/cohortes/{cohort}/attributions/{assignment}/edition", LEADS_POST),
    "teach.extend_assignment":     ("/cohortes/{cohort}/attributions/{assignment}/report", LEADS_POST),
    "teach.withdraw_assignment":   ("/cohortes/{cohort}/attributions/{assignment}/retrait", LEADS_DO),
    "teach.restore_assignment":    ("/cohortes/{cohort}/attributions/{assignment}/retour", LEADS_DO),
    "teach.change_cohort":         ("/cohortes/{cohort}/reglages",           LEADS_POST),
    "teach.add_trainer":           ("/cohortes/{cohort}/formateurs",         LEADS_POST),
    "teach.remove_trainer":        ("/cohortes/{cohort}/formateurs/999999/fin", LEADS_GONE),
    "teach.duplicate_cohort":      ("/cohortes/{cohort}/copie",              LEADS_POST),
    "teach.export_cohort":         ("/cohortes/{cohort}/exports",            (*NO, 422, 404, 403, 403)),
    "teach.archive_cohort":        ("/cohortes/{cohort}/archive",            LEADS_DONE),
    "teach.restore_cohort":        ("/cohortes/{cohort}/archive/fin",        LEADS_DONE),
    "teach.create_session":        ("/cohortes/{cohort}/seances",            LEADS_POST),
    "teach.change_session":        ("/cohortes/{cohort}/seances/{session}",  LEADS_POST),
    "teach.remove_session":        ("/cohortes/{cohort}/seances/{session}/fin",    LEADS_DONE),
    "teach.restore_session":       ("/cohortes/{cohort}/seances/{session}/retour", LEADS_DONE),
    "admin.hand_over_cohort":      ("/administration/cohortes/{cohort}",     (*(403,) * 7, 422)),
    "accounts.sign_out":           ("/deconnexion",                          (303,) * 8),
}
# fmt: on


def attestation_code(engines: Engines) -> str:
    """The one that Léa holds."""
    with Session(engines.read) as db:
        return db.scalars(select(Summary.code)).one()


def plan_line(engines: Engines) -> int:
    """The one that Léa's bilan began her plan with."""
    with Session(engines.read) as db:
        return db.scalars(select(PlanItem.id).where(PlanItem.due_on.is_not(None))).one()


def methods(app: Flask) -> dict[str, str]:
    return {rule.endpoint: "POST" if "POST" in (rule.methods or ()) else "GET" for rule in app.url_map.iter_rules()}


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert set(MATRIX) == set(methods(app))


def test_everyone_gets_what_the_table_says(app: Flask, settings: Settings, engines: Engines, noon: object) -> None:
    with Session(engines.write) as db:
        load_demo(db, settings.media_dir)
        cast = make_cast(db)
        learning.enrol(db, cast.lea, "demo", 24)
        done = walk(db, cast.lea)
        cohort = cohorts.create_cohort(db, cast.tarik, Wanted("Les maisons", "Europe/Paris"), key="a cohort")
        place = memberships.join(db, cohort, cast.lea, name="Léa").id
        by = invitations.By(cast.tarik, "Tarik", None, "fr", settings.secret_key)
        invitations.open_link(db, by, cohort, 30, 40)
        invitations.invite(db, by, cohort, lists.read_text("zoe@asso.example"))
        workshop = WantedSession("Atelier", date(2026, 12, 3), time(14), 60, place="Salle 2")
        session = sessions.create_session(db, cast.tarik, cohort, workshop, key="a session")
        dates = Dates(date(2026, 11, 25), date(2026, 12, 18))
        assignment = assignments.assign(db, cast.tarik, cohort, Asking("demo", 24, dates), key="an assignment")
        db.commit()
        invited = db.scalars(select(Invitation.id)).one()
        kit_text = db.scalars(select(Draft.id).filter_by(path="kits/kit-demo/kit.md")).one()
        text = db.scalars(select(Draft.id).filter_by(path="pathways/demo/pathway.md")).one()
        quiz = db.scalars(select(Draft.id).where(Draft.text.like("%\nkind: quiz\n%"))).all()[0]
        module = db.scalars(select(Draft.id).filter_by(path="pathways/demo/10-decouvrir/module.md")).one()
    clients = {name: Client(app, settings, engines) for name in PEOPLE}
    for name, client in clients.items():
        if name != "visitor":
            client.sign_in(getattr(cast, name))
    names: dict[str, object] = {
        "code": attestation_code(engines),
        "result": clients["lea"].get("/mon-chemin").text.split("/resultats/")[1].split('"')[0],
        "plan": plan_line(engines),
        "cohort": cohort,
        "lea": cast.lea,
        "place": place,
        "invited": invited,
        "text": text,
        "session": session,
        "assignment": assignment,
        "kit_text": kit_text,
        "module": module,
        "quiz": quiz,
        "sheet": clients["visitor"].get("/kits/kit-demo").text.split('"/kits/kit-demo/')[1].split('"')[0],
        "diagnostic": next(uid for uid in done if "diagnostic" in uid),
    }
    by_method = methods(app)
    wrong = {}
    for endpoint, (address, statuses) in MATRIX.items():
        for name, expected in zip(PEOPLE, statuses, strict=True):
            client, path = clients[name], address.format(**names)
            answer = client.get(path) if by_method[endpoint] == "GET" else client.post(path)
            if answer.status_code != expected:
                wrong[f"{endpoint} × {name}"] = f"{answer.status_code}, not {expected}"
    assert wrong == {}
