"""What is shown, and what is said of it, as a button or a form gives them."""

from collections.abc import Mapping

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
