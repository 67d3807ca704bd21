"""The four things that can go wrong for a person; the door turns each into a page."""


class Missing(Exception):
    """404: it does not exist, or not for this person."""


class Forbidden(Exception):
    """403: this person may not do that."""


class Conflict(Exception):
    """409: the text changed meanwhile; both versions are kept and shown."""

    def __init__(self, mine: str, theirs: str) -> None:
        super().__init__("conflict")
        self.mine = mine
        self.theirs = theirs


class Refused(Exception):
    """422: a rule says no, with a sentence for a person, about one field or about the whole."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
