"""A video or a sound, always with its text; played from here, or a link where we may not serve it."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Bounds

from app.content.folder import CAPTIONS, IMAGES, SOUNDS, VIDEOS
from app.content.folder import ending as ending
from app.content.schema import (
    Doc,
    Flaw,
    Line,
    MaybeLine,
    MaybeUrl,
    OrNothing,
    Ref,
    Said,
    a_file,
    doubles,
    matching,
)
from app.i18n import _, ngettext
from app.steps.kind import FIELDS, Assessment, StepContent, Work, asked, assess_fields

name = "video"
icon = "play"
idle_seconds = 180
task_fields = FIELDS

Recording = Annotated[Line, a_file(*VIDEOS, *SOUNDS), OrNothing]
Poster = Annotated[Line, a_file(*(image for image in IMAGES if image != "svg")), OrNothing]
CaptionFile = Annotated[Line, a_file(*CAPTIONS)]
Length = Annotated[
    Line,
    matching(r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-5][0-9]", lambda: _("une durée s’écrit comme 2:30, ou 1:02:30")),
    OrNothing,
]


class Caption(Doc):
    lang: Literal["fr", "en"]
    file: CaptionFile


class Video(StepContent):
    NEEDED: ClassVar[tuple[str, ...]] = ("duration", "body")

    kind: Literal["video"]
    media: Recording = ""
    """The file of the module that is played: only what we may serve."""
    link: MaybeUrl = ""
    """Where it is shown, when we may not serve it."""
    poster: Poster = ""
    captions: Annotated[tuple[Caption, ...], Bounds(max_length=2)] = ()
    duration: Length = ""
    source: Said[MaybeLine] = ""
    """Who made it, where it comes from."""
    licence: Said[MaybeLine] = ""
    """What allows us to serve it."""

    @property
    def heard(self) -> bool:
        """A sound, without pictures."""
        return ending(self.media) in SOUNDS

    def flaws(self) -> Iterator[Flaw]:
        yield from super().flaws()
        yield from doubles([caption.lang for caption in self.captions], "captions", "lang")
        if self.ready and bool(self.media) == bool(self.link):
            yield (), _("une vidéo a un fichier (« media ») ou une adresse (« link »), l’un des deux")
        if self.media:
            yield from self._served()
        elif self.poster or self.captions:
            loc = "poster" if self.poster else "captions"
            yield (loc,), _("une image ou des sous-titres accompagnent un fichier : il manque « %(key)s »", key="media")

    def _served(self) -> Iterator[Flaw]:
        """What comes with a file that is played from here."""
        if not self.heard and not self.captions:
            yield ("media",), _("une vidéo a ses sous-titres : ajoutez « captions », avec la langue et le fichier .vtt")
        if self.heard and (self.captions or self.poster):
            loc = "captions" if self.captions else "poster"
            yield (loc,), _("un son n’a ni image ni sous-titres : sa version texte les remplace")
        for key in ("source", "licence"):
            if not getattr(self, key):
                yield (
                    ("media",),
                    _(
                        "il manque « %(key)s » : une vidéo servie d’ici dit d’où elle vient et ce qui le permet",
                        key=key,
                    ),
                )

    def refs(self) -> Iterator[Ref]:
        yield from super().refs()
        for key in ("media", "poster"):
            if value := getattr(self, key):
                yield Ref((key,), "file", value)
        yield from (Ref(("captions", rank, "file"), "file", c.file) for rank, c in enumerate(self.captions))


Content = Video


def label() -> str:
    return _("Vidéo")


def rule(content: StepContent) -> str:
    n = asked(content)
    if isinstance(content, Video) and content.heard:
        return (
            ngettext(
                "Terminé quand vous l’avez écoutée ou lue, et répondu à la question.",
                "Terminé quand vous l’avez écoutée ou lue, et répondu aux %(n)s questions.",
                n,
            )
            if n
            else _("Terminé quand vous l’avez écoutée ou lue.")
        )
    return (
        ngettext(
            "Terminé quand vous l’avez regardée ou lue, et répondu à la question.",
            "Terminé quand vous l’avez regardée ou lue, et répondu aux %(n)s questions.",
            n,
        )
        if n
        else _("Terminé quand vous l’avez regardée ou lue.")
    )


def assess(content: StepContent, work: Work) -> Assessment:
    return assess_fields(content, work)
