"""All the doors of a cohort, on one board."""

from flask import Blueprint

blueprint = Blueprint("teach", __name__)
