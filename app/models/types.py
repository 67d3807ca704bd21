"""Column types that every table shares."""

from enum import StrEnum

from sqlalchemy import BigInteger, Enum, Integer

Id = BigInteger().with_variant(Integer, "sqlite")
"""A row's number: 64 bits on both engines."""


def closed(vocabulary: type[StrEnum]) -> Enum:
    """A closed vocabulary stored as a checked string."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda words: [word.value for word in words],
        name=vocabulary.__name__.lower(),
    )
