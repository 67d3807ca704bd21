"""A file that a person takes away."""

from werkzeug.wrappers import Response


def pdf(content: bytes, name: str) -> Response:
    """`name`: small letters, digits, hyphens."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


def ics(content: str, name: str) -> Response:
    """`name`: as above."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)
