"""All the doors of a visitor and of a learner, on one board."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("learn", __name__)
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
