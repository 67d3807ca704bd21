"""What is shown, and what is said of it, as a button or a form gives them."""

from collections.abc import Mapping, Sequence

from app.errors import Refused
from app.i18n import _
from app.models import Shared, Verdict


def shared(posted: Mapping[str, str]) -> Shared:
    """Which part of a self-diagnostic, or which notes, a button is about. Raises Refused."""
    try:
        return Shared(posted.get("what", ""))
    except ValueError:
        raise Refused(_("Cette demande ne se lit pas : revenez à la page précédente.")) from None


def verdict(text: str) -> Verdict | None:
    return Verdict(text) if text in set(Verdict) else None


def place(text: str) -> int:
    """A number as an address or a box gives it; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def places(texts: Sequence[str]) -> list[int]:
    """Numbers of places in a cohort, as boxes give them, each once."""
    return sorted({place(text) for text in texts} - {0})
