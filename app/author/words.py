"""What the keys of a document are called on screen, by their place in it, and what helps to fill them."""

from functools import lru_cache
from typing import NamedTuple

from app.i18n import _, get_lang


class Words(NamedTuple):
    label: str
    help: str = ""


def words(family: str, place: str) -> Words:
    """`family`: step, pathway, module, kit, sheet, tool, diagnostic, case or list. `place`: keys without ranks."""
    known = _known(get_lang())
    key = place.rsplit(".", 1)[-1]
    names = (f"{family}:{place}", place, f"{family}:{key}", key)
    return next((known[name] for name in names if name in known), Words(place))


def one_more(place: str) -> str:
    """On the button that adds an element to a list."""
    return _adds(get_lang()).get(place, _("Ajouter"))


def element(place: str, rank: int) -> str:
    """What an element of a list is called."""
    name = _elements(get_lang()).get(place) or _elements(get_lang()).get(place.rsplit(".", 1)[-1], _("Élément"))
    return f"{name} {rank}"


@lru_cache(4)
def _known(_lang: str) -> dict[str, Words]:
    return _common() | _asked() | _kits() | _diagnostics() | _lists()


def _common() -> dict[str, Words]:
    return {
        "note": Words(_("Note entre auteurs"), _("Elle n’est jamais montrée aux personnes qui suivent.")),
        "uid": Words(_("Nom technique"), _("Fait une fois pour toutes : le changer perd ce qui y était rattaché.")),
        "title": Words(_("Titre")),
        "summary": Words(_("Résumé"), _("Deux ou trois phrases.")),
        "body": Words(_("Contenu")),
        "sources": Words(
            _("Sources"),
            _("Une par ligne, avec sa date de consultation. Un chiffre : plutôt dans les faits."),
        ),
        "use": Words(_("Module repris"), _("parcours/module, par leurs noms d’adresse")),
        "facts": Words(_("Faits à vérifier"), _("Ce que le texte affirme, d’où il le tient, et quand y revenir.")),
        "facts.claim": Words(_("Ce qui est affirmé")),
        "facts.source": Words(_("Source"), _("Titre, auteur, adresse.")),
        "facts.on": Words(_("Date de la source")),
        "facts.review": Words(_("À revoir le"), _("À partir de ce jour, l’atelier le rappelle.")),
        "provenance": Words(
            _("Qui a écrit ce texte"), _("Lu par tous : d’où vient le contenu, et ce qu’il n’est pas.")
        ),
        "official_url": Words(_("Adresse officielle")),
        "minutes": Words(_("Minutes")),
        "kit": Words(_("Kit pratique")),
        "chemin": Words(_("Chemin")),
        "need": Words(_("Besoin")),
        "url": Words(_("Adresse"), _("Elle commence par https://")),
        "text": Words(_("Texte")),
        "help": Words(_("Aide sous la question")),
        "ready": Words(_("Écrite, prête à publier"), _("Sinon elle est annoncée « en cours d’écriture ».")),
        "rappel": Words(
            _("Réponses rappelées ici"), _("Ce que la personne a écrit plus tôt, montré en haut de la page.")
        ),
        "pathway:title": Words(_("Titre du parcours")),
        "audience": Words(_("Pour qui")),
        "pathway:type": Words(_("Sorte de parcours")),
        "rank": Words(_("Rang au catalogue"), _("Le plus petit d’abord.")),
        "formats": Words(_("Formats"), _("Du plus court au plus long ; chacun contient ceux d’avant.")),
        "formats.name": Words(_("Nom du format"), _("Comme 2h ou 20min.")),
        "formats.minutes": Words(_("Minutes annoncées")),
        "actors": Words(_("Organisations visées"), _("Aucune : le parcours est pour toutes.")),
        "objectives": Words(_("Objectifs")),
        "objectives.text": Words(_("À la fin, vous saurez…")),
        "objectives.format": Words(_("Atteint dès le format")),
        "objectives.evidence": Words(_("Étapes qui le montrent")),
        "foundations.title": Words(_("Titre")),
        "foundations": Words(_("Ce sur quoi le parcours s’appuie")),
        "module:title": Words(_("Titre du module")),
        "stage": Words(_("Étape de la méthode")),
        "case:title": Words(_("Titre de l’exemple")),
        "actor": Words(_("Type d’organisation")),
        "size": Words(_("Taille")),
        "domain": Words(_("Domaine")),
        "level": Words(_("Échelon du territoire")),
        "region": Words(_("Région")),
        "fictional": Words(_("Exemple fictif"), _("Il porte alors la mention « fictif ».")),
    }


def _asked() -> dict[str, Words]:
    """Steps, their fields, their questions."""
    feedback = _("Lu dès que la réponse est donnée.")
    return {
        "step:title": Words(_("Titre de l’étape")),
        "step:kind": Words(_("Type"), _("Un autre type garde ce que les deux ont en commun.")),
        "step:format": Words(_("À partir de"), _("Le format le plus court qui contient l’étape.")),
        "optional": Words(_("Facultative"), _("Elle ne compte pas dans les minutes du format.")),
        "key": Words(_("L’idée clé"), _("Une ou deux phrases, en tête de page.")),
        "takeaway": Words(_("La question à emporter")),
        "fields": Words(_("À vous : ce que la personne écrit")),
        "fields.name": Words(_("Nom technique"), _("Fait d’après la question.")),
        "fields.label": Words(_("Question posée")),
        "fields.type": Words(_("Sorte de réponse")),
        "fields.required": Words(_("Réponse nécessaire pour terminer")),
        "fields.options": Words(_("Choix"), _("Un par ligne.")),
        "fields.terms": Words(_("Ou une liste de mots du site")),
        "fields.fills": Words(_("Remplit le profil")),
        "fields.slot": Words(_("Sa place dans le bilan")),
        "fields.max": Words(_("Longueur au plus"), _("En caractères.")),
        "pass": Words(_("Bonnes réponses pour terminer"), _("Vide : sept sur dix, arrondi au-dessus.")),
        "questions": Words(_("Questions")),
        "questions.type": Words(_("Sorte de question")),
        "questions.ask": Words(_("Question")),
        "questions.options": Words(_("Réponses proposées")),
        "questions.options.text": Words(_("Réponse")),
        "questions.options.right": Words(_("C’est une bonne réponse")),
        "questions.options.feedback": Words(_("Ce que l’on répond à qui la choisit"), feedback),
        "questions.answer": Words(_("Bonne réponse")),
        "questions.feedback_right": Words(_("Ce que l’on dit d’une bonne réponse"), feedback),
        "questions.feedback_wrong": Words(_("Ce que l’on dit d’une mauvaise réponse"), feedback),
        "questions.explain": Words(_("Explication"), _("Ouverte après deux essais.")),
        "questions.items": Words(_("Éléments, dans le bon ordre"), _("Un par ligne, de trois à sept.")),
        "questions.pairs": Words(_("Paires à relier")),
        "questions.pairs.left": Words(_("À gauche")),
        "questions.pairs.right": Words(_("À droite")),
        "questions.tolerance": Words(_("Écart accepté")),
        "questions.unit": Words(_("Unité")),
        "questions.accept": Words(_("Réponses acceptées"), _("Une par ligne ; majuscules et accents ne comptent pas.")),
        "step:diagnostic": Words(
            _("Autodiagnostic proposé"), _("Le vôtre se commence dans l’atelier, puis se choisit ici.")
        ),
        "cases": Words(_("Exemples montrés"), _("Le plus proche de la personne vient d’abord.")),
        "links": Words(_("Liens")),
        "links.title": Words(_("Titre")),
        "by_chemin": Words(
            _("Proposer le kit du chemin de la personne"), _("Le kit ci-dessus sert à qui n’a pas de chemin.")
        ),
        "media": Words(_("Fichier joué"), _("Un fichier du module que nous avons le droit de servir.")),
        "link": Words(_("Ou l’adresse où la voir")),
        "poster": Words(_("Image d’attente")),
        "captions": Words(_("Sous-titres")),
        "captions.lang": Words(_("Langue")),
        "captions.file": Words(_("Fichier")),
        "duration": Words(_("Durée"), _("Comme 2:30, ou 1:02:30.")),
        "source": Words(_("Qui l’a faite, d’où elle vient")),
        "licence": Words(_("Ce qui permet de la servir")),
        "on": Words(_("Quand"), _("Comme « 2027-06-17 12:30 Europe/Paris », ou « à venir ».")),
        "place": Words(_("Lieu")),
        "host": Words(_("Qui anime")),
        "about": Words(_("Ce qui s’y passe"), _("Le contenu, lui, est ce que fait qui ne peut pas venir.")),
        "replay": Words(_("Adresse du replay")),
    }


def _kits() -> dict[str, Words]:
    return {
        "kit:title": Words(_("Titre du kit")),
        "method": Words(_("Méthode"), _("Une ligne par temps.")),
        "examples": Words(_("Exemples")),
        "kit:data": Words(_("Données")),
        "kit:data.title": Words(_("Titre")),
        "tools": Words(_("Outils")),
        "tools.title": Words(_("Nom de l’outil")),
        "tools.uid": Words(_("L’outil de ce kit"), _("Rien tant qu’il n’est pas écrit.")),
        "tools.ready": Words(_("Prêt")),
        "skills": Words(_("Compétences"), _("Une par ligne.")),
        "code": Words(_("Code"), _("Comme FA1.")),
        "axis": Words(_("Axe")),
        "when": Words(_("Quand s’en servir")),
        "work": Words(_("À faire")),
        "work.do": Words(_("Geste")),
        "work.detail": Words(_("Précision")),
        "example_title": Words(_("Titre de l’exemple")),
        "example": Words(_("Exemple")),
        "mistake": Words(_("L’erreur fréquente")),
        "question": Words(_("La question à se poser")),
        "tool:kind": Words(_("Sorte de page")),
        "purpose": Words(_("À quoi il sert")),
        "who": Words(_("Avec qui")),
        "tool:sheet": Words(_("La fiche qui va avec")),
        "paper": Words(_("Papier")),
        "tool:file": Words(_("Fichier à remplir au bureau")),
        "before": Words(_("À lire avant")),
        "after": Words(_("À savoir ensuite")),
        "signed": Words(_("Deux places pour signer")),
        "tool:fields": Words(_("Cases à remplir")),
        "fields.start": Words(_("Commencer par une réponse d’avant")),
        "fields.columns": Words(_("Colonnes")),
        "fields.columns.name": Words(_("Nom technique"), _("Fait d’après le titre de la colonne.")),
        "fields.columns.label": Words(_("Titre de la colonne")),
        "fields.columns.type": Words(_("Sorte de réponse")),
        "fields.columns.options": Words(_("Choix"), _("Un par ligne.")),
        "fields.columns.max": Words(_("Longueur au plus"), _("En caractères.")),
        "fields.rows": Words(_("Lignes du tableau"), _("Un titre par ligne.")),
        "fields.lines": Words(_("Ou un nombre de lignes sans titre")),
    }


def _diagnostics() -> dict[str, Words]:
    return {
        "diagnostic:title": Words(_("Titre de l’autodiagnostic")),
        "axes": Words(_("Axes")),
        "axes.code": Words(_("Lettre"), _("Une majuscule, qui lie les questions à l’axe.")),
        "axes.name": Words(_("Nom de l’axe")),
        "axes.low": Words(_("Ce qui manque le plus : …"), _("Lu quand cet axe est le plus bas.")),
        "axes.module": Words(_("Module par lequel commencer")),
        "axes.sheet": Words(_("Fiche à ouvrir d’abord")),
        "axes.cross_kit": Words(_("Autre kit à ajouter")),
        "questions.axis": Words(_("Axe")),
        "diagnostic:questions.options": Words(
            _("Quatre réponses"), _("Une par ligne, de la plus faible (0 point) à la plus forte (3 points).")
        ),
        "levels": Words(
            _("Niveaux et conseils"), _("Un pour chaque niveau de la liste du site, du plus bas au plus haut.")
        ),
        "levels.slug": Words(_("Niveau")),
        "levels.min_percent": Words(_("À partir de … % des points")),
        "levels.min_axis_percent": Words(_("Et d’au moins … % sur chaque axe")),
        "levels.format": Words(_("Format conseillé")),
        "levels.longer": Words(_("Format conseillé à qui a plus de temps")),
        "levels.intent": Words(_("Intention")),
        "levels.need": Words(_("Besoin")),
        "levels.sheets": Words(_("Fiches à ouvrir, dans l’ordre")),
        "levels.also": Words(_("Ce qui va avec")),
        "levels.data": Words(_("Données")),
        "levels.tools": Words(_("Outils")),
        "levels.skills": Words(_("Compétences")),
        "levels.text": Words(_("Ce que l’on en dit")),
        "levels.discuss_with": Words(_("Avec qui en parler")),
        "levels.discuss": Words(_("De quoi parler")),
    }


def _lists() -> dict[str, Words]:
    return {
        "list:title": Words(_("Titre de la liste")),
        "status_note": Words(_("État de la liste")),
        "terms": Words(_("Mots")),
        "terms.slug": Words(_("Nom technique"), _("Ce que gardent les textes et les profils : il ne change plus.")),
        "fr": Words(_("En français")),
        "en": Words(_("En anglais")),
        "terms.source": Words(_("Source")),
        "terms.status": Words(_("Statut")),
        "screen": Words(_("Montré à la place")),
        "terms.kind": Words(_("Sorte")),
        "letter": Words(_("Lettre")),
        "terms.rank": Words(_("Rang")),
        "number": Words(_("Numéro")),
        "sdg": Words(_("Objectif de développement durable")),
        "insee": Words(_("Code INSEE")),
        "platform": Words(_("Plateforme")),
        "impact": Words(_("Impact")),
        "months": Words(_("Mois")),
        "longest": Words(_("Minutes du plus long format conseillé")),
        "variants": Words(_("Variantes")),
        "adoc": Words(_("Donné par un autodiagnostic A.D.O.C.")),
        "terms.min_percent": Words(_("À partir de … % des points")),
        "terms.min_axis_percent": Words(_("Et d’au moins … % sur chaque axe")),
    }


@lru_cache(4)
def _adds(_lang: str) -> dict[str, str]:
    return {
        "fields": _("Ajouter une question à la personne"),
        "fields.columns": _("Ajouter une colonne"),
        "questions": _("Ajouter une question"),
        "questions.options": _("Ajouter une réponse"),
        "questions.pairs": _("Ajouter une paire"),
        "objectives": _("Ajouter un objectif"),
        "formats": _("Ajouter un format"),
        "foundations": _("Ajouter un appui"),
        "facts": _("Ajouter un fait"),
        "links": _("Ajouter un lien"),
        "captions": _("Ajouter des sous-titres"),
        "tools": _("Ajouter un outil"),
        "work": _("Ajouter un geste"),
        "axes": _("Ajouter un axe"),
        "levels": _("Ajouter un niveau"),
        "levels.sheets": _("Ajouter une fiche"),
        "terms": _("Ajouter un mot"),
        "data": _("Ajouter une donnée"),
    }


@lru_cache(4)
def _elements(_lang: str) -> dict[str, str]:
    return {
        "fields": _("Question à la personne"),
        "columns": _("Colonne"),
        "questions": _("Question"),
        "questions.options": _("Réponse"),
        "pairs": _("Paire"),
        "objectives": _("Objectif"),
        "formats": _("Format"),
        "foundations": _("Appui"),
        "facts": _("Fait"),
        "links": _("Lien"),
        "captions": _("Sous-titres"),
        "tools": _("Outil"),
        "work": _("Geste"),
        "axes": _("Axe"),
        "levels": _("Niveau"),
        "levels.sheets": _("Fiche"),
        "terms": _("Mot"),
        "data": _("Donnée"),
    }
