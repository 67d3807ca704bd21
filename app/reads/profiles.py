"""What a profile may say: the entries of the taxonomies, in the reader's language."""

from sqlalchemy.orm import Session

from app.i18n import get_lang, typo
from app.models import Term
from app.reads import courses

LISTS: dict[str, tuple[str, ...]] = {
    "actor": ("actor_profiles",),
    "size": ("company_sizes",),
    "role": ("actor_roles",),
    "domain": ("domains",),
    "level": ("territorial_levels",),
    "region": ("regions", "regions_overseas"),
    "chemin": ("paths",),
    "time": ("times",),
}
"""Line of the profile -> the lists that its values come from."""

Choices = dict[str, tuple[tuple[str, str], ...]]
"""Line of the profile -> (value, label) in order."""


def choices(db: Session) -> Choices:
    terms = courses.terms(db, *(name for lists in LISTS.values() for name in lists))
    return {
        line: tuple((term.slug, _label(term)) for name in lists for term in terms[name])
        for line, lists in LISTS.items()
    }


def _label(term: Term) -> str:
    return typo(term.labels.get(get_lang()) or term.labels["fr"])
