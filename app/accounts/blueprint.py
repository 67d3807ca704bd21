"""All the doors of the account, on one board."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
JOIN, LEAVE = CHOICES = ("join", "leave")
"""What becomes of what a guest did."""
