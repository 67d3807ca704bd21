"""The feed of what is new, for a reader of feeds."""

from sqlalchemy.orm import Session

from app.i18n import _, get_lang
from app.outside import atom
from app.reads import news
from app.reads.news import New


def feed(db: Session, base: str, author: str) -> bytes:
    """`base`: the address of the site; `author`: whose it is."""
    entries = [
        atom.Entry(
            id=f"{base}/parcours/{new.slug}#edition-{new.number}",
            url=f"{base}/parcours/{new.slug}",
            title=_("%(title)s, édition %(n)s", title=new.title, n=new.number),
            text=_said(new),
            at=new.at,
        )
        for new in news.latest(db)
    ]
    own = f"{base}/nouveautes.atom"
    return atom.feed(
        _("Balises : ce qui est nouveau"), author or "Balises", own, f"{base}/parcours", get_lang(), entries
    )


def _said(new: New) -> str:
    if new.correctif:
        return _("Correctif : %(note)s", note=new.note)
    return new.note or (_("Nouveau parcours.") if new.number == 1 else _("Nouvelle édition."))
