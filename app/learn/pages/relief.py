"""The hills of a card: a slope drawn from the pathway's own name, its formats standing on it to scale."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT, END = 560, 112, 538


@dataclass(frozen=True)
class Post:
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class Relief:
    """SVG paths of a 560 × 112 box: `line` is the trail, `ground` the whole hill, then nearer slopes, one a format."""

    line: str
    ground: str
    slopes: tuple[str, ...]
    posts: tuple[Post, ...]


def relief(slug: str, formats: tuple[tuple[str, int], ...]) -> Relief:
    """The same slug gives the same hills. `formats`: (label, minutes), shortest first."""
    noise = hashlib.sha256(slug.encode()).digest()
    longest = formats[-1][1] if formats else 1
    stops = [round(END * minutes / longest) for _label, minutes in formats]
    xs = sorted({0, WIDTH, *(WIDTH * n // 8 for n in range(9)), *stops})
    ys = [_height(x, noise[rank % len(noise)]) for rank, x in enumerate(xs)]
    points = list(zip(xs, ys, strict=True))
    posts = tuple(Post(label, x, dict(points)[x]) for (label, _minutes), x in zip(formats, stops, strict=True))
    slopes = tuple(_hill([point for point in points if point[0] <= post.x]) for post in posts[:-1])
    return Relief(_curve(points), _hill(points), slopes, posts)


def _height(x: int, noise: int) -> int:
    climb = 64 * pow(x / WIDTH, 0.75)
    return int(100 - climb + (noise % 13 - 6 if 0 < x < WIDTH else 0))


def _curve(points: list[tuple[int, int]]) -> str:
    """A smooth line through the points: each piece leaves and arrives level."""
    path = f"M{points[0][0]} {points[0][1]}"
    for (x0, y0), (x1, y1) in pairwise(points):
        half = (x0 + x1) // 2
        path += f"C{half} {y0} {half} {y1} {x1} {y1}"
    return path


def _hill(points: list[tuple[int, int]]) -> str:
    return f"{_curve(points)}V{HEIGHT}H0z"
