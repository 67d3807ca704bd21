"""What is known of the files of the media store."""

from sqlalchemy.orm import Session

from app.errors import Missing
from app.models import Media


def file(db: Session, sha256: str) -> Media:
    """What is known of a file of the media store. Raises Missing."""
    found = db.get(Media, sha256)
    if found is None:
        raise Missing
    return found
