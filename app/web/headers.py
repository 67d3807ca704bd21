"""What every answer carries, error pages included, and the cookies that the door gives."""

from flask import Flask, Response, request

from app.config import Settings
from app.web.door import Door, here

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"


def install(app: Flask, settings: Settings) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        door = here()
        response.headers.update(ALWAYS)
        if settings.https_only:
            response.headers["Strict-Transport-Security"] = HSTS
        for cookie in door.cookies.values():
            response.set_cookie(
                cookie.name,
                cookie.value,
                max_age=cookie.lasts,
                secure=settings.https_only,
                httponly=cookie.secret,
                samesite="Lax",
                path=door.trial.root if door.trial else "/",
            )
        response.headers.setdefault("Cache-Control", _kept(door))
        response.vary.update(("Cookie", "Accept-Language", "HX-Request"))
        return response


def _kept(door: Door) -> str:
    """A page that knows somebody is kept nowhere; the others are asked for again."""
    return "no-store" if door.personal or door.trial or request.cookies.get(door.cookie_name) else "no-cache"
