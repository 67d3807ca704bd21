"""Numbers in the address of a list: where it goes on, whom it is about."""

from app.web.address import ID_MAX


def number(text: str) -> int | None:
    """None for what is no row's number: the list is then whole."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) <= ID_MAX else None
