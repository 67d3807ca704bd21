"""All the doors of the workshop, on one board."""

from flask import Blueprint

blueprint = Blueprint("author", __name__)
