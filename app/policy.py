"""Who may do what: one table, from a capability to predicates on the person and the object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.models.people import Role


@dataclass(frozen=True)
class Profile:
    """What a learner said of their organisation: slugs of the taxonomies, None where they said nothing."""

    actor: str | None = None
    size: str | None = None
    role: str | None = None
    domain: str | None = None
    level: str | None = None
    region: str | None = None
    chemin: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class Me:
    """The person who asks, as the door recognised them."""

    id: int
    guest: bool
    name: str | None
    email: str | None
    lang: str | None
    zone: str
    sign_in_id: int
    expires_at: datetime
    """Until when this device is recognised, without another act."""
    roles: frozenset[Role] = frozenset()
    profile: Profile = field(default_factory=Profile)
    member: bool = False
    """Is, or has been, in a cohort: for who never was, no page asks what is shared there."""


class Capability(StrEnum):
    PUBLIC = "public"
    LEARN = "learn"
    ACCOUNT = "account"
    TEACH = "teach"
    WRITE = "write"
    ADMINISTER = "administer"


PUBLIC, LEARN, ACCOUNT = Capability.PUBLIC, Capability.LEARN, Capability.ACCOUNT
TEACH, WRITE, ADMINISTER = Capability.TEACH, Capability.WRITE, Capability.ADMINISTER

Predicate = Callable[[Me | None, object], bool]


def anyone(_me: Me | None, _thing: object) -> bool:
    return True


def is_somebody(me: Me | None, _thing: object) -> bool:
    return me is not None


def has_account(me: Me | None, _thing: object) -> bool:
    return me is not None and not me.guest


def holds(role: Role) -> Predicate:
    """They were granted it, and still have it."""
    return lambda me, _thing: me is not None and role in me.roles


TABLE: Mapping[Capability, tuple[Predicate, ...]] = {
    PUBLIC: (anyone,),
    LEARN: (is_somebody,),
    ACCOUNT: (has_account,),
    TEACH: (has_account, holds(Role.TRAINER)),
    WRITE: (has_account, holds(Role.AUTHOR)),
    ADMINISTER: (has_account, holds(Role.ADMIN)),
}
"""Every predicate must hold."""


def may(me: Me | None, capability: Capability, thing: object = None) -> bool:
    return all(predicate(me, thing) for predicate in TABLE[capability])


def publishes(me: Me, publishing: str) -> bool:
    """Whether who writes also publishes, or proposes. `publishing`: who publishes here, « authors » or « admins »."""
    return publishing == "authors" or Role.ADMIN in me.roles
