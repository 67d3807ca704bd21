"""All the doors of who administers, on one board."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)
