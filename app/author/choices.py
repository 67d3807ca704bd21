"""What may be chosen in a form: closed vocabularies in words, and what the site holds."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from app.content import folder, text
from app.content.outline import declared, said
from app.i18n import ORIGINAL, _, get_lang, minutes
from app.steps import KINDS

Choice = tuple[str, str]
"""What is written, what is read."""
Texts = Mapping[str, str]
"""Path -> text."""

PLACES: Mapping[str, str] = {
    "step:format": "formats",
    "pathway:objectives.format": "formats",
    "pathway:objectives.evidence": "steps",
    "pathway:chemin": "paths",
    "pathway:need": "needs",
    "pathway:kit": "kits",
    "pathway:actors": "actor_profiles",
    "module:stage": "method_stages",
    "step:rappel": "fields",
    "step:fields.terms": "lists",
    "step:diagnostic": "diagnostics",
    "step:cases": "cases",
    "step:kit": "kits",
    "step:media": "recordings",
    "step:poster": "posters",
    "step:captions.file": "captions",
    "case:actor": "actor_profiles",
    "case:size": "company_sizes",
    "case:domain": "domains",
    "case:level": "territorial_levels",
    "case:region": "regions|regions_overseas",
    "kit:chemin": "paths",
    "kit:examples": "cases",
    "kit:tools.uid": "tools",
    "sheet:rappel": "fields",
    "tool:rappel": "fields",
    "tool:fields.start": "fields",
    "tool:sheet": "sheets",
    "diagnostic:kit": "kits",
    "diagnostic:axes.module": "modules",
    "diagnostic:axes.sheet": "every_sheet",
    "diagnostic:questions.axis": "axes",
    "diagnostic:levels.format": "every_format",
    "diagnostic:levels.longer": "every_format",
    "diagnostic:axes.cross_kit": "kits",
    "diagnostic:levels.slug": "maturity_levels",
    "diagnostic:levels.intent": "intents",
    "diagnostic:levels.need": "needs",
    "list:terms.kit": "kits",
}
"""Where something of the site is named; a bar between several lists."""
FILES: Mapping[str, Sequence[str]] = {
    "recordings": (*folder.VIDEOS, *folder.SOUNDS),
    "posters": [ending for ending in folder.IMAGES if ending != "svg"],
    "captions": folder.CAPTIONS,
}
"""Endings of the files beside a text that may be named in it."""


def listed(family: str, place: str) -> bool:
    """Whether only what the site holds may be named there."""
    return f"{family}:{place}" in PLACES


def offered(family: str, place: str, held: Mapping[str, Sequence[Choice]]) -> tuple[Choice, ...]:
    """What the site holds that may be named there, nothing where anything may be written."""
    names = PLACES.get(f"{family}:{place}", "")
    return tuple(choice for name in names.split("|") for choice in held.get(name, ()))


def held(path: str, near: Texts, fronts: Texts, files: Sequence[str] = ()) -> dict[str, list[Choice]]:
    """What may be named from a text. `near`: the texts of its pathway or kit; `fronts`: those of the whole site, and
    the pages of its kits where one of them may be named."""
    found: dict[str, list[Choice]] = {"lists": []}
    for where, content in fronts.items():
        head, slug, *_rest = where.split("/")
        if head == "taxonomy":
            name = slug.removesuffix(".yaml")
            found[name] = list(_terms(where, content, get_lang()))
            found["lists"].append((name, said(where, content).get("title", name)))
        elif head in ("kits", "cases", "diagnostics") and where.endswith(f"/{head[:-1]}.md"):
            found.setdefault(head, []).append((slug, said(where, content).get("title", "") or slug))
    found |= _of_pathways(fronts) | {"every_sheet": list(_sheets(fronts))}
    if path in near:
        axes = _listed(path, near[path], "axes")
        found["axes"] = [(each.get("code", ""), f"{each.get('code', '')}. {each.get('name', '')}") for each in axes]
    found |= _of_pathway(near) | _of_kit(near)
    here = [each.rsplit("/", 1)[-1] for each in files if each.startswith(f"{path.rsplit('/', 1)[0]}/files/")]
    for name, endings in FILES.items():
        found[name] = [(f"files/{each}", each) for each in here if each.rsplit(".", 1)[-1] in endings]
    return found


def _of_pathways(fronts: Texts) -> dict[str, list[Choice]]:
    """The modules and formats of every pathway."""
    titles = {
        where.split("/")[1]: said(where, each).get("title", "") for where, each in fronts.items() if _is_front(where)
    }
    modules, formats = [], dict[str, str]()
    for where, content in fronts.items():
        if where.endswith("/module.md"):
            _head, pathway, module, _name = where.split("/")
            title = said(where, content).get("title", "") or module
            modules.append((module[3:], f"{titles.get(pathway) or pathway} : {title}"))
        elif _is_front(where):
            formats |= {name: minutes(most) if most else name for name, most in declared(where, content)}
    return {"modules": modules, "every_format": list(formats.items())}


def _sheets(fronts: Texts) -> Iterator[Choice]:
    """Of every kit, each under the title of its kit."""
    for where, content in fronts.items():
        head, kit, *_rest = where.split("/")
        keys = said(where, content) if head == "kits" and folder.language(where) == ORIGINAL else {}
        if keys.get("uid") and keys.get("kind") != "tool":
            front = f"kits/{kit}/kit.md"
            home = said(front, fronts.get(front, "")).get("title", "") or kit
            yield keys["uid"], f"{home} : {keys.get('title', '') or keys['uid']}"


def _is_front(path: str) -> bool:
    return path.startswith("pathways/") and path.endswith("/pathway.md")


def _of_pathway(near: Texts) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {"formats": [], "steps": [], "fields": []}
    for where, content in near.items():
        if folder.language(where) != ORIGINAL or not where.startswith("pathways/"):
            continue
        if _is_front(where):
            found["formats"] = [(name, minutes(most) if most else name) for name, most in declared(where, content)]
        elif uid := said(where, content).get("uid", ""):
            title = said(where, content).get("title", "") or uid
            found["steps"].append((uid, title))
            found["fields"] += ((f"{uid}.{name}", f"{title} : {label}") for name, label in _fields(where, content))
    return found


def _of_kit(near: Texts) -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {"sheets": [], "tools": []}
    for where, content in near.items():
        keys = said(where, content)
        if where.startswith("kits/") and keys.get("uid") and folder.language(where) == ORIGINAL:
            kind = "tools" if keys.get("kind") == "tool" else "sheets"
            found[kind].append((keys["uid"], keys.get("title", "") or keys["uid"]))
    return found


@lru_cache(2000)
def _fields(path: str, content: str) -> tuple[Choice, ...]:
    """(name, question) of what a step asks to write."""
    return tuple((each.get("name", ""), each.get("label", "")) for each in _listed(path, content, "fields"))


@lru_cache(200)
def _terms(path: str, content: str, lang: str) -> tuple[Choice, ...]:
    terms = _listed(path, content, "terms")
    return tuple((each.get("slug", ""), each.get(lang, "") or each.get("fr", "")) for each in terms)


def _listed(path: str, content: str, key: str) -> Iterator[dict[str, str]]:
    tree = text.read(content, path)
    plain = tree.root.plain() if tree.root is not None else {}
    items = plain.get(key) if isinstance(plain, dict) else None
    for each in items if isinstance(items, list) else ():
        if isinstance(each, dict):
            yield {name: value for name, value in each.items() if isinstance(value, str)}


def worded(family: str, place: str, value: str) -> str:
    """A value of a closed vocabulary in words."""
    if f"{family}:{place}" == "step:kind":
        return KINDS[value].label() if value in KINDS else value
    known = _worded(get_lang())
    return known.get(f"{place}={value}") or known.get(f"{place.rsplit('.', 1)[-1]}={value}") or known.get(value, value)


@lru_cache(4)
def _worded(_lang: str) -> dict[str, str]:
    return {
        "yes": _("Oui"),
        "no": _("Non"),
        "questions.answer=yes": _("Vrai"),
        "questions.answer=no": _("Faux"),
        "single": _("Un seul choix"),
        "multiple": _("Plusieurs choix"),
        "truefalse": _("Vrai ou faux"),
        "order": _("À remettre dans l’ordre"),
        "match": _("À relier"),
        "numeric": _("Un nombre"),
        "short": _("Une réponse courte"),
        "decouverte": _("Découverte, en plusieurs formats"),
        "court": _("Court, en un seul format"),
        "type=text": _("Quelques phrases"),
        "type=line": _("Une ligne"),
        "type=choice": _("Un choix"),
        "type=choices": _("Plusieurs choix"),
        "type=date": _("Une date"),
        "type=table": _("Un tableau"),
        "fills=actor": _("Type d’organisation"),
        "fills=size": _("Taille"),
        "fills=role": _("Rôle"),
        "fills=domain": _("Domaine"),
        "fills=level": _("Échelon du territoire"),
        "fills=region": _("Région"),
        "fills=chemin": _("Chemin"),
        "fills=time": _("Temps disponible"),
        "slot=alone": _("Ce que nous n’arrivons pas à faire seuls"),
        "slot=need": _("Le besoin que nous partageons"),
        "slot=keep": _("Ce que je garde"),
        "slot=try": _("Ce que je tente"),
        "slot=use": _("La ressource que je retiens"),
        "slot=who": _("J’appelle"),
        "slot=ask": _("Pour demander"),
        "slot=by": _("Avant le"),
        "slot=board": _("À mon bureau"),
        "slot=horizon": _("Mon cap à 18 mois"),
        "lang=fr": _("français"),
        "lang=en": _("anglais"),
        "paper=portrait": _("Debout"),
        "paper=landscape": _("Couché"),
        "file=table": _("Un tableur"),
        "file=text": _("Un texte"),
        "sheets=first": _("La première"),
        "sheets=weakest": _("Celle de l’axe le plus bas"),
        "sheets=second": _("Celle de l’axe suivant"),
        "sheets=all": _("Toutes"),
        "status=seed": _("repris d’un document d’origine"),
        "status=public": _("d’une source publique"),
        "status=standard": _("d’une norme"),
        "status=composed": _("composé de plusieurs sources"),
        "status=placeholder": _("à remplacer"),
        "status=ours": _("de notre main"),
        "tool": _("Outil"),
    }
