"""A small, fast HTTP/1.1 client: many connections kept open, each sending its next request when it has its answer."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """One request. `expect`: the status without which the measure means nothing."""

    method: str
    path: str
    cookie: str
    body: bytes = b""
    expect: int = 200


@dataclass(frozen=True)
class Measured:
    seconds: float
    times: tuple[float, ...]
    """Of each answer, in seconds, sorted."""
    size: int
    """Bytes of the last body, as sent."""

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        return 1000 * self.times[min(len(self.times) - 1, int(part * len(self.times)))]


class WrongAnswer(Exception):
    """A status that was not expected: what would be measured is an error page."""


def fire(port: int, shots: Iterator[Shot], clients: int, seconds: float) -> Measured:
    """Send until the time or the shots are out."""
    return asyncio.run(_fire(port, shots, clients, seconds))


async def _fire(port: int, shots: Iterator[Shot], clients: int, seconds: float) -> Measured:
    times: list[float] = []
    size = 0
    start = time.perf_counter()

    async def one() -> None:
        nonlocal size
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while time.perf_counter() - start < seconds and (shot := next(shots, None)) is not None:
                before = time.perf_counter()
                writer.write(_bytes(shot, port))
                status, size, alive = await _answer(reader)
                times.append(time.perf_counter() - before)
                if status != shot.expect:
                    raise WrongAnswer(f"{shot.method} {shot.path}: {status} instead of {shot.expect}")
                if not alive:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
        finally:
            writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return Measured(time.perf_counter() - start, tuple(sorted(times)), size)


def _bytes(shot: Shot, port: int) -> bytes:
    lines = [
        f"{shot.method} {shot.path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept-Encoding: zstd, br, gzip",
        "Accept-Language: fr",
        "User-Agent: bench",
        f"Cookie: session={shot.cookie}",
    ]
    if shot.method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(shot.body)}"]
        lines.append("Sec-Fetch-Site: same-origin")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + shot.body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    size = int(headers.get("content-length", 0))
    if headers.get("transfer-encoding") == "chunked":
        size = await _chunks(reader)
    elif size:
        await reader.readexactly(size)
    return int(first.split()[1]), size, headers.get("connection", "").lower() != "close"


async def _chunks(reader: asyncio.StreamReader) -> int:
    total = 0
    while length := int((await reader.readline()).split(b";")[0], 16):
        await reader.readexactly(length + 2)
        total += length
    await reader.readline()
    return total


def endless(make: Callable[[int], Shot]) -> Iterator[Shot]:
    number = 0
    while True:
        yield make(number)
        number += 1
