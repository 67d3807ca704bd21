"""One module or step of a pathway: another title, another place, a copy, or taken away."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.author.pages.entries import Entry, entries
from app.content.outline import outline
from app.errors import Missing
from app.models import DocumentKind
from app.reads import drafts


@dataclass(frozen=True)
class ArrangementPage:
    slug: str
    pathway: str
    """Its title."""
    entry: Entry
    modules: tuple[Entry, ...]
    steps: int
    """Of a module: how many it holds."""
    lent: bool
    """It is written in another pathway."""

    @property
    def most(self) -> int:
        """The last rank that one may ask for."""
        return max((each.of for each in self.modules), default=1) if not self.entry.step else 99


def arrangement(db: Session, slug: str, number: int) -> ArrangementPage:
    """Raises Missing."""
    drafts.document(db, DocumentKind.PATHWAY, slug)
    living = drafts.within(db, f"pathways/{slug}/")
    texts = {each.path: each.text for each in living if each.text is not None}
    whole = outline(slug, texts, drafts.lent_fronts(db, living))
    found = entries(whole, living)
    here = next((each for each in found if each.number == number), None)
    if here is None:
        raise Missing
    modules = tuple(each for each in found if not each.step)
    lent = {prefix.path for prefix in whole.modules if prefix.use}
    taken = any(each.id == number and each.path in lent for each in living)
    steps = sum(each.module == number for each in found)
    own = tuple(each for each in modules if not any(d.id == each.number and d.path in lent for d in living))
    return ArrangementPage(slug, whole.title or slug, here, own if here.step else modules, steps, taken)
