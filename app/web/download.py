"""A file that a person takes away."""

from werkzeug.wrappers import Response


def pdf(content: bytes, name: str) -> Response:
    """`name`: small letters, digits, hyphens."""
    return _file(content, f"{name}.pdf", "application/pdf")


def spreadsheet(content: bytes, name: str) -> Response:
    return _file(content, f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def csv(content: bytes, name: str) -> Response:
    return _file(content, f"{name}.csv", "text/csv; charset=utf-8")


def ics(content: str, name: str) -> Response:
    return _file(content, f"{name}.ics", "text/calendar; charset=utf-8")


def gift(content: str, name: str) -> Response:
    """Questions, for another place that asks some."""
    return _file(content, f"{name}.gift.txt", "text/plain; charset=utf-8")


def archive(content: bytes, name: str) -> Response:
    return _file(content, f"{name}.zip", "application/zip")


def atom(content: bytes) -> Response:
    """Read where it is, by a reader of feeds."""
    return Response(content, content_type="application/atom+xml; charset=utf-8")


def odt(content: bytes, name: str) -> Response:
    return _file(content, f"{name}.odt", "application/vnd.oasis.opendocument.text")


def _file(content: bytes | str, name: str, content_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)
