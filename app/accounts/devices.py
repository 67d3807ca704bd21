"""Which device a sign-in was made on, in words, from what the browser says of itself."""

from app.i18n import _

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux")),
)
"""In order: a browser also names those that it looks like."""


def device(agent: str) -> str:
    """« Firefox, Windows »; a name that nobody knows is said so."""
    names = [next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, names)) or _("Appareil inconnu")
