"""The only place that reads the clock."""

from datetime import UTC, datetime

_frozen: datetime | None = None


def now() -> datetime:
    return _frozen or datetime.now(UTC)


def freeze(moment: datetime) -> None:
    """Stop the clock: in tests, and for the past of the demonstration."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    _frozen = moment.astimezone(UTC)


def unfreeze() -> None:
    global _frozen
    _frozen = None
